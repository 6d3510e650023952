import { sql, type RawBuilder } from "kysely";
import { runsKept, type Stream, type StreamRun, type StreamStore } from "../seams/stream-store.ts";
import type { Source } from "./schema.ts";

type InputOf<Method extends keyof StreamStore> = Parameters<StreamStore[Method]>[0];

const columns = [
  "number",
  "started_at as startedAt",
  "ended_at as endedAt",
  "result",
  "record_count as recordCount",
  "attempt_count as attemptCount",
  "start_checkpoint as startCheckpoint",
  "checkpoint",
  "status",
  "error",
  "warning",
] as const;

/** How often runs that are not kept are dropped: each time costs a look into the index. */
const dropEvery = 100;

export async function runsOf(source: Source, of: InputOf<"runs">) {
  const matching = source.db
    .selectFrom("hookwright_stream_runs")
    .where("stream_key", "=", of.streamKey)
    .$if(of.only === "failed", (query) => query.where("error", "is not", null));
  const runs: readonly StreamRun[] = await matching
    .select(columns)
    .orderBy("number", "desc")
    .limit(of.limit)
    .offset(of.offset)
    .execute();
  const { total } = await matching.select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  return { runs, total };
}

export async function runTotals({ db }: Source, of: InputOf<"runTotals">) {
  const { rows } = await sql<{ recordCount: number; warningCount: number; errorCount: number }>`select
  coalesce(cast(sum(record_count) as bigint), 0) as "recordCount",
  count(warning) as "warningCount", count(error) as "errorCount"
from hookwright_stream_runs where stream_key = ${of.streamKey} and ended_at > ${of.after}`.execute(db);
  return rows[0] ?? { recordCount: 0, warningCount: 0, errorCount: 0 };
}

function runRow(streamKey: number, run: Omit<StreamRun, "number">) {
  return {
    stream_key: streamKey,
    started_at: run.startedAt,
    ended_at: run.endedAt,
    result: run.result,
    record_count: run.recordCount,
    attempt_count: run.attemptCount,
    start_checkpoint: run.startCheckpoint,
    checkpoint: run.checkpoint,
    status: run.status,
    error: run.error,
    warning: run.warning,
  };
}

export async function insertRun({ db }: Source, streamKey: number, { number, ...run }: StreamRun): Promise<void> {
  await db
    .insertInto("hookwright_stream_runs")
    .values({ ...runRow(streamKey, run), number })
    .execute();
}

/** The insert of a run that ended with the cursor's row in `moved`, from which it has its number. */
export function insertEnded(streamKey: number, run: Omit<StreamRun, "number">): RawBuilder<unknown> {
  const row = runRow(streamKey, run);
  return sql`insert into hookwright_stream_runs (number, ${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
select run_count, ${sql.join(Object.values(row))} from moved`;
}

/** Once in a hundred runs. */
export async function dropRuns({ db }: Source, { key, cursor: { runCount } }: Stream): Promise<void> {
  if (runCount % dropEvery !== 0) return;
  await db
    .deleteFrom("hookwright_stream_runs")
    .where("stream_key", "=", key)
    .where("number", "<=", runCount - runsKept)
    .execute();
}
