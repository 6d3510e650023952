import pg from "pg";
import { sha256 } from "./receivers.ts";

/** What the database says in the end. */
export interface Truth {
  /** All that was committed, those without a position first. */
  readonly events: readonly TrueEvent[];
  readonly endpoints: readonly TrueEndpoint[];
  readonly attempts: readonly TrueAttempt[];
  /** Keys of the product's own rows. */
  readonly orders: readonly string[];
  readonly shards: readonly TrueShard[];
  readonly streams: readonly TrueStream[];
  readonly pendingCount: number;
  readonly backlogCount: number;
  /** How often shards of deliveries were taken that wait for what a process lacks. */
  readonly asideTaken: number;
}

export interface TrueEvent {
  readonly id: string;
  /** Null: none was given. */
  readonly position: number | null;
  readonly contract: string;
  readonly tenant: string;
  readonly type: string;
  readonly shard: number;
  readonly idempotencyKey: string | null;
  readonly body: string;
  readonly bodyHash: string;
}

export interface TrueEndpoint {
  readonly id: string;
  readonly tenant: string;
  readonly types: readonly string[];
  /** The position of the fact that it was made. */
  readonly position: number;
}

export interface TrueAttempt {
  readonly endpointId: string;
  readonly position: number;
  readonly run: number;
  readonly number: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly result: string;
  readonly status: number | null;
}

export interface TrueStream {
  readonly id: string;
  readonly tenant: string;
  readonly contract: string;
  readonly shard: number;
  /** Of its cursor. */
  readonly position: number;
  /** Whether a batch is under way. */
  readonly hasBatch: boolean;
}

export interface TrueShard {
  readonly shard: number;
  readonly cursor: number;
  /** How often it was taken. */
  readonly epoch: number;
}

/** A query on a connection of its own. Whole numbers come as numbers. */
async function rowsOf(url: string, query: string): Promise<readonly Record<string, never>[]> {
  const types = { getTypeParser: (oid: number) => (oid === bigint ? Number : pg.types.getTypeParser(oid)) };
  const client = new pg.Client({ connectionString: url, types });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

const bigint = pg.types.builtins.INT8;

/** How far the work is: `isDone` when all that was committed has come to its end. */
export interface Progress {
  readonly isDone: boolean;
  readonly text: string;
}

export async function progressOf(url: string): Promise<Progress> {
  const [row] = await rowsOf(
    url,
    `select
  (select count(*) from hookwright_events e where not exists (
    select from hookwright_positions p where p.event = e.seq)) as "withoutPosition",
  (select count(*) from hookwright_positions p join hookwright_shards s using (shard)
    where p.position > s.cursor) as unsettled,
  (select count(*) from hookwright_pending) as pending,
  (select count(*) from hookwright_streams s join hookwright_stream_cursors c on c.stream_key = s.key
    where c.batch_up_to is not null or exists (select from hookwright_positions p
      where p.tenant = s.tenant and p.contract = s.contract and p.position > c.position)) as streams`,
  );
  const counts = Object.entries(row ?? {});
  const text = counts.map(([name, count]) => `${name} ${count}`).join(", ");
  return { isDone: counts.every(([, count]) => count === 0), text };
}

/** Who has leases now, and how many of the shards. */
export async function leasesOf(url: string): Promise<{ readonly owners: number; readonly shards: number }> {
  const now = "(extract(epoch from clock_timestamp()) * 1000)";
  const [row] = await rowsOf(
    url,
    `select count(distinct owner) as owners, count(*) as shards from hookwright_shards where until > ${now} and need is null`,
  );
  return { owners: row?.owners ?? 0, shards: row?.shards ?? 0 };
}

export async function readTruth(url: string): Promise<Truth> {
  const [events, endpoints, attempts, orders, shards, counts, streams] = await Promise.all(
    queries.map((q) => rowsOf(url, q)),
  );
  // Each query gives the columns of its rows under the names of their type.
  return {
    events: (events ?? []).map((row) => ({ ...row, bodyHash: sha256(row.body ?? "") }) as unknown as TrueEvent),
    streams: (streams ?? []) as readonly unknown[] as readonly TrueStream[],
    endpoints: (endpoints ?? []).map(
      (row) => ({ ...row, types: JSON.parse(row.types ?? "[]") }) as unknown as TrueEndpoint,
    ),
    attempts: (attempts ?? []) as readonly unknown[] as readonly TrueAttempt[],
    orders: (orders ?? []).map((row) => row.key ?? ""),
    shards: (shards ?? []) as readonly unknown[] as readonly TrueShard[],
    pendingCount: counts?.[0]?.pending ?? 0,
    backlogCount: counts?.[0]?.backlog ?? 0,
    asideTaken: counts?.[0]?.asideTaken ?? 0,
  };
}

/** Where the cursors of all streams are at this moment. */
export async function cursorsOf(url: string): Promise<readonly TrueStream[]> {
  return (await rowsOf(url, streamsQuery)) as readonly unknown[] as readonly TrueStream[];
}

const streamsQuery = `select s.id, s.tenant, s.contract, s.shard, c.position, c.batch_up_to is not null as "hasBatch"
from hookwright_streams s join hookwright_stream_cursors c on c.stream_key = s.key`;

const queries = [
  `select e.id, p.position, e.contract, e.tenant, e.type, e.shard, e.idempotency_key as "idempotencyKey", e.body
from hookwright_events e left join hookwright_positions p on p.event = e.seq order by p.position nulls first`,
  `select e.id, e.tenant, e.events as types, l.position from hookwright_endpoints e
join hookwright_log l on l.contract = 'hookwright' and l.tenant = e.tenant and l.type = 'endpoint.created'
  and l.body::jsonb -> 'data' ->> 'endpointId' = e.id`,
  `select e.id as "endpointId", a.position, a.run, a.number, a.started_at as "startedAt",
  a.duration_ms as "durationMs", a.result, a.status
from hookwright_attempts a join hookwright_endpoints e on e.key = a.endpoint_key order by a.position, e.key, a.number`,
  `select key from orders`,
  `select shard, cursor, epoch from hookwright_shards where need is null order by shard`,
  `select (select count(*) from hookwright_pending) as pending,
  (select count(*) from hookwright_backlog) as backlog,
  (select coalesce(sum(epoch), 0)::integer from hookwright_shards where need is not null) as "asideTaken"`,
  streamsQuery,
];
