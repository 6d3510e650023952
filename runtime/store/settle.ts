import { sql } from "kysely";
import { HookwrightError } from "../errors.ts";
import type { Attempt, DeliveryKey, Lease, Settled, Settlement } from "../seams/log-store.ts";
import { append } from "./append.ts";
import { refreshBacklog } from "./backlog.ts";
import { encodeHeaders } from "./header-code.ts";
import {
  deletePending,
  deliveryColumns,
  deliveryRow,
  shardsOfNeeds,
  upsertPending,
  type ShardsOfNeeds,
} from "./pending.ts";
import { listOf, namesOf, rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inShards, inTransaction, isSerializationFailure } from "./transaction.ts";

/**
 * Writes settlements in one transaction, with one statement for each kind of row, whatever their number. Written a second
 * time, as by an owner who lost its connection before the answer to COMMIT came, they change nothing.
 */
export async function settle(source: Source, settlements: readonly Settlement[]): Promise<Settled> {
  if (settlements.length === 0) return { lost: [], disabled: [] };
  const isPlain = source.dialect.writesInWith && settlements.every(hasOnlyAttempts);
  return isPlain ? settlePlain(source, settlements) : settleInTransaction(source, settlements);
}

async function settlePlain(source: Source, settlements: readonly Settlement[]): Promise<Settled> {
  try {
    return await settleAtOnce(source, settlements);
  } catch (error) {
    if (isSerializationFailure(error)) return settleInTransaction(source, settlements);
    throw error;
  }
}

async function settleInTransaction(source: Source, settlements: readonly Settlement[]): Promise<Settled> {
  const shards = await shardsTouchedBy(source, settlements);
  // Before the transaction, whose fence would be in the way of the processes that it would wait for.
  const needs = await shardsOfNeeds(source, new Set(all(settlements, "pending").flatMap(({ need }) => need ?? [])));
  // What changes nothing but the cursor and adds attempts is in nobody's way.
  return shards.length === 0
    ? inTransaction(source, (inside) => write(inside, settlements, needs))
    : inShards(source, shards, (inside) => write(inside, settlements, needs));
}

/** The shards of the endpoints for which something is pending now that was not, or no longer. */
async function shardsTouchedBy(source: Source, settlements: readonly Settlement[]): Promise<readonly number[]> {
  const touched = settlements.filter((settlement) => touchedBy([settlement]).length > 0);
  const [aside, own] = [touched.filter(({ lease }) => lease.need !== null), touched.filter(({ lease }) => !lease.need)];
  const shards = new Set(own.map(({ lease }) => lease.shard));
  if (aside.length === 0) return [...shards];
  const rows = await source.db
    .selectFrom("hookwright_endpoints")
    .select("shard")
    .distinct()
    .where("key", "in", listOf(source, "integer", touchedBy(aside)))
    .execute();
  for (const { shard } of rows) shards.add(shard);
  return [...shards];
}

async function write(source: Source, settlements: readonly Settlement[], needs: ShardsOfNeeds): Promise<Settled> {
  // The fence comes first: it takes the shards' rows, so that no other owner can come in between.
  const fenced = await fenceAll(source, settlements);
  const held = settlements.filter(({ lease }) => fenced.has(lease.shard));
  await writeDiversions(source, held);
  await insertAttempts(source, all(held, "attempts"));
  await countRedelivered(source, held);
  await deletePending(source, all(held, "finished"));
  await upsertPending(source, held, needs);
  await updateHealth(source, all(held, "health"));
  const disabled = await disable(source, all(held, "disabled"));
  await append(source, all(held, "events"));
  await refreshBacklog(source, touchedBy(held));
  return { lost: lostOf(settlements, fenced), disabled };
}

/** The rows of one kind of all these settlements. */
function all<Kind extends "attempts" | "pending" | "finished" | "health" | "disabled" | "events">(
  settlements: readonly Settlement[],
  kind: Kind,
): Settlement[Kind][number][] {
  return settlements.flatMap((settlement): readonly Settlement[Kind][number][] => settlement[kind]);
}

/** The endpoints for which something is pending now that was not, or no longer. */
function touchedBy(settlements: readonly Settlement[]): readonly number[] {
  return settlements.flatMap(({ finished, pending, disabled }) =>
    [...finished, ...pending, ...disabled].map((row) => row.endpointKey),
  );
}

function lostOf(settlements: readonly Settlement[], fenced: ReadonlySet<number>): readonly number[] {
  return settlements.map(({ lease }) => lease.shard).filter((shard) => !fenced.has(shard));
}

/** Whether deliveries that succeeded at the first try are all there is to write, as most are. */
function hasOnlyAttempts(settlement: Settlement): boolean {
  const { diverted, rejoined, pending, finished, health, disabled, events } = settlement;
  return [diverted, rejoined, pending, finished, health, disabled, events].every((rows) => rows.length === 0);
}

const leaseColumns = { shard: "integer", owner: "text", epoch: "integer", cursor: "integer" } as const;

const leaseRow = ({ lease: { shard, owner, epoch }, cursor }: Fenced) => ({ shard, owner, epoch, cursor: cursor ?? 0 });

/** Settlements as far as the fence needs them. */
interface Fenced {
  readonly lease: Pick<Lease, "shard" | "owner" | "epoch">;
  readonly cursor: number | null;
}

