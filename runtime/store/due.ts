import { sql, type RawBuilder } from "kysely";
import type { Claim, DueDelivery, LogStore } from "../seams/log-store.ts";
import { pageBytesMax } from "../seams/page-bytes.ts";
import { fillPage, sizedBody, type SizedRow } from "./bodies.ts";
import { listOf, rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

type DueRow = Omit<DueDelivery, "event"> & Omit<DueDelivery["event"], "body"> & SizedRow;

/** Heads of the backlog first, then the first few of each: flat however much is pending, and for whom. */
export async function due(source: Source, claim: Claim): Promise<readonly DueDelivery[]> {
  if (claim.shards.length === 0) return [];
  return inTransaction(source, (inside) => readDue(inside, claim));
}

/** What waits aside has an index of its own, so that it is in nobody's way: of each kind one statement. */
async function readDue(source: Source, claim: Claim): Promise<readonly DueDelivery[]> {
  const aside = claim.shards.filter((shard) => shard >= source.shardCount);
  const own = claim.shards.filter((shard) => shard < source.shardCount);
  return [
    ...(own.length === 0 ? [] : await readDueIn(source, { ...claim, shards: own }, sql`aside is null`)),
    ...(aside.length === 0
      ? []
      : await readDueIn(source, { ...claim, shards: aside }, sql`aside is not null and aside = head.shard`)),
  ];
}

async function readDueIn(source: Source, claim: Claim, place: RawBuilder<unknown>): Promise<readonly DueDelivery[]> {
  const heads = source.dialect.forEach(
    { columns: { shard: "integer" }, rows: claim.shards.map((shard) => [shard]) },
    (column) => sql`select shard, endpoint_key from hookwright_backlog
    where shard = ${column("shard")} and head_at <= ${claim.now}
      and endpoint_key not in ${listOf(source, "integer", claim.except)}
    order by head_at, endpoint_key limit ${claim.endpointsMax}`,
  );
  const { rows } = await sql<DueRow>`select head.shard,
  p.endpoint_key as ${sql.ref("endpointKey")}, p.position, p.run,
  p.attempt_count as ${sql.ref("attemptCount")}, p.due_at as ${sql.ref("dueAt")},
  l.id, l.contract, l.type, l.tenant, l.time, ${sizedBody}, l.idempotency_key as ${sql.ref("idempotencyKey")}, l.trace
from ${heads} as head
${source.dialect.joinDue({ now: claim.now, max: claim.perEndpointMax, place })}
${source.dialect.joinLog(sql.ref("p.position"))}
order by p.due_at, p.endpoint_key, p.position, p.run`.execute(source.db);
  return withEvents(source, rows);
}

/** A body that a thousand endpoints wait for is read, and kept, once. */
async function withEvents(source: Source, rows: readonly DueRow[]): Promise<readonly DueDelivery[]> {
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  const events = new Map<number, DueDelivery["event"]>();
  for (const event of await fillPage(source, [...byPosition.values()].map(eventOf), pageBytesMax))
    events.set(event.position, event);
  return rows.flatMap(({ shard, endpointKey, position, run, attemptCount, dueAt }) => {
    const event = events.get(position);
    return event === undefined ? [] : [{ shard, endpointKey, position, run, attemptCount, dueAt, event }];
  });
}

const eventOf = ({ shard: _, endpointKey: __, run: ___, attemptCount: ____, dueAt: _____, ...event }: DueRow) => event;

/** One look into an index for each shard. */
export async function nextDueAt(source: Source, of: Parameters<LogStore["nextDueAt"]>[0]): Promise<number | null> {
  const shards = rowsOf(
    source,
    { shard: "integer" },
    of.shards.map((shard) => ({ shard })),
  );
  const next = await source.db
    .selectFrom(shards.as("s"))
    .select((eb) =>
      eb
        .selectFrom("hookwright_backlog as b")
        .select("b.head_at")
        .whereRef("b.shard", "=", "s.shard")
        .where("b.endpoint_key", "not in", listOf(source, "integer", of.except))
        .orderBy("b.head_at")
        .limit(1)
        .as("head_at"),
    )
    .execute();
  const times = next.flatMap((row) => row.head_at ?? []);
  return times.length === 0 ? null : Math.min(...times);
}
