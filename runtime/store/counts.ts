import { sql, type RawBuilder } from "kysely";
import type { CountStore, EndpointCounts, WaitingCounts } from "../seams/store.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export function countStore(source: Source): CountStore {
  return {
    waiting: (of) => inTransaction(source, (inside) => waiting(inside, of)),
    endpoints: (of) => inTransaction(source, (inside) => endpoints(inside, of)),
    pending: (max) => inTransaction(source, (inside) => pending(inside, max)),
  };
}

type Query = RawBuilder<unknown>;

/** Keeps a database to an index, of which no more is read than is counted. */
const everyKey = sql`endpoint_key > 0`;

const upTo = (max: number, rows: Query): Query => sql`(select count(*) from (${rows} limit ${max}) as those)`;

/** As in the index of endpoints that are held back, word for word: SQLite takes it for nothing else. */
const isHeld = sql`(enabled = 0 or paused = 1) and deleted_at is null`;
const disabled = sql`select key from hookwright_endpoints where ${isHeld} and enabled = 0`;
const paused = sql`select key from hookwright_endpoints where ${isHeld} and enabled = 1`;

const pendingOf = (endpoints: Query, max: number): Query =>
  sql`select 1 as one from (${endpoints} limit ${max}) as some_held cross join hookwright_pending as p
  where p.endpoint_key = some_held.key`;

/**
 * What waits in the shards of the log, of endpoints that may be delivered to. CROSS JOIN keeps SQLite from beginning with
 * the larger table.
 */
const pendingIn = (heads: Query, isDue: Query, max: number): Query => sql`select 1 as one from (
    select b.endpoint_key from hookwright_shards cross join hookwright_backlog as b
    where b.shard = hookwright_shards.shard and need is null and ${heads} limit ${max}
  ) as some_heads cross join hookwright_pending as p
  where p.endpoint_key = some_heads.endpoint_key and p.aside is null and ${isDue}`;

async function waiting({ db }: Source, { now, max }: Parameters<CountStore["waiting"]>[0]): Promise<WaitingCounts> {
  const { rows } = await sql<WaitingCounts>`select
  ${upTo(max, pendingIn(sql`b.head_at <= ${now}`, sql`p.due_at <= ${now}`, max))} as due,
  ${upTo(max, pendingIn(sql`true`, sql`p.due_at > ${now}`, max))} as later,
  ${upTo(max, pendingOf(disabled, max))} as disabled,
  ${upTo(max, pendingOf(paused, max))} as paused`.execute(db);
  const [{ due, later, ...held } = { due: 0, later: 0, disabled: 0, paused: 0 }] = rows;
  return { due: Number(due), later: Number(later), disabled: Number(held.disabled), paused: Number(held.paused) };
}

async function endpoints({ db }: Source, { max }: Parameters<CountStore["endpoints"]>[0]): Promise<EndpointCounts> {
  // By those with a backlog: an index of those that failed would have to be kept up with every failure.
  const failing = sql`select e.key from (
    select distinct endpoint_key from hookwright_backlog where ${everyKey} order by endpoint_key limit ${max}
  ) as some_heads cross join hookwright_endpoints as e
  where e.key = some_heads.endpoint_key and e.failure_count > 0`;
  const { rows } = await sql<EndpointCounts>`select ${upTo(max, failing)} as failing,
  ${upTo(max, disabled)} as disabled, ${upTo(max, paused)} as paused`.execute(db);
  const [counts = { failing: 0, disabled: 0, paused: 0 }] = rows;
  return { failing: Number(counts.failing), disabled: Number(counts.disabled), paused: Number(counts.paused) };
}

async function pending({ db }: Source, max: number): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select ${upTo(max, sql`select position from hookwright_pending where ${everyKey}`)} as count`.execute(db);
  return Number(rows[0]?.count ?? 0);
}
