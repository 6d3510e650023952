import { sql, type Selectable, type Updateable } from "kysely";
import type { DeliveryFilter } from "../endpoints/delivery-filter.ts";
import type { Matching, NewRedelivery, Redelivery, RedeliveryStore } from "../seams/redelivery-store.ts";
import type { Events } from "../seams/log-store.ts";
import { append } from "./append.ts";
import { refreshBacklog } from "./backlog.ts";
import { passing } from "./delivery-filter.ts";
import { erasedAmong } from "./erasing.ts";
import { keyOf } from "./endpoints.ts";
import { missedEvents } from "./missed.ts";
import { listOf, namesOf, rowsOf } from "./row-source.ts";
import type { RedeliveryRow, Source } from "./schema.ts";
import { fence } from "./settle.ts";
import { endOf } from "./stream-work.ts";
import { inShard, inTransaction } from "./transaction.ts";

type InputOf<Method extends keyof RedeliveryStore> = Parameters<RedeliveryStore[Method]>[0];

export function redeliveryStore(source: Source): RedeliveryStore {
  return {
    create: (redelivery, facts) => create(source, redelivery, facts),
    list: (of) => list(source, of),
    get: (of) => get(source, of),
    cancel: (redelivery, at, facts) =>
      inShard(source, redelivery.shard, (inside) => cancel(inside, { redelivery, at, facts })),
    matching: (of) => matching(source, of),
    missed: (of) => missedEvents(source, of),
    due: (of) => due(source, of),
    step: (of) => inShard(source, of.lease.shard, (inside) => step(inside, of)),
  };
}

async function create(source: Source, given: NewRedelivery, facts: Events): Promise<Redelivery> {
  const { id, endpointKey, filter, ratePerSecond, createdAt } = given;
  const { shard } = await source.db
    .selectFrom("hookwright_endpoints")
    .select("shard")
    .where("key", "=", endpointKey)
    .executeTakeFirstOrThrow();
  const row = {
    ...({ id, shard, state: "running", filter: JSON.stringify(filter), rate_per_second: ratePerSecond } as const),
    endpoint_key: endpointKey,
    up_to: await endOf(source, shard),
    due_at: createdAt,
    created_at: createdAt,
  };
  return inTransaction(source, async (inside) => {
    await inside.db.insertInto("hookwright_redeliveries").values(row).execute();
    await append(inside, facts);
    return redeliveryOf(await whole(inside).where("r.id", "=", id).executeTakeFirstOrThrow());
  });
}

async function list(source: Source, of: InputOf<"list">): Promise<readonly Redelivery[] | null> {
  const endpointKey = await keyOf(source.db, { tenant: of.tenant, id: of.endpointId });
  if (endpointKey === null) return null;
  const rows = await whole(source)
    .where("r.endpoint_key", "=", endpointKey)
    .where("r.key", "<", of.before ?? Number.MAX_SAFE_INTEGER)
    .orderBy("r.key", "desc")
    .limit(of.limit)
    .execute();
  return rows.map(redeliveryOf);
}

async function get(source: Source, { tenant, endpointId, id }: InputOf<"get">): Promise<Redelivery | null> {
  const row = await whole(source)
    .where("r.id", "=", id)
    .where("e.tenant", "=", tenant)
    .where("e.id", "=", endpointId)
    .executeTakeFirst();
  return row === undefined ? null : redeliveryOf(row);
}

interface Cancel {
  readonly redelivery: Redelivery;
  readonly at: number;
  readonly facts: Events;
}

async function cancel(source: Source, { redelivery: { key }, at, facts }: Cancel): Promise<Redelivery> {
  const isCancelled = await write(source, key, { state: "cancelled", finished_at: at });
  if (isCancelled) await append(source, facts);
  return redeliveryOf(await whole(source).where("r.key", "=", key).executeTakeFirstOrThrow());
}

/** Positions that one look goes through: some 5 ms, in which nobody else may change the shard's endpoints. */
const pageMax = 1000;

