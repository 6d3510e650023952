import { sql, type RawBuilder } from "kysely";
import type { Stream, StreamRecord, StreamStore } from "../seams/stream-store.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { streamOf, wholeStreams } from "./stream-row.ts";

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

export function recordsOf(source: Source, of: InputOf<"records">): Promise<readonly StreamRecord[]> {
  const page = source.db
    .selectFrom("hookwright_log")
    .select(["position", "id", "time", "body", "trace"])
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("position", ">", of.after)
    .where("position", "<=", of.upTo)
    .orderBy("position")
    .limit(of.limit);
  if ("only" in of.filter) return page.where("type", "in", listOf(source, "text", of.filter.only)).execute();
  if (of.filter.except.length === 0) return page.execute();
  return page.where("type", "not in", listOf(source, "text", of.filter.except)).execute();
}
