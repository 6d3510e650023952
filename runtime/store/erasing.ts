import { sql } from "kysely";
import type { Erased, EventStore } from "../seams/store.ts";
import type { Events } from "../seams/log-store.ts";
import { append } from "./append.ts";
import { refreshBacklog } from "./backlog.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { shardOf } from "./shard.ts";
import { inShard } from "./transaction.ts";

type Erase = Parameters<EventStore["erase"]>[0];

/**
 * In the shard's turn: nothing comes to be pending for the event meanwhile. What a process has in memory it may still
 * send; what it writes back of it waits for nobody, since an event without a payload is not sent.
 */
export function erase(source: Source, of: Erase, facts: (erased: Erased) => Events): Promise<Erased | null> {
  return inShard(source, shardOf(of.tenant, source.shardCount), async (inside) => {
    // The transaction's first write: SQLite refuses one that has read when another process has written since.
    await inside.db.insertInto("hookwright_erasing").values({ only_row: 1 }).execute();
    const erased = await eraseIn(inside, of, facts);
    await inside.db.deleteFrom("hookwright_erasing").execute();
    return erased;
  });
}

async function eraseIn(source: Source, of: Erase, facts: (erased: Erased) => Events): Promise<Erased | null> {
  const { db } = source;
  const event = await db
    .selectFrom("hookwright_log")
    .select(["id", "position", "contract", "type", "tenant", sql<number>`octet_length(body)`.as("bytes")])
    .where("id", "=", of.id)
    .where("tenant", "=", of.tenant)
    .executeTakeFirst();
  if (event === undefined) return null;
  const { position, contract, type, tenant } = event;
  const place = { tenant, contract, position };
  const known = { id: event.id, contract, type, ...(await whereItWent(source, place)) };
  if (event.bytes === 0) return { ...known, outcome: "was_erased", droppedCount: 0 };
  const droppedCount = await dropPending(source, place);
  await db.updateTable("hookwright_events").set({ body: "" }).where("id", "=", event.id).execute();
  await sql`update hookwright_attempts set response_body = null where position = ${position} and endpoint_key in (
  select key from hookwright_endpoints where tenant = ${tenant}
)`.execute(db);
  const erased: Erased = { ...known, outcome: "erased", droppedCount };
  await append(source, facts(erased));
  return erased;
}

interface Place {
  readonly tenant: string;
  readonly contract: string;
  readonly position: number;
}

/** The endpoints that it was sent to, and the log streams that have sent it or are about to. */
async function whereItWent({ db }: Source, { tenant, contract, position }: Place) {
  const attempted = await sql<{ id: string }>`select e.id from hookwright_endpoints as e where e.tenant = ${tenant}
and exists (select 1 from hookwright_attempts as a where a.endpoint_key = e.key and a.position = ${position})
order by e.key`.execute(db);
  const streams = await db
    .selectFrom("hookwright_streams as s")
    .innerJoin("hookwright_stream_cursors as c", "c.stream_key", "s.key")
    .select(["s.id", "c.position", "c.batch_up_to"])
    .where("s.tenant", "=", tenant)
    .where("s.contract", "=", contract)
    .where("s.deleted_at", "is", null)
    .orderBy("s.key")
    .execute();
  const isFrozen = (of: (typeof streams)[number]) => of.position < position && (of.batch_up_to ?? 0) >= position;
  return {
    sentTo: attempted.rows.map(({ id }) => id),
    passedBy: streams.filter((of) => of.position >= position).map(({ id }) => id),
    frozenBy: streams.filter(isFrozen).map(({ id }) => id),
  };
}

/** What a bulk redelivery made of it counts as failed: nobody waits for it any more. */
async function dropPending(source: Source, { tenant, position }: Place): Promise<number> {
  const { db } = source;
  const ofEvent = sql`position = ${position} and endpoint_key in (
  select key from hookwright_endpoints where tenant = ${tenant}
)`;
  await sql`update hookwright_redeliveries set failed_count = failed_count + 1 where key in (
  select redelivery_key from hookwright_pending where ${ofEvent} and redelivery_key is not null
)`.execute(db);
  const dropped = await sql<{ key: number }>`delete from hookwright_pending where ${ofEvent}
returning endpoint_key as key`.execute(db);
  const keys = [...new Set(dropped.rows.map(({ key }) => key))];
  if (keys.length > 0) await refreshBacklog(source, keys);
  return dropped.rows.length;
}

/** Which of these positions have an event without a payload. */
export async function erasedAmong(source: Source, positions: readonly number[]): Promise<ReadonlySet<number>> {
  if (positions.length === 0) return new Set();
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select("position")
    .where("position", "in", listOf(source, "integer", positions))
    .where(sql<boolean>`octet_length(body) = 0`)
    .execute();
  return new Set(rows.map(({ position }) => position));
}
