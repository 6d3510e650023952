import type { KyselyPlugin } from "kysely";

/** The columns of our answers that hold whole numbers. */
const names: ReadonlySet<string> = new Set(
  [
    ["position", "run", "number", "shard", "cursor", "epoch", "until", "key", "time", "status", "enabled"],
    ["endpoint_key", "started_at", "duration_ms", "attempt_count", "due_at", "head_at"],
    ["failure_count", "last_failed_at", "last_failure_status", "created_at", "updated_at", "deleted_at"],
    ["previous_secret_expires_at", "batch_up_to", "reported_at", "generation", "run_count", "delay_ms", "is_scheduled"],
    ["action_key", "timeout_ms", "killed_at", "counted_since", "http_status", "is_override", "is_test"],
    [
      "endpointKey",
      "attemptCount",
      "dueAt",
      "startedAt",
      "askedAt",
      "durationMs",
      "createdAt",
      "updatedAt",
      "positioned",
      "held",
      "count",
    ],
    ["expires_at", "last_used_at", "expiresAt", "lastUsedAt", "proven_at", "waiting"],
    ["endedAt", "recordCount", "warningCount", "errorCount", "total", "at"],
    ["rate_per_second", "up_to", "counted_to", "found_count", "redelivered_count", "delivered_count", "failed_count"],
    ["finished_at", "redelivery_key"],
    ["eventTime", "piece", "failing", "paused", "disabled"],
  ].flat(),
);

/**
 * Makes numbers of 64-bit integers. Drivers give them as text or as bigint, since there are some that no number holds;
 * ours are times, and counts of what was done since, and it is the product that configures the driver of its instance.
 */
export const wholeNumbers: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => {
    makeNumbers(result.rows);
    return result;
  },
};

/** The rows of an answer have the same columns: these are looked up once, as a batch of a stream has 500 rows. */
function makeNumbers(rows: readonly Record<string, unknown>[]): void {
  const columns = Object.keys(rows[0] ?? {}).filter((name) => names.has(name));
  for (const row of rows) {
    for (const name of columns) {
      const value = row[name];
      if (typeof value === "string" || typeof value === "bigint") row[name] = Number(value);
    }
  }
}
