/** A token bucket that holds what comes in a second, so many may start at once; one token for each attempt. */
export interface Pace {
  readonly perSecond: number;
  tokens: number;
  /** As of when there are so many. */
  asOf: number;
}

export function createPace(perSecond: number, now: number): Pace {
  return { perSecond, tokens: perSecond, asOf: now };
}

/** Takes a token and gives 0, or gives the milliseconds until there is one. */
export function takeToken(pace: Pace, now: number): number {
  const { perSecond } = pace;
  const gained = (Math.max(0, now - pace.asOf) * perSecond) / 1000;
  pace.tokens = Math.min(perSecond, pace.tokens + gained);
  pace.asOf = now;
  if (pace.tokens < 1) return Math.ceil(((1 - pace.tokens) * 1000) / perSecond);
  pace.tokens -= 1;
  return 0;
}
