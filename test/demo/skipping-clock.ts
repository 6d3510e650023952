import { systemClock, type Clock } from "../../runtime/seams/clock.ts";

/** Real time, with the long waits between retries left out. */
export interface SkippingClock extends Clock {
  /** Jumps to a later time; what was to happen until then happens now. */
  readonly skipTo: (time: number) => void;
}

export function createSkippingClock(): SkippingClock {
  let skippedMs = 0;
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  const now = () => systemClock.now() + skippedMs;

  return {
    now,
    // The database's time is not skipped, and so the leases are not.
    monotonic: systemClock.monotonic,
    after: (ms, callback) => {
      const fire = () => {
        timers.delete(timer);
        cancel();
        callback();
      };
      const timer = { at: now() + ms, fire };
      const cancel = systemClock.after(ms, fire);
      timers.add(timer);
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
    skipTo: (time) => {
      skippedMs += Math.max(time - now(), 0);
      for (const timer of timers) if (timer.at <= now()) timer.fire();
    },
  };
}
