import { sql, type RawBuilder } from "kysely";
import type { Stream, StreamRecord, StreamStep, StreamStore } from "../seams/stream-store.ts";
import { fillPage, isWhole, sizedColumn } from "./bodies.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { fence, leaseLost } from "./settle.ts";
import { batchRow, cursorColumns, streamOf, wholeStreams, type WholeRow } from "./stream-row.ts";
import { dropRuns, insertEnded, insertRun } from "./stream-runs.ts";
import { inTransaction, isSerializationFailure } from "./transaction.ts";

type InputOf<Method extends keyof StreamStore> = Parameters<StreamStore[Method]>[0];

/** When the first event after the cursor `c` of the stream `s` happened: one look into the feed's index. */
const headTime: RawBuilder<number | null> = sql`(select l.time from hookwright_log as l
  where l.tenant = s.tenant and l.contract = s.contract and l.position > c.position
  order by l.position limit 1)`;

/** A stream with a schedule is due by it; another one when its batch is, or its first event is old enough. */
export async function due(source: Source, of: InputOf<"due">): Promise<readonly Stream[]> {
  const rows = await wholeStreams(source)
    .where("s.shard", "in", listOf(source, "integer", of.shards))
    .where("s.state", "=", "active")
    .where("c.due_at", "<=", of.now)
    .where("s.key", "not in", listOf(source, "integer", of.except))
    .where(sql<boolean>`(s.is_scheduled = 1 or c.batch_up_to is not null or ${headTime} + s.delay_ms <= ${of.now})`)
    .orderBy("c.due_at")
    .limit(of.limit)
    .execute();
  return rows.map(streamOf);
}

export async function oldestDueAt(source: Source, of: InputOf<"oldestDueAt">): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`select min(h.at) as at from (
  select ${headTime} + s.delay_ms as at
  from hookwright_streams as s join hookwright_stream_cursors as c on c.stream_key = s.key
  where s.state = 'active' and s.shard in ${listOf(source, "integer", of.shards)}
) as h where h.at <= ${of.now}`.execute(source.db);
  return rows[0]?.at ?? null;
}

export async function stalledCount(source: Source, of: InputOf<"stalledCount">): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from (
  select s.key from hookwright_streams as s join hookwright_stream_cursors as c on c.stream_key = s.key
  where s.state = 'active' and s.shard in ${listOf(source, "integer", of.shards)} and (
    (c.batch_up_to is not null and c.attempt_count > 0)
    or (c.due_at <= ${of.dueBefore}
      and (s.is_scheduled = 1 or c.batch_up_to is not null or ${headTime} + s.delay_ms <= ${of.dueBefore})))
  limit ${of.max}
) as those`.execute(source.db);
  return Number(rows[0]?.count ?? 0);
}

export async function oldestTime({ db }: Source, { tenant, contract, cursor }: Stream): Promise<number | null> {
  const first = await db
    .selectFrom("hookwright_log")
    .select("time")
    .where("tenant", "=", tenant)
    .where("contract", "=", contract)
    .where("position", ">", cursor.position)
    .orderBy("position")
    .limit(1)
    .executeTakeFirst();
  return first?.time ?? null;
}

export async function endOf({ db }: Source, shard: number): Promise<number> {
  const last = await db
    .selectFrom("hookwright_log")
    .select("position")
    .where("shard", "=", shard)
    .where("position", ">", 0)
    .orderBy("position", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.position ?? 0;
}

export async function recordsOf(source: Source, of: InputOf<"records">): Promise<readonly StreamRecord[]> {
  return fillPage(source, await sizedRecords(source, of), of.bytesMax);
}

function sizedRecords(source: Source, of: InputOf<"records">) {
  const page = source.db
    .selectFrom("hookwright_log")
    .select(["position", "id", "time", "trace", sizedColumn])
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("position", ">", of.after)
    .where("position", "<=", of.upTo)
    .where(isWhole)
    .orderBy("position")
    .limit(of.limit);
  if ("only" in of.filter) return page.where("type", "in", listOf(source, "text", of.filter.only)).execute();
  if (of.filter.except.length === 0) return page.execute();
  return page.where("type", "not in", listOf(source, "text", of.filter.except)).execute();
}

/** All of a step or none of it; null when the stream was rewound or deleted since. Throws `lease_lost`. */
export async function step(source: Source, given: StreamStep): Promise<Stream | null> {
  const after = await (source.dialect.writesInWith ? stepAtOnce(source, given) : stepInTurn(source, given));
  if (after !== null && given.run !== null) await dropRuns(source, after);
  return after;
}

/** The fence comes first, then the cursor: an owner's change waits for it, or it finds the stream changed. */
function stepInTurn(source: Source, given: StreamStep): Promise<Stream | null> {
  return inTransaction(source, async (inside) => {
    const { lease, run, stream } = given;
    await fence(inside, { lease, cursor: null });
    const moved = await move(inside, given).executeTakeFirst();
    if (moved === undefined) return null;
    if (run !== null) await insertRun(inside, stream.key, { ...run, number: moved.run_count });
    return streamOf(await wholeStreams(inside).where("s.key", "=", stream.key).executeTakeFirstOrThrow());
  });
}

/** Only while the cursor is where the step began. */
function move({ db }: Source, { stream, run, ...given }: StreamStep) {
  return db
    .updateTable("hookwright_stream_cursors")
    .set({
      position: given.position,
      checkpoint: given.checkpoint,
      ...batchRow(given.batch),
      due_at: given.dueAt,
      reported_at: given.reportedAt,
      ...(run === null ? {} : { run_count: sql<number>`run_count + 1` }),
    })
    .where("stream_key", "=", stream.key)
    .where("generation", "=", stream.cursor.generation)
    .where("position", "=", stream.cursor.position)
    .returningAll();
}

type StepRow = { readonly held: number } & (WholeRow | { readonly key: null });

/**
 * The same as one statement, which is a transaction of its own: seven of them were a third of what a batch of 500 records
 * costs. The fence still comes first, as a condition of the cursor's update.
 */
async function stepAtOnce(source: Source, given: StreamStep): Promise<Stream | null> {
  const { db, dialect } = source;
  const { lease, run, stream } = given;
  const moved = move(source, given).where(sql<boolean>`exists (select from fenced)`);
  const ended = run === null ? sql`` : sql`, ended as (${insertEnded(stream.key, run)})`;
  const statement = sql<StepRow>`with fenced as materialized (
  select shard from hookwright_shards
  where shard = ${lease.shard} and owner = ${lease.owner} and epoch = ${lease.epoch} and until > ${dialect.leases.now}
  for no key update
), moved as (${moved})${ended}
select (select count(*) from fenced) as held, s.*, ${cursorColumns("m")}
from (select) as one left join moved as m on true left join hookwright_streams as s on s.key = m.stream_key`;
  try {
    const [row] = (await statement.execute(db)).rows;
    if (row === undefined || row.held === 0) throw leaseLost(lease);
    return row.key === null ? null : streamOf(row);
  } catch (error) {
    // Where transactions are REPEATABLE READ unless they say otherwise, it cannot wait for others.
    if (isSerializationFailure(error)) return stepInTurn(source, given);
    throw error;
  }
}
