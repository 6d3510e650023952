import { sql, type RawBuilder } from "kysely";
import type { Attempt, DeliveryKey } from "../seams/log-store.ts";
import type { Delivery, DeliveryStore } from "../seams/store.ts";
import { append } from "./append.ts";
import { refreshBacklog } from "./backlog.ts";
import { missedStanding } from "./missed.ts";
import { passing, tablesOf } from "./delivery-filter.ts";
import { decodeHeaders } from "./header-code.ts";
import { everyDelivery } from "../endpoints/delivery-filter.ts";
import type { Source } from "./schema.ts";
import { inShard } from "./transaction.ts";

export function deliveryStore(source: Source): DeliveryStore {
  return {
    list: (of) => list(source, of),
    get: (of) => get(source, of),
    redeliver: (of, facts) => redeliver(source, of, facts),
    sendMissed: (of, facts) => sendMissed(source, of, facts),
  };
}

/** After every delivery there is, so that the first page is read by the same statement as those after it. */
const start: Pick<DeliveryKey, "position" | "run"> = { position: Number.MAX_SAFE_INTEGER, run: 2 ** 31 - 1 };

/**
 * An endpoint's deliveries stand in two tables, both in the order of their keys: the newest of each, merged, hold the
 * newest of all. So a page costs its own length, not that of the history.
 */
async function list(source: Source, of: Parameters<DeliveryStore["list"]>[0]): Promise<readonly Delivery[]> {
  const before = of.before ?? start;
  const passes = of.filter === undefined ? sql`1 = 1` : passing(source, of.filter);
  const newest = tablesOf(of.filter ?? everyDelivery).map(
    ([table, rows]) => sql`select position, run from (
    select distinct position, run from ${sql.table(table)} as t
    where endpoint_key = ${of.endpointKey} and (position, run) < (${before.position}, ${before.run}) and ${rows} and ${passes}
    order by position desc, run desc limit ${of.limit}) as newest`,
  );
  const page = sql`${sql.join(newest, sql` union `)}
    order by position desc, run desc limit ${of.limit}`;
  return fold(of.endpointKey, await rowsOfPage(source, of.endpointKey, page));
}

async function get(source: Source, of: Parameters<DeliveryStore["get"]>[0]): Promise<Delivery | null> {
  const page = sql`select position, ${sql.lit(of.run)} as run from hookwright_log where id = ${of.eventId}`;
  const rows = await rowsOfPage(source, of.endpointKey, page);
  return (
    fold(
      of.endpointKey,
      rows.filter((row) => row.number !== null || row.dueAt !== null),
    )[0] ?? null
  );
}

type Redelivery = Parameters<DeliveryStore["redeliver"]>[0];
type Facts = Parameters<DeliveryStore["redeliver"]>[1];

async function redeliver(source: Source, of: Redelivery, facts: Facts): Promise<Delivery | null> {
  const endpoint = await source.db
    .selectFrom("hookwright_endpoints")
    .select("shard")
    .where("key", "=", of.endpointKey)
    .executeTakeFirst();
  if (endpoint === undefined) return null;
  return inShard(source, endpoint.shard, async (inside) => {
    const made = await nextRun(inside, of);
    if (made !== null) await append(inside, facts(made));
    return made;
  });
}

/** The run after the last one, made and returned by one statement: two at the same time cannot make the same. */
async function nextRun(source: Source, of: Redelivery): Promise<Delivery | null> {
  const { rows } = await sql<{
    run: number;
  }>`insert into hookwright_pending (endpoint_key, position, run, attempt_count, due_at)
select key, position, last_run + 1, 0, ${of.at} from (
  select e.key, l.position, (
    select max(run) from (
      select run from hookwright_attempts where endpoint_key = e.key and position = l.position
      union all select run from hookwright_pending where endpoint_key = e.key and position = l.position
    ) as runs
  ) as last_run
  from hookwright_endpoints as e join hookwright_log as l on l.id = ${of.eventId}
  where e.key = ${of.endpointKey} and e.deleted_at is null and octet_length(l.body) > 0
) as delivery where last_run is not null
returning run`.execute(source.db);
  const made = rows[0];
  if (made === undefined) return null;
  await sql`insert into hookwright_redelivered (endpoint_key, position, run, created_at)
select ${of.endpointKey}, position, ${made.run}, ${of.at} from hookwright_log where id = ${of.eventId}`.execute(
    source.db,
  );
  await refreshBacklog(source, [of.endpointKey]);
  return get(source, { ...of, run: made.run });
}

