import { sql } from "kysely";
import { HookwrightError } from "../errors.ts";
import type { Attempt, DeliveryKey, Lease, Pending, Settlement } from "../seams/log-store.ts";
import { append } from "./append.ts";
import { refreshBacklog } from "./backlog.ts";
import { listOf, namesOf, rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inShard, inTransaction } from "./transaction.ts";

/**
 * One transaction, and within it one statement for each kind of row, whatever their number. Written a second time, as by
 * an owner who lost its connection before the answer to COMMIT came, it changes nothing.
 */
export async function settle(source: Source, settlement: Settlement): Promise<void> {
  const touched = touchedBy(settlement);
  // What changes nothing but the cursor and adds attempts is in nobody's way.
  const run = touched.length === 0 ? inTransaction : inTurn(settlement.lease.shard);
  await run(source, async (inside) => {
    // The fence comes first: it takes the shard's row, so that no other owner can come in between.
    await fence(inside, settlement);
    await writeDiversions(inside, settlement);
    await insertAttempts(inside, settlement.attempts);
    await countRedelivered(inside, settlement);
    await deletePending(inside, settlement.finished);
    await upsertPending(inside, settlement.pending);
    await updateHealth(inside, settlement.health);
    await disable(inside, settlement.disabled);
    await append(inside, settlement.events);
    await refreshBacklog(inside, touched);
  });
}

const inTurn = (shard: number) => (source: Source, work: (inside: Source) => Promise<void>) =>
  inShard(source, shard, work);

/** The endpoints for which something is pending now that was not, or no longer. */
function touchedBy({ finished, pending, disabled }: Settlement): readonly number[] {
  return [...finished, ...pending, ...disabled].map((row) => row.endpointKey);
}

/** Throws `lease_lost` unless the lease is good, and then keeps others from taking it before this transaction ends. */
export async function fence(
  { db, dialect }: Source,
  { lease, cursor }: { lease: Pick<Lease, "shard" | "owner" | "epoch">; cursor: number | null },
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("hookwright_shards")
    .set({ cursor: sql`case when cursor < ${cursor ?? 0} then ${cursor ?? 0} else cursor end` })
    .where("shard", "=", lease.shard)
    .where("owner", "=", lease.owner)
    .where("epoch", "=", lease.epoch)
    .where("until", ">", sql<number>`${dialect.leases.now}`)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  throw leaseLost(lease);
}

export function leaseLost({ shard, owner, epoch }: Pick<Lease, "shard" | "owner" | "epoch">): HookwrightError {
  const message = `Shard ${shard} is no longer leased to ${owner} with epoch ${epoch}; nothing was settled.`;
  return new HookwrightError("lease_lost", message);
}

async function writeDiversions(source: Source, { lease, diverted, rejoined }: Settlement): Promise<void> {
  if (rejoined.length > 0) {
    const tenants = listOf(source, "text", rejoined);
    await source.db.deleteFrom("hookwright_diversions").where("tenant", "in", tenants).execute();
  }
  if (diverted.length === 0) return;
  const rows = diverted.map(({ tenant, cursor }) => ({ tenant, cursor, shard: lease.shard }));
  await source.db
    .insertInto("hookwright_diversions")
    .values(rows)
    .onConflict((conflict) => conflict.column("tenant").doUpdateSet((eb) => ({ cursor: eb.ref("excluded.cursor") })))
    .execute();
}

const attemptColumns = {
  endpoint_key: "integer",
  position: "integer",
  started_at: "integer",
  run: "integer",
  number: "integer",
  duration_ms: "integer",
  status: "integer",
  result: "text",
  error: "text",
  response_body: "bytes",
} as const;
const attemptColumnNames = namesOf(attemptColumns);