/** Only what was attempted: what was not yet waits, and comes anyway. */
async function matching(source: Source, of: InputOf<"matching">): Promise<Matching> {
  const { endpointKey, after, upTo } = of;
  const attempted = sql`hookwright_attempts as t where t.endpoint_key = ${endpointKey} and t.position > ${after}`;
  const last = await sql<{ position: number }>`select distinct position from ${attempted} and t.position <= ${upTo}
    order by position limit 1 offset ${pageMax - 1}`.execute(source.db);
  const passedTo = last.rows[0]?.position ?? upTo;
  const { rows } = await sql<{ position: number; run: number }>`select distinct position, run from ${attempted}
    and t.position <= ${passedTo} and ${passing(source, lastEnded(of.filter))} order by position, run`.execute(
    source.db,
  );
  const erased = await erasedAmong(
    source,
    rows.map(({ position }) => position),
  );
  const sendable = rows.filter(({ position }) => !erased.has(position));
  return { keys: sendable.map(({ position, run }) => ({ endpointKey, position, run })), passedTo };
}

/** What waits is never made again: it comes anyway, and there is one that waits of each event at most. */
function lastEnded(filter: DeliveryFilter): DeliveryFilter {
  const states = filter.states ?? (["delivered", "rejected", "exhausted"] as const);
  return { ...filter, states: states.filter((state) => state !== "pending"), runs: "latest" };
}

async function due(source: Source, of: InputOf<"due">): Promise<readonly Redelivery[]> {
  const rows = await whole(source)
    // A literal, so that the partial index serves it even when it is planned before its parameters are known.
    .where("r.state", "=", sql.lit("running" as const))
    .where("r.shard", "in", listOf(source, "integer", of.shards))
    .where("r.due_at", "<=", of.now)
    .where("r.key", "not in", listOf(source, "integer", of.except))
    .orderBy("r.due_at")
    .orderBy("r.key")
    .limit(of.limit)
    .execute();
  return rows.map(redeliveryOf);
}

/** The fence comes first, and the shard's turn before it: nothing else changes what waits, or ends it, meanwhile. */
async function step(source: Source, { lease, key, at }: InputOf<"step">): Promise<Redelivery | null> {
  await fence(source, { lease, cursor: null });
  const found = await whole(source)
    .where("r.key", "=", key)
    .where("r.state", "=", sql.lit("running" as const))
    .executeTakeFirst();
  if (found === undefined) return null;
  await write(source, key, await changeOf(source, found, at));
  return redeliveryOf(await whole(source).where("r.key", "=", key).executeTakeFirstOrThrow());
}

type Change = Updateable<RedeliveryRow>;

async function changeOf(source: Source, row: WholeRow, at: number): Promise<Change> {
  if (row.deleted_at !== null) return { state: "failed", finished_at: at };
  const before = redeliveryOf(row);
  return before.countedTo < before.upTo ? count(source, before, at) : makeDeliveries(source, before, at);
}

/** What comes next of what it is to find. A missed event has no run before its first. */
async function find(source: Source, { filter, ...of }: Redelivery, after: number): Promise<Matching> {
  const { endpointKey, upTo } = of;
  if (filter.missed === undefined) return matching(source, { endpointKey, filter, after, upTo });
  const { events, passedTo } = await missedEvents(source, { endpointKey, filter, after, upTo });
  return { keys: events.map(({ position }) => ({ endpointKey, position, run: -1 })), passedTo };
}

async function count(source: Source, before: Redelivery, at: number): Promise<Change> {
  const { keys, passedTo } = await find(source, before, before.countedTo);
  const isHeldUp = passedTo === before.countedTo;
  return {
    counted_to: passedTo,
    found_count: before.foundCount + keys.length,
    ...(isHeldUp && { due_at: at + fullWaitMs }),
  };
}

