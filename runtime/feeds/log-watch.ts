import type { Clock } from "../seams/clock.ts";

/** For those who wait until there is more in the log. However many they are, one look at it serves all. */
export interface LogWatch {
  /** False when the time is over, the signal says so, or the watch is closed. */
  readonly grown: (after: number, of: { readonly until: number; readonly signal: AbortSignal }) => Promise<boolean>;
  /** Ends all waiting, now and later. */
  readonly close: () => void;
}

export interface LogWatchParts {
  /** The last position of the log. */
  readonly end: () => Promise<number>;
  readonly clock: Clock;
}

/** As often as the engine looks for events of other processes. */
const lookMs = 250;

interface Waiting {
  readonly after: number;
  readonly resolve: (grown: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export function createLogWatch({ end, clock }: LogWatchParts): LogWatch {
  const waiting = new Set<Waiting>();
  let isLooking = false;
  let isClosed = false;

  function lookLater(): void {
    if (isLooking || waiting.size === 0) return;
    isLooking = true;
    clock.after(lookMs, () => {
      void look().finally(() => {
        isLooking = false;
        lookLater();
      });
    });
  }

  async function look(): Promise<void> {
    if (waiting.size === 0) return;
    try {
      const position = await end();
      for (const each of waiting) if (each.after < position) each.resolve(true);
    } catch (error) {
      for (const each of waiting) each.reject(error);
    }
  }

  return {
    grown: async (after, { until, signal }) => {
      if (isClosed || signal.aborted || clock.now() >= until) return false;
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      const entry = { after, resolve, reject };
      const giveUp = () => resolve(false);
      const cancel = clock.after(until - clock.now(), giveUp);
      signal.addEventListener("abort", giveUp);
      waiting.add(entry);
      lookLater();
      try {
        return await promise;
      } finally {
        waiting.delete(entry);
        cancel();
        signal.removeEventListener("abort", giveUp);
      }
    },
    close: () => {
      isClosed = true;
      for (const each of waiting) each.resolve(false);
    },
  };
}
