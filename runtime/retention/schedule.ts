import { Cron } from "croner";
import type { Logger } from "pino";
import type { RetentionAges } from "./ages.ts";
import type { Retention } from "./retention.ts";

export interface RetentionSchedule {
  readonly retention: Retention;
  /** What is older goes. */
  readonly ages: RetentionAges;
  /** Of the hour, 0 to 59: replicas that run at different minutes find little left to do. */
  readonly minute: number;
  readonly log: Pick<Logger, "info" | "error">;
}

/**
 * Prunes at once and then every hour: a process that never lives for an hour prunes too. A run that fails is logged, and
 * the next one goes on from where it ended. Stopping waits for the step that is under way.
 */
export function scheduleRetention({ retention, ages, minute, log }: RetentionSchedule): {
  readonly stop: () => Promise<void>;
} {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;

  async function prune(): Promise<void> {
    try {
      const { signal } = stopping;
      const pruned = await retention.prune({ ages, does: "drop", signal });
      if (pruned.eventCount + pruned.payloadCount > 0) log.info(pruned, "Dropped what is older than it may be.");
    } catch (error) {
      log.error({ err: error }, "Old events could not be dropped; the next try is in an hour.");
    }
  }
  function run(): void {
    running ??= prune().finally(() => (running = null));
  }

  const job = new Cron(`${minute} * * * *`, { unref: true }, run);
  run();
  return {
    stop: async () => {
      job.stop();
      stopping.abort();
      await running;
    },
  };
}
