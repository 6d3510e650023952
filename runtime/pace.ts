/**
 * So many a second on the average, and as many at once after a second's silence: the generic cell rate algorithm, with
 * the debt as a small number of its own, because a sum of fractions and a time of day is off by a quarter of a
 * microsecond each time.
 */
export interface Pace {
  readonly perSecond: number;
  /** How many milliseconds of silence would make up for what passed. */
  debtMs: number;
  /** As of when that is. */
  asOf: number;
}

export function createPace(perSecond: number, now: number): Pace {
  return { perSecond, debtMs: 0, asOf: now };
}

/** Fractions of a millisecond that do not add up to the whole second. */
const roundingMs = 1e-6;

/** Lets one pass and gives 0, or gives the milliseconds until one may. A clock that goes back forgives nothing and adds nothing. */
export function passAt(pace: Pace, now: number): number {
  const waitMs = waitAt(pace, now);
  pace.debtMs = debtAt(pace, now) + (waitMs === 0 ? costOf(pace) : 0);
  pace.asOf = now;
  return waitMs;
}

/** Gives the milliseconds until one may pass; 0: now. */
export function waitAt(pace: Pace, now: number): number {
  const excessMs = debtAt(pace, now) + costOf(pace) - 1000;
  return excessMs > roundingMs ? Math.ceil(excessMs) : 0;
}

const costOf = ({ perSecond }: Pace): number => 1000 / perSecond;

/** What is still to be made up for. */
export function debtAt({ debtMs, asOf }: Pace, now: number): number {
  return Math.max(0, debtMs - Math.max(0, now - asOf));
}