async function insertAttempts(source: Source, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map((attempt) => ({
    ...deliveryRow(attempt),
    number: attempt.number,
    started_at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    result: attempt.result,
    status: attempt.status,
    error: attempt.error,
    response_body: attempt.responseBody,
  }));
  await source.db
    .insertInto("hookwright_attempts")
    .columns(attemptColumnNames)
    .expression((eb) =>
      eb
        .selectFrom(rowsOf(source, attemptColumns, rows).as("r"))
        .select(attemptColumnNames)
        // SQLite would take ON CONFLICT for the condition of a join.
        .where(sql<boolean>`true`),
    )
    // Within the fence only the same settlement has the same attempts.
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const deliveryColumns = { endpoint_key: "integer", position: "integer", run: "integer" } as const;

const deliveryRow = ({ endpointKey, position, run }: DeliveryKey) => ({ endpoint_key: endpointKey, position, run });

/** Before their rows go, which say whose they are: so a settlement that is written again counts nothing. */
async function countRedelivered(source: Source, { finished, attempts }: Settlement): Promise<void> {
  const ended = new Set(finished.filter(({ run }) => run > 0).map(keyText));
  if (ended.size === 0) return;
  const rows = attempts
    .filter((attempt) => ended.has(keyText(attempt)))
    .map((attempt) => ({ ...deliveryRow(attempt), result: attempt.result }));
  const counts = sql`select p.redelivery_key as key,
    sum(case when r.result = 'delivered' then 1 else 0 end) as delivered,
    sum(case when r.result = 'delivered' then 0 else 1 end) as failed
  from ${rowsOf(source, { ...deliveryColumns, result: "text" }, rows)} as r join hookwright_pending as p
    on p.endpoint_key = r.endpoint_key and p.position = r.position and p.run = r.run
  where p.redelivery_key is not null group by p.redelivery_key`;
  await sql`update hookwright_redeliveries
set delivered_count = delivered_count + ended.delivered, failed_count = failed_count + ended.failed
from (${counts}) as ended where hookwright_redeliveries.key = ended.key`.execute(source.db);
}

const keyText = ({ endpointKey, position, run }: DeliveryKey): string => `${endpointKey}/${position}/${run}`;

async function deletePending(source: Source, finished: readonly DeliveryKey[]): Promise<void> {
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

/** Leaves out endpoints that were deleted meanwhile. */
async function upsertPending(source: Source, pending: readonly Pending[]): Promise<void> {
  if (pending.length === 0) return;
  const columns = { ...deliveryColumns, attempt_count: "integer", due_at: "integer" } as const;
  const rows = pending.map((row) => ({ ...deliveryRow(row), attempt_count: row.attemptCount, due_at: row.dueAt }));
  await source.db
    .insertInto("hookwright_pending")
    .columns(["endpoint_key", "position", "run", "attempt_count", "due_at"])
    .expression((eb) =>
      eb
        .selectFrom(rowsOf(source, columns, rows).as("r"))
        .innerJoin("hookwright_endpoints as e", "e.key", "r.endpoint_key")
        .select(["r.endpoint_key", "r.position", "r.run", "r.attempt_count", "r.due_at"])
        .where("e.deleted_at", "is", null),
    )
    .onConflict((conflict) =>
      conflict.columns(["endpoint_key", "position", "run"]).doUpdateSet((eb) => ({
        attempt_count: eb.ref("excluded.attempt_count"),
        due_at: eb.ref("excluded.due_at"),
      })),
    )
    .execute();
}

async function updateHealth(source: Source, health: Settlement["health"]): Promise<void> {
  if (health.length === 0) return;
  const columns = { key: "integer", failure_count: "integer", failed_at: "integer", status: "integer" } as const;
  const rows = health.map((row) => ({
    key: row.endpointKey,
    failure_count: row.failureCount,
    failed_at: row.lastFailedAt,
    status: row.lastFailureStatus,
  }));
  await source.db
    .updateTable("hookwright_endpoints")
    .from(rowsOf(source, columns, rows).as("r"))
    .set((eb) => ({
      failure_count: eb.ref("r.failure_count"),
      last_failed_at: eb.ref("r.failed_at"),
      last_failure_status: eb.ref("r.status"),
    }))
    .whereRef("hookwright_endpoints.key", "=", "r.key")
    .execute();
}

/**
 * An endpoint that its owner disabled or deleted meanwhile is left as it is, and its event is not appended; so is one
 * whose event is there, which its owner may have enabled again since.
 */
async function disable(source: Source, disabled: Settlement["disabled"]): Promise<void> {
  if (disabled.length === 0) return;
  const rows = disabled.map(({ endpointKey, at, events: [first] }) => ({ key: endpointKey, at, event: first.id }));
  const changed = await source.db
    .updateTable("hookwright_endpoints")
    .from(rowsOf(source, { key: "integer", at: "integer", event: "text" }, rows).as("r"))
    .set((eb) => ({ enabled: 0, updated_at: eb.ref("r.at") }))
    .whereRef("hookwright_endpoints.key", "=", "r.key")
    .where("enabled", "=", 1)
    .where("deleted_at", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("hookwright_events as e").select("e.id").whereRef("e.id", "=", "r.event"))),
    )
    .returning("hookwright_endpoints.key")
    .execute();
  const keys = new Set(changed.map((row) => row.key));
  await append(
    source,
    disabled.filter((row) => keys.delete(row.endpointKey)).flatMap((row) => row.events),
  );
}
