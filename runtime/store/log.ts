import { sql } from "kysely";
import type { Lease, LogStore, StoredEvent } from "../store.ts";
import { append, eventColumns } from "./append.ts";
import { due, nextDueAt } from "./due.ts";
import { endpointsOf } from "./endpoints.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { settle } from "./settle.ts";

export function logStore(source: Source): LogStore {
  return {
    append: (events, executor) => append(source, events, executor),
    lease: (owner) => lease(source, owner),
    read: (from) => read(source, from),
    facts: (of) => facts(source, of),
    endpointsOf: (tenants) => endpointsOf(source, tenants),
    due: (claim) => due(source, claim),
    nextDueAt: (of) => nextDueAt(source, of),
    settle: (settlement) => settle(source, settlement),
  };
}

async function lease({ db }: Source, owner: string): Promise<readonly Lease[]> {
  const rows = await db
    .updateTable("hookwright_shards")
    .set((eb) => ({ owner, epoch: eb("epoch", "+", 1) }))
    .returning(["shard", "epoch", "cursor"])
    .execute();
  return rows.map((row) => ({ ...row, owner })).sort((a, b) => a.shard - b.shard);
}

function read({ db }: Source, from: Parameters<LogStore["read"]>[0]): Promise<readonly StoredEvent[]> {
  return db
    .selectFrom("hookwright_log")
    .select(eventColumns)
    .where("shard", "=", from.shard)
    .where("position", ">", from.after)
    .orderBy("position")
    .limit(from.limit)
    .execute();
}

function facts(source: Source, of: Parameters<LogStore["facts"]>[0]): Promise<readonly StoredEvent[]> {
  return (
    source.db
      .selectFrom("hookwright_log")
      .select(eventColumns)
      // A literal, so that the partial index serves it even when it is planned before its parameters are known.
      .where("contract", "=", sql.lit("hookwright"))
      .where("tenant", "in", listOf(source, "text", of.tenants))
      .where("position", "<=", of.upTo)
      .orderBy("position")
      .execute()
  );
}