async function makeDeliveries(source: Source, before: Redelivery, at: number): Promise<Change> {
  const share = shareOf(before);
  if (share === 0) return { due_at: at + fullWaitMs };
  const { keys, passedTo } = await find(source, before, before.cursor);
  const chosen = keys.slice(0, share);
  await insertPending(source, before, { chosen, at });
  const cursor = keys.length > share ? (chosen.at(-1)?.position ?? before.cursor) : passedTo;
  return {
    cursor,
    redelivered_count: before.redeliveredCount + chosen.length,
    due_at: before.ratePerSecond === null ? at : at + Math.ceil((chosen.length * 1000) / before.ratePerSecond),
    ...(cursor >= before.upTo && { state: "finished", finished_at: at }),
  };
}

/**
 * What it made may wait for a receiver that is away: no more than this, and another look after a second. So is a log that
 * the engine has not settled.
 */
const waitingMax = 10_000;
const fullWaitMs = 1000;

/** How many one step makes: with a rate a tenth of a second's worth, so that they come evenly. */
function shareOf({ ratePerSecond, redeliveredCount, deliveredCount, failedCount }: Redelivery): number {
  const room = waitingMax - (redeliveredCount - deliveredCount - failedCount);
  const share = ratePerSecond === null ? pageMax : Math.max(1, Math.floor(ratePerSecond / 10));
  return Math.min(share, Math.max(0, room));
}

const madeColumns = {
  endpoint_key: "integer",
  position: "integer",
  run: "integer",
  attempt_count: "integer",
  due_at: "integer",
  redelivery_key: "integer",
} as const;

const askedColumns = { endpoint_key: "integer", position: "integer", run: "integer", created_at: "integer" } as const;

async function insertPending(
  source: Source,
  { key, endpointKey }: Redelivery,
  { chosen, at }: { readonly chosen: Matching["keys"]; readonly at: number },
): Promise<void> {
  if (chosen.length === 0) return;
  const rows = chosen.map(({ position, run }) => ({
    ...{ endpoint_key: endpointKey, position, run: run + 1, attempt_count: 0, due_at: at, redelivery_key: key },
  }));
  const asked = rows.map(({ endpoint_key, position, run }) => ({ endpoint_key, position, run, created_at: at }));
  await source.db
    .insertInto("hookwright_pending")
    .columns(namesOf(madeColumns))
    .expression((eb) => eb.selectFrom(rowsOf(source, madeColumns, rows).as("r")).select(namesOf(madeColumns)))
    .execute();
  await source.db
    .insertInto("hookwright_redelivered")
    .columns(namesOf(askedColumns))
    .expression((eb) => eb.selectFrom(rowsOf(source, askedColumns, asked).as("r")).select(namesOf(askedColumns)))
    .execute();
  await refreshBacklog(source, [endpointKey]);
}

/** False when it has ended: then nothing was written. */
async function write({ db }: Source, key: number, change: Change): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("hookwright_redeliveries")
    .set(change)
    .where("key", "=", key)
    .where("state", "=", "running")
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

type WholeRow = Selectable<RedeliveryRow> & {
  readonly tenant: string;
  readonly contract: string;
  readonly endpoint_id: string;
  readonly deleted_at: number | null;
};

function whole({ db }: Source) {
  return db
    .selectFrom("hookwright_redeliveries as r")
    .innerJoin("hookwright_endpoints as e", "e.key", "r.endpoint_key")
    .selectAll("r")
    .select(["e.tenant", "e.contract", "e.id as endpoint_id", "e.deleted_at"]);
}

function redeliveryOf(row: WholeRow): Redelivery {
  const { key, id, tenant, contract, shard, state, cursor } = row;
  return {
    ...{ key, id, tenant, contract, shard, state, cursor },
    endpointId: row.endpoint_id,
    endpointKey: row.endpoint_key,
    filter: JSON.parse(row.filter),
    ratePerSecond: row.rate_per_second,
    upTo: row.up_to,
    countedTo: row.counted_to,
    foundCount: row.found_count,
    redeliveredCount: row.redelivered_count,
    deliveredCount: row.delivered_count,
    failedCount: row.failed_count,
    dueAt: row.due_at,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}
