import type { Clock } from "../seams/clock.ts";
import type { SendingRight } from "../seams/outbound.ts";

export interface HeldRightParts {
  readonly clock: Pick<Clock, "after" | "monotonic">;
  /** As of `Engine`. */
  readonly leaseEndsAt: () => number;
  /** The time that is left for bytes on their way: so long before the leases end, none leave any more. */
  readonly marginMs: number;
}

export interface HeldRight extends SendingRight {
  /** Ends it before its time: what is under way is ended as well. */
  readonly end: () => void;
  readonly release: () => void;
}

/** Whether the leases last long enough for something to be sent under them. */
export function mayBegin({ clock, leaseEndsAt, marginMs }: HeldRightParts): boolean {
  return leaseEndsAt() - clock.monotonic() > marginMs;
}

/**
 * Holds the right to send for as long as the leases are renewed. It aborts when they end, and never comes back: a process
 * that was stopped for longer finds its timer overdue before it can hear of leases that it was given since. Release it
 * when the work under it is done.
 */
export function holdRight(parts: HeldRightParts): HeldRight {
  const { clock, leaseEndsAt } = parts;
  const controller = new AbortController();
  let cancel = (): void => undefined;

  function watch(): void {
    const ms = leaseEndsAt() - clock.monotonic();
    if (ms <= 0) controller.abort();
    else if (ms < Infinity) cancel = clock.after(Math.ceil(ms), watch);
  }

  watch();
  return {
    // By the clock and not by the timer: one that was stopped gets what came for it before its timers run.
    isOver: () => controller.signal.aborted || !mayBegin(parts),
    signal: controller.signal,
    end: () => controller.abort(),
    release: () => cancel(),
  };
}
