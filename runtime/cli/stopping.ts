import type { Logger } from "pino";

/** How a server process ends: after a signal or a failure, within its grace, with a status that says how it went. */
export interface Stopping {
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** Adds what is to be closed at the end, before what was added earlier. */
  readonly add: (close: () => unknown) => void;
  /** Stops without a drain and with status 1: the process cannot start, or cannot go on. */
  readonly fail: () => void;
}

interface StoppingParts {
  readonly log: Pick<Logger, "info" | "error">;
  /** How long requests are still served after a signal, while `/readyz` already says 503. */
  readonly drainMs: number;
  /** How long everything after the drain may take. */
  readonly graceMs: number;
}

/**
 * Ends the process after SIGTERM, SIGINT or `fail`. Status 0: all that had to be written is. Status 1: the process could
 * not start or go on, something was not written, or the grace was over. A second signal cuts the drain short.
 */
export function createStopping({ log, drainMs, graceMs }: StoppingParts): Stopping {
  const asked = new AbortController();
  const drained = Promise.withResolvers<void>();
  const closers: (() => unknown)[] = [];
  let status: 0 | 1 = 0;

  async function stop(waitMs: number): Promise<void> {
    asked.abort();
    if (waitMs > 0) {
      log.info(`Draining: requests are served for another ${waitMs / 1000} s, and /readyz says 503.`);
      setTimeout(drained.resolve, waitMs);
      await drained.promise;
    }
    log.info("Stopping: no new requests, deliveries under way are finished or given back.");
    setTimeout(giveUp, graceMs);
    for (const close of closers.toReversed()) await closed(close);
    if (status === 0) log.info("Stopped.");
    // Whatever still holds a socket or a timer is not waited for.
    process.exit(status);
  }

  async function closed(close: () => unknown): Promise<void> {
    try {
      await close();
    } catch (error) {
      status = 1;
      log.error({ err: error }, "Not everything was written down; what was not will be sent again.");
    }
  }

  function giveUp(): void {
    log.error(`Not everything was written down within ${graceMs / 1000} s; what was not will be sent again.`);
    process.exit(1);
  }

  const onSignal = () => {
    if (asked.signal.aborted) drained.resolve();
    else void stop(drainMs);
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  return {
    signal: asked.signal,
    add: (close) => void closers.push(close),
    fail: () => {
      status = 1;
      drained.resolve();
      if (!asked.signal.aborted) void stop(0);
    },
  };
}
