import { HookwrightError } from "../errors.ts";

/** Those who wait for the engine to have nothing to do. */
export interface Idle {
  /** Resolves at the next `check` that finds nothing to do; rejects with `not_ready` when the engine ends before. */
  readonly wait: () => Promise<void>;
  /** Looks whether there is nothing to do, if somebody waits for that. */
  readonly check: () => void;
  readonly isAwaited: () => boolean;
  readonly giveUp: (message: string) => void;
}

export function createIdle(isIdle: () => boolean): Idle {
  const waiters: PromiseWithResolvers<void>[] = [];
  return {
    wait: () => {
      const waiter = Promise.withResolvers<void>();
      waiters.push(waiter);
      return waiter.promise;
    },
    check: () => {
      if (waiters.length === 0 || !isIdle()) return;
      for (const waiter of waiters.splice(0)) waiter.resolve();
    },
    isAwaited: () => waiters.length > 0,
    giveUp: (message) => {
      for (const waiter of waiters.splice(0)) waiter.reject(new HookwrightError("not_ready", message));
    },
  };
}