/** Nothing else makes deliveries of the shard's endpoints meanwhile, or settles what the engine does with its log. */
async function sendMissed(
  source: Source,
  { endpointKey, eventId, at, does }: Parameters<DeliveryStore["sendMissed"]>[0],
  facts: Facts,
): ReturnType<DeliveryStore["sendMissed"]> {
  const endpoint = source.db.selectFrom("hookwright_endpoints").select("shard").where("key", "=", endpointKey);
  const { shard } = await endpoint.executeTakeFirstOrThrow();
  return inShard(source, shard, async (inside) => {
    const standing = await missedStanding(inside, { endpointKey, eventId });
    if (standing === null) return null;
    if (standing.kind !== "missed") return standing.kind;
    if (does === "count") return "missed";
    const key = { endpoint_key: endpointKey, position: standing.position, run: 0 };
    const pending = inside.db.insertInto("hookwright_pending").values({ ...key, attempt_count: 0, due_at: at });
    await pending.execute();
    await inside.db
      .insertInto("hookwright_redelivered")
      .values({ ...key, created_at: at })
      .execute();
    await refreshBacklog(inside, [endpointKey]);
    const made = await get(inside, { endpointKey, eventId, run: 0 });
    if (made !== null) await append(inside, facts(made));
    return made;
  });
}

/** A delivery's event and one of its attempts, if there is any. */
interface DeliveryRow {
  readonly position: number;
  readonly run: number;
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly dueAt: number | null;
  readonly need: string | null;
  /** When the delivery was asked for. Null: it was not, or an older version made it. */
  readonly askedAt: number | null;
  readonly number: number | null;
}
type AttemptedRow = DeliveryRow &
  Pick<Attempt, Exclude<keyof Attempt, keyof DeliveryKey | "ownHeaders" | "responseHeaders">> & {
    readonly ownHeaders: Uint8Array | null;
    readonly responseHeaders: Uint8Array | null;
  };

async function rowsOfPage(
  { db, dialect }: Source,
  endpointKey: number,
  page: RawBuilder<unknown>,
): Promise<readonly (DeliveryRow | AttemptedRow)[]> {
  const { rows } = await sql<DeliveryRow | AttemptedRow>`with page as (${page})
select page.position, page.run, l.id, l.type, l.time, p.due_at as ${sql.ref("dueAt")}, a.number,
  (select s.need from hookwright_shards as s where s.shard = p.aside) as need,
  (
    select created_at from hookwright_redelivered as r
    where r.endpoint_key = ${endpointKey} and r.position = page.position and r.run = page.run
  ) as ${sql.ref("askedAt")},
  a.started_at as ${sql.ref("startedAt")}, a.duration_ms as ${sql.ref("durationMs")}, a.result, a.status, a.error,
  a.response_body as ${sql.ref("responseBody")}, a.own_headers as ${sql.ref("ownHeaders")},
  a.response_headers as ${sql.ref("responseHeaders")}
from page
${dialect.joinLog(sql.ref("page.position"))}
left join hookwright_pending as p
  on p.endpoint_key = ${endpointKey} and p.position = page.position and p.run = page.run
left join hookwright_attempts as a
  on a.endpoint_key = ${endpointKey} and a.position = page.position and a.run = page.run
order by page.position desc, page.run desc, a.number`.execute(db);
  return rows;
}

const isAttempted = (row: DeliveryRow | AttemptedRow): row is AttemptedRow => row.number !== null;

/** Rows of one delivery stand next to each other. */
function fold(endpointKey: number, rows: readonly (DeliveryRow | AttemptedRow)[]): readonly Delivery[] {
  const groups = Map.groupBy(rows, ({ position, run }) => `${position}/${run}`);
  return [...groups.values()].map((group) => deliveryOf(endpointKey, group));
}

function deliveryOf(endpointKey: number, rows: readonly (DeliveryRow | AttemptedRow)[]): Delivery {
  const [{ position, run, id, type, time, dueAt, need, askedAt }] = rows as readonly [DeliveryRow, ...DeliveryRow[]];
  const attempts = rows.filter(isAttempted).map((row) => attemptOf(endpointKey, row));
  return {
    endpointKey,
    position,
    run,
    event: { id, type, time },
    // The first delivery is made by its event, unless the endpoint missed it.
    createdAt: askedAt ?? (run === 0 ? time : (attempts[0]?.startedAt ?? dueAt ?? time)),
    attempts,
    dueAt,
    need,
  };
}

function attemptOf(endpointKey: number, row: AttemptedRow): Attempt {
  const { position, run, number, startedAt, durationMs, result, status, error } = row;
  return {
    ...{ endpointKey, position, run, number, startedAt, durationMs, result, status, error },
    // Of its own class, not of the driver's.
    responseBody: row.responseBody && Uint8Array.from(row.responseBody),
    ownHeaders: row.ownHeaders && decodeHeaders(row.ownHeaders, startedAt),
    responseHeaders: row.responseHeaders && decodeHeaders(row.responseHeaders, startedAt),
  };
}
