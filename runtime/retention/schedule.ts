import { Cron } from "croner";
import type { Logger } from "pino";
import type { Retention } from "./retention.ts";

export interface RetentionSchedule {
  readonly retention: Retention;
  /** Events that are older are dropped. */
  readonly retentionDays: number;
  /** Of the hour, 0 to 59: replicas that run at different minutes find little left to do. */
  readonly minute: number;
  readonly log: Pick<Logger, "info" | "error">;
}

const dayMs = 24 * 3600 * 1000;

/**
 * Prunes at once and then every hour: a process that never lives for an hour prunes too. A run that fails is logged, and
 * the next one goes on from where it ended. Stopping waits for the step that is under way.
 */
export function scheduleRetention({ retention, retentionDays, minute, log }: RetentionSchedule): {
  readonly stop: () => Promise<void>;
} {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;

  async function prune(): Promise<void> {
    try {
      const { signal } = stopping;
      const pruned = await retention.prune({ olderThanMs: retentionDays * dayMs, does: "drop", signal });
      if (pruned.eventCount > 0) log.info(pruned, `Dropped events that are older than ${retentionDays} days.`);
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
