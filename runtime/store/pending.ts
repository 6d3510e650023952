import { sql } from "kysely";
import type { DeliveryKey, Settlement } from "../seams/log-store.ts";
import { rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export const deliveryColumns = { endpoint_key: "integer", position: "integer", run: "integer" } as const;

export const deliveryRow = ({ endpointKey, position, run }: DeliveryKey) => ({
  endpoint_key: endpointKey,
  position,
  run,
});

export async function deletePending(source: Source, finished: readonly DeliveryKey[]): Promise<void> {
  if (finished.length === 0) return;
  const rows = rowsOf(source, deliveryColumns, finished.map(deliveryRow));
  await source.db
    .deleteFrom("hookwright_pending")
    .where(({ refTuple, selectFrom }) => {
      const keys = selectFrom(rows.as("r")).select(["r.endpoint_key", "r.position", "r.run"]);
      return sql<boolean>`${refTuple("endpoint_key", "position", "run")} in ${keys}`;
    })
    .execute();
}

/** By need. */
export type ShardsOfNeeds = ReadonlyMap<string, number>;

/** The shards of deliveries that wait for these, made when they are missing. */
export async function shardsOfNeeds(source: Source, needs: ReadonlySet<string>): Promise<ShardsOfNeeds> {
  const shards = new Map<string, number>();
  for (const need of needs) {
    const of = () => source.db.selectFrom("hookwright_shards").select("shard").where("need", "=", need);
    const known = await of().executeTakeFirst();
    if (known === undefined) await addShardOfNeed(source, need);
    shards.set(need, known?.shard ?? (await of().executeTakeFirstOrThrow()).shard);
  }
  return shards;
}

/** Two processes may add the same, or two the same number: the second one waits for the first, and does nothing. */
function addShardOfNeed(source: Source, need: string): Promise<void> {
  return inTransaction(source, async ({ db, dialect }) => {
    for (const statement of dialect.leases.lock) await statement.execute(db);
    await sql`insert into hookwright_shards (shard, need) select max(shard) + 1, ${need} from hookwright_shards where true
on conflict do nothing`.execute(db);
  });
}

/** Leaves out endpoints that were deleted meanwhile. */
export async function upsertPending(
  source: Source,
  settlements: readonly Settlement[],
  needs: ShardsOfNeeds,
): Promise<void> {
  const pending = settlements.flatMap(({ lease, pending }) => pending.map((row) => ({ lease, row })));
  if (pending.length === 0) return;
  const columns = { ...deliveryColumns, attempt_count: "integer", due_at: "integer", aside: "integer" } as const;
  const rows = pending.map(({ lease, row }) => ({
    ...deliveryRow(row),
    attempt_count: row.attemptCount,
    due_at: row.dueAt,
    aside: row.need === undefined ? (lease.need === null ? null : lease.shard) : (needs.get(row.need) ?? null),
  }));
  await source.db
    .insertInto("hookwright_pending")
    .columns(["endpoint_key", "position", "run", "attempt_count", "due_at", "aside"])
    .expression((eb) =>
      // Another process may have attempted it since this was written first, and its answer was lost.
      eb
        .selectFrom(rowsOf(source, columns, rows).as("r"))
        .innerJoin("hookwright_endpoints as e", "e.key", "r.endpoint_key")
        .select(["r.endpoint_key", "r.position", "r.run", "r.attempt_count", "r.due_at", "r.aside"])
        .where("e.deleted_at", "is", null).where(sql<boolean>`(r.aside is null or not exists (
          select a.number from hookwright_attempts as a
          where a.endpoint_key = r.endpoint_key and a.position = r.position and a.run = r.run
            and a.number > r.attempt_count))`),
    )
    .onConflict((conflict) =>
      conflict.columns(["endpoint_key", "position", "run"]).doUpdateSet((eb) => ({
        attempt_count: eb.ref("excluded.attempt_count"),
        due_at: eb.ref("excluded.due_at"),
        aside: eb.ref("excluded.aside"),
      })),
    )
    .execute();
}
