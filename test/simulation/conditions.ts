import type { SeededRandom } from "../faults/random.ts";

/** How the database behaves at present; a world changes it as it goes. */
export interface Conditions {
  /** How long a statement takes to get there, and its answer to get back. */
  callMsMax: number;
  /** Some take up to this long. */
  slowMsMax: number;
  slowProbability: number;
  /** A statement never gets there. */
  lostProbability: number;
  /** It gets there, and its answer does not. */
  unknownProbability: number;
  /** No statement gets there. */
  isDown: boolean;
  signalLossProbability: number;
}

export const fairConditions: Conditions = {
  callMsMax: 3,
  slowMsMax: 0,
  slowProbability: 0,
  lostProbability: 0,
  unknownProbability: 0,
  isDown: false,
  signalLossProbability: 0,
};

/** No delay at all, so that what is due is done on the millisecond. */
export const idealConditions: Conditions = { ...fairConditions, callMsMax: 0 };

export function drawConditions(random: SeededRandom): Conditions {
  const some = (max: number) => (random.isLucky(0.5) ? 0 : random.next() * max);
  return {
    callMsMax: random.pick([0, 2, 20]),
    slowMsMax: random.pick([100, 1000, 4000]),
    slowProbability: some(0.1),
    lostProbability: some(0.05),
    unknownProbability: some(0.05),
    isDown: false,
    signalLossProbability: some(1),
  };
}

/** What happened to whom, for the report. */
export interface FaultCounts {
  crashes: number;
  pauses: number;
  stops: number;
  outages: number;
  lostCalls: number;
  unknownCalls: number;
  slowCalls: number;
  failedStarts: number;
  failedStops: number;
  rollbacks: number;
  badAnswers: number;
}

export const noFaults = (): FaultCounts => ({
  crashes: 0,
  pauses: 0,
  stops: 0,
  outages: 0,
  lostCalls: 0,
  unknownCalls: 0,
  slowCalls: 0,
  failedStarts: 0,
  failedStops: 0,
  rollbacks: 0,
  badAnswers: 0,
});