/** Moves the cursors of the shards whose lease is good, and gives these shards: nobody takes them before this transaction ends. */
function fenceOf(source: Source, settlements: readonly Fenced[], condition = sql`true`) {
  const rows = rowsOf(source, leaseColumns, settlements.map(leaseRow));
  return sql<{ shard: number }>`update hookwright_shards
set cursor = case when hookwright_shards.cursor < r.cursor then r.cursor else hookwright_shards.cursor end
from ${rows} as r
where hookwright_shards.shard = r.shard and hookwright_shards.owner = r.owner and hookwright_shards.epoch = r.epoch
  and hookwright_shards.until > ${source.dialect.leases.now} and ${condition}
returning hookwright_shards.shard`;
}

/** In the order of their numbers: two transactions that take the rows in different orders would wait for each other. */
const lockRows = (source: Source, settlements: readonly Fenced[]) =>
  source.dialect.lockRows(
    sql`select shard from hookwright_shards where shard in ${listOf(
      source,
      "integer",
      settlements.map(({ lease }) => lease.shard),
    )} order by shard`,
  );

async function fenceAll(source: Source, settlements: readonly Fenced[]): Promise<ReadonlySet<number>> {
  const lock = lockRows(source, settlements);
  if (lock !== null) await lock.execute(source.db);
  const { rows } = await fenceOf(source, settlements).execute(source.db);
  return new Set(rows.map(({ shard }) => shard));
}

/** Throws `lease_lost` unless the lease is good, and then keeps others from taking it before this transaction ends. */
export async function fence(source: Source, of: Fenced): Promise<void> {
  const fenced = await fenceAll(source, [of]);
  if (!fenced.has(of.lease.shard)) throw leaseLost(of.lease);
}

/**
 * Fence and attempts as one statement, which is a transaction of its own: at little traffic the five statements of a
 * transaction cost more than everything else about a delivery.
 */
async function settleAtOnce(source: Source, settlements: readonly Settlement[]): Promise<Settled> {
  const rows = settlements.flatMap(({ lease, attempts }) =>
    attempts.map((attempt) => ({ ...attemptRow(attempt), shard: lease.shard })),
  );
  const attempts = rowsOf(source, { ...attemptColumns, shard: "integer" }, rows);
  const names = sql.join(attemptColumnNames.map((name) => sql.ref(name)));
  const statement = sql<{ shard: number }>`with locked as materialized (${lockRows(source, settlements)}),
fenced as (${fenceOf(source, settlements, sql`hookwright_shards.shard in (select shard from locked)`)}),
attempted as (
  insert into hookwright_attempts (${names}) select ${names} from ${attempts} as r
  where r.shard in (select shard from fenced) on conflict do nothing
)
select shard from fenced`;
  const fenced = new Set((await statement.execute(source.db)).rows.map(({ shard }) => shard));
  return { lost: lostOf(settlements, fenced), disabled: [] };
}

export function leaseLost({ shard, owner, epoch }: Pick<Lease, "shard" | "owner" | "epoch">): HookwrightError {
  const message = `Shard ${shard} is no longer leased to ${owner} with epoch ${epoch}; nothing was settled.`;
  return new HookwrightError("lease_lost", message);
}

async function writeDiversions(source: Source, settlements: readonly Settlement[]): Promise<void> {
  const rejoined = settlements.flatMap((settlement) => settlement.rejoined);
  if (rejoined.length > 0) {
    const tenants = listOf(source, "text", rejoined);
    await source.db.deleteFrom("hookwright_diversions").where("tenant", "in", tenants).execute();
  }
  const rows = settlements.flatMap(({ lease, diverted }) =>
    diverted.map(({ tenant, cursor }) => ({ tenant, cursor, shard: lease.shard })),
  );
  if (rows.length === 0) return;
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
  own_headers: "bytes",
  response_headers: "bytes",
} as const;
const attemptColumnNames = namesOf(attemptColumns);

const attemptRow = (attempt: Attempt) => ({
  ...deliveryRow(attempt),
  number: attempt.number,
  started_at: attempt.startedAt,
  duration_ms: attempt.durationMs,
  result: attempt.result,
  status: attempt.status,
  error: attempt.error,
  response_body: attempt.responseBody,
  own_headers: attempt.ownHeaders && encodeHeaders(attempt.ownHeaders, attempt.startedAt),
  response_headers: attempt.responseHeaders && encodeHeaders(attempt.responseHeaders, attempt.startedAt),
});

async function insertAttempts(source: Source, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map(attemptRow);
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

/** Before their rows go, which say whose they are: so a settlement that is written again counts nothing. */
async function countRedelivered(source: Source, settlements: readonly Settlement[]): Promise<void> {
  const [finished, attempts] = [all(settlements, "finished"), all(settlements, "attempts")];
  const ended = new Set(finished.map(keyText));
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

async function updateHealth(source: Source, health: readonly Settlement["health"][number][]): Promise<void> {
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
 * Disables endpoints, appends what says so, and gives their keys. An endpoint that its owner disabled or deleted meanwhile is left as it is, and its event is not appended; so is one
 * whose event is there, which its owner may have enabled again since.
 */
async function disable(
  source: Source,
  disabled: readonly Settlement["disabled"][number][],
): Promise<readonly number[]> {
  if (disabled.length === 0) return [];
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
  const keys = changed.map((row) => row.key);
  const left = new Set(keys);
  const first = disabled.filter((row) => left.delete(row.endpointKey));
  await append(
    source,
    first.flatMap((row) => row.events),
  );
  return keys;
}
