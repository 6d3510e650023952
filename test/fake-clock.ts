import type { Clock } from "../runtime/seams/clock.ts";

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves to a time, calling back on the way whoever asked for it, in order. */
  readonly moveTo: (time: number) => void;
  readonly timerCount: () => number;
}

export function createFakeClock(start: number): FakeClock {
  let time = start;
  let sequence = 0;
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();

  function nextTimer(until: number): [number, { at: number; callback: () => void }] | undefined {
    return [...timers]
      .filter(([, timer]) => timer.at <= until)
      .sort(([idA, a], [idB, b]) => a.at - b.at || idA - idB)
      .at(0);
  }

  return {
    now: () => time,
    monotonic: () => time,
    after: (ms, callback) => {
      const id = (sequence += 1);
      timers.set(id, { at: time + Math.max(ms, 0), callback });
      return () => void timers.delete(id);
    },
    moveTo: (target) => {
      for (let next = nextTimer(target); next !== undefined; next = nextTimer(target)) {
        const [id, timer] = next;
        timers.delete(id);
        time = Math.max(time, timer.at);
        timer.callback();
      }
      time = Math.max(time, target);
    },
    timerCount: () => timers.size,
  };
}
