import type { Appended, Executor, NewEvent } from "../store.ts";
import { executorOf } from "./executor.ts";
import { namesOf, rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { shardOf } from "./shard.ts";

/** The columns of an event under the names it has outside the database. */
export const newEventColumns = [
  "id",
  "contract",
  "type",
  "tenant",
  "time",
  "body",
  "idempotency_key as idempotencyKey",
] as const;
export const eventColumns = ["position", ...newEventColumns] as const;

/**
 * Appends in one statement, and reads in a second one only when some key had been used. Two statements need no
 * transaction around them: an event that was there first stays as it is.
 */
export async function append(
  source: Source,
  events: readonly NewEvent[],
  executor: Executor = executorOf(source.db),
): Promise<readonly Appended[]> {
  if (events.length === 0) return [];
  const unclaimed = new Set(await insert(source, events, executor));
  // Two events of one call may have the same id if they have the same key; the first one is the one that was inserted.
  const isCreated = events.map((event) => unclaimed.delete(event.id));
  const repeats = events.filter((_, index) => !isCreated[index]);
  const first = await firstEvents(source, repeats, executor);
  return events.map((event, index) => {
    if (isCreated[index]) return { event, created: true };
    return { event: first.get(keyOf(event)) ?? lost(event), created: false };
  });
}

const columns = {
  id: "text",
  contract: "text",
  type: "text",
  tenant: "text",
  shard: "integer",
  time: "integer",
  body: "text",
  idempotency_key: "text",
} as const;
const columnNames = namesOf(columns);

/** The ids of those that were inserted. */
async function insert(source: Source, events: readonly NewEvent[], executor: Executor): Promise<readonly string[]> {
  const rows = events.map(({ idempotencyKey, ...event }) => ({
    ...event,
    shard: shardOf(event.tenant, source.shardCount),
    idempotency_key: idempotencyKey,
  }));
  const query = source.db
    .insertInto("hookwright_events")
    .columns(columnNames)
    .expression((eb) =>
      eb
        .selectFrom(rowsOf(source, columns, rows).as("r"))
        .select(columnNames)
        .orderBy("r.ordinal"),
    )
    .onConflict((conflict) =>
      conflict.columns(["contract", "tenant", "idempotency_key"]).where("idempotency_key", "is not", null).doNothing(),
    )
    .returning("id")
    .compile();
  const result = await executor.query(query.sql, query.parameters);
  // An executor answers with whatever its driver makes of a row; the column is the one returned above.
  return (result.rows as readonly { readonly id: string }[]).map((row) => row.id);
}

/** Well-formed, as the database has them. */
const keyOf = (event: NewEvent): string =>
  JSON.stringify([event.contract, event.tenant.toWellFormed(), event.idempotencyKey?.toWellFormed()]);

async function firstEvents(
  source: Source,
  repeats: readonly NewEvent[],
  executor: Executor,
): Promise<ReadonlyMap<string, NewEvent>> {
  if (repeats.length === 0) return new Map();
  const keys = rowsOf(source, { contract: "text", tenant: "text", key: "text" }, repeats.map(keyRow));
  const query = source.db
    .selectFrom(keys.as("r"))
    .innerJoin("hookwright_events as e", (join) =>
      join
        .onRef("e.contract", "=", "r.contract")
        .onRef("e.tenant", "=", "r.tenant")
        .onRef("e.idempotency_key", "=", "r.key")
        .on("e.idempotency_key", "is not", null),
    )
    .select(["e.id", "e.contract", "e.type", "e.tenant", "e.time", "e.body", "e.idempotency_key as idempotencyKey"])
    .compile();
  const { rows } = await executor.query(query.sql, query.parameters);
  return new Map((rows as readonly NewEvent[]).map((event) => [keyOf(event), event]));
}

const keyRow = (event: NewEvent) => ({ contract: event.contract, tenant: event.tenant, key: event.idempotencyKey });

function lost(event: NewEvent): never {
  throw new Error(
    `Event ${event.id} was not inserted, and no event has its idempotency key ${event.idempotencyKey}. ` +
      "An executor has to answer with the rows of INSERT … RETURNING.",
  );
}
