/** Time as an argument, so that a test can hold it and a demonstration can skip it. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since some moment, which nobody sets: for what ends after a time, such as a lease. */
  readonly monotonic: () => number;
  /** Calls back once after so many milliseconds; the answer cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** `setTimeout` fires at once above this; a longer wait is cut, and whoever waits looks again. */
const timeoutMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  // On Linux it counts while a process is stopped, though not while the machine sleeps.
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), timeoutMsMax));
    return () => clearTimeout(timer);
  },
};
