import { sql } from "kysely";
import { factsContract } from "../contracts/contract-of.ts";
import type { Signals } from "../seams/signals.ts";
import type { LogStore, OpenWrite, StoredEvent, Unserved } from "../seams/log-store.ts";
import { pageBytesMax } from "../seams/page-bytes.ts";
import { append, eventColumns, sizedEventColumns } from "./append.ts";
import { fillPage } from "./bodies.ts";
import { due, nextDueAt } from "./due.ts";
import { endpointsOf } from "./endpoints.ts";
import { leaseStore } from "./leases.ts";
import { read } from "./events.ts";
import { listOf, rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { sequence, sequenceAndRead } from "./sequencer.ts";
import { settle } from "./settle.ts";

export function logStore(source: Source, signals: Signals | null): LogStore {
  return {
    signals,
    ...leaseStore(source),
    append: (events, executor) => append(source, events, executor),
    sequence: (lease, limit) => sequence(source, { lease, limit }),
    unserved: (of) => unserved(source, of),
    sequenceAndRead: (lease, { limit, pages }) => sequenceAndRead(source, { lease, limit, pages }),
    oldestWrite: () => oldestWrite(source),
    ends: (shards) => ends(source, shards),
    read: (pages) => read(source, pages),
    readWithout: (page) => readWithout(source, page),
    readTenant: (from) => readTenant(source, from),
    facts: (of) => facts(source, of),
    endpointsOf: (tenants) => endpointsOf(source, tenants),
    due: (claim) => due(source, claim),
    nextDueAt: (of) => nextDueAt(source, of),
    settle: (settlements) => settle(source, settlements),
  };
}

/** By the backlog, which has few rows of these: a row for each endpoint. */
async function unserved({ db, dialect }: Source, { countMax }: { readonly countMax: number }) {
  const { rows } = await sql<Omit<Unserved, "isServed"> & { isServed: number }>`select aside.need,
  case when aside.owner is not null and aside.until > ${dialect.leases.now} then 1 else 0 end as ${sql.ref("isServed")}, (
    select count(*) from (
      select p.run from hookwright_backlog as b join hookwright_pending as p
        on p.endpoint_key = b.endpoint_key and p.aside is not null and p.aside = aside.shard
      where b.shard = aside.shard limit ${countMax}
    ) as those
  ) as count
from hookwright_shards as aside where aside.need is not null order by aside.shard`.execute(db);
  return rows
    .map((row) => ({ need: row.need, count: Number(row.count), isServed: row.isServed === 1 }))
    .filter(({ count }) => count > 0);
}

async function oldestWrite({ db, dialect }: Source): Promise<OpenWrite | null> {
  const answer = await dialect.oldestWrite?.$castTo<OpenWrite>().execute(db);
  return answer?.rows[0] ?? null;
}

/** A look into an index for each shard, in one query: what costs most of an idle look at the log is asking at all. */
async function ends(source: Source, shards: readonly number[]) {
  const rows = await source.db
    .selectFrom(
      rowsOf(
        source,
        { shard: "integer" },
        shards.map((shard) => ({ shard })),
      ).as("of"),
    )
    .select((eb) => [
      "of.shard",
      eb
        .selectFrom("hookwright_log as l")
        .select("l.position")
        .whereRef("l.shard", "=", "of.shard")
        .where("l.position", ">", 0)
        .orderBy("l.position", "desc")
        .limit(1)
        .as("position"),
    ])
    .execute();
  return rows.flatMap(({ shard, position }) => (position === null ? [] : [{ shard, position }]));
}

async function readWithout(
  source: Source,
  from: Parameters<LogStore["readWithout"]>[0],
): Promise<readonly StoredEvent[]> {
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(sizedEventColumns)
    .where("shard", "=", from.shard)
    .where("position", ">", from.after)
    .where("position", "<=", from.upTo)
    .where("tenant", "not in", listOf(source, "text", from.tenants))
    .orderBy("position")
    .limit(from.limit)
    .execute();
  return fillPage(source, rows, from.bytesMax ?? pageBytesMax);
}

async function readTenant(
  source: Source,
  from: Parameters<LogStore["readTenant"]>[0],
): Promise<readonly StoredEvent[]> {
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(sizedEventColumns)
    .where("tenant", "=", from.tenant)
    .where("position", ">", from.after)
    .where("position", "<=", from.upTo)
    .orderBy("position")
    .limit(from.limit)
    .execute();
  return fillPage(source, rows, from.bytesMax ?? pageBytesMax);
}

function facts(source: Source, of: Parameters<LogStore["facts"]>[0]): Promise<readonly StoredEvent[]> {
  return (
    source.db
      .selectFrom("hookwright_log")
      .select(eventColumns)
      // A literal, so that the partial index serves it even when it is planned before its parameters are known.
      .where("contract", "=", sql.lit(factsContract))
      .where("type", "like", sql.lit("endpoint.%"))
      .where("tenant", "in", listOf(source, "text", of.tenants))
      .where("position", "<=", of.upTo)
      .orderBy("position")
      .execute()
  );
}
