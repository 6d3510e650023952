import { sql, type RawBuilder } from "kysely";
import type { Appended, Executor, NewEvent } from "../seams/log-store.ts";
import { sizedBody, sizedColumn } from "./bodies.ts";
import { executorOf } from "./executor.ts";
import { namesOf, rowParametersOf, rowsOf } from "./row-source.ts";
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
  "trace",
] as const;
export const eventColumns = ["position", ...newEventColumns] as const;
/** The same of `hookwright_log as l`, for statements written as text; of the body as `SizedRow` has it. */
export const logColumns = sql`l.position, l.id, l.contract, l.type, l.tenant, l.time, ${sizedBody},
  l.idempotency_key as ${sql.ref("idempotencyKey")}, l.trace`;
/** The same for statements that are put together. */
export const sizedEventColumns = [
  "position",
  ...newEventColumns.filter((column) => column !== "body"),
  sizedColumn,
] as const;

/**
 * Appends in one statement, and reads in a second one only when a key had been used and the database's insert cannot say
 * by which event. Two statements need no transaction around them: an event that was there first stays as it is.
 */
export async function append(
  source: Source,
  events: readonly NewEvent[],
  executor: Executor = executorOf(source.db),
): Promise<readonly Appended[]> {
  if (events.length === 0) return [];
  if (!events.some(hasKey)) return appendWithoutKeys(source, events, executor);
  const { inserted, first } = await insert(source, events, executor);
  // Two events of one call may have the same id if they have the same key; the first one is the one that was inserted.
  const isCreated = events.map((event) => inserted.delete(event.id));
  for (const event of events.filter((_, index) => isCreated[index])) first.set(keyOf(event), event);
  const unknown = events.filter((event, index) => !isCreated[index] && !first.has(keyOf(event)));
  for (const event of await firstEvents(source, unknown, executor)) first.set(keyOf(event), event);
  return events.map((event, index) => {
    if (isCreated[index]) return { event, created: true };
    // A companion that was left out is nowhere when the event it would have gone along with was another one.
    return { event: first.get(keyOf(event)) ?? (event.companionOf ? event : lost(event)), created: false };
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
  trace: "text",
} as const;
const columnNames = namesOf(columns);
const columnList = sql.join(columnNames.map((name) => sql.ref(name)));
const companionColumns = { first_contract: "text", first_key: "text" } as const;

/** Otherwise the companion of a repeat that is refused, because it has other content, would be appended all the same. */
const firstIsNew = sql`(r.first_key is null or not exists (
  select * from hookwright_events as e
  where e.contract = r.first_contract and e.tenant = r.tenant and e.idempotency_key = r.first_key
))`;
const keyColumns = { id: "text", contract: "text", tenant: "text", key: "text" } as const;

/** What the insert answers: the id of an event it inserted, or the whole of one that had the same key. */
type InsertedRow = { readonly id: string; readonly body?: null } | NewEvent;

interface Inserted {
  readonly inserted: Set<string>;
  readonly first: Map<string, NewEvent>;
}

/**
 * Events without keys, as most are: nothing can turn them away, so they need no answer. On PostgreSQL each then writes 48
 * bytes of WAL less than with ON CONFLICT, which inserts first and confirms afterwards; and one alone, as it comes in a
 * transaction of the product's, is a third of the planner's work.
 */
async function appendWithoutKeys(
  source: Source,
  events: readonly NewEvent[],
  executor: Executor,
): Promise<readonly Appended[]> {
  const rows = events.map((event) => rowOf(source, event));
  const [only, ...others] = rows;
  if (only !== undefined && others.length === 0) {
    await executor.query(
      textOf(source, "one"),
      columnNames.map((name) => only[name]),
    );
  } else await executor.query(textOf(source, "without keys"), rowParametersOf(source, columns, rows));
  return events.map((event) => ({ event, created: true }));
}

async function insert(source: Source, events: readonly NewEvent[], executor: Executor): Promise<Inserted> {
  const rows = events.map((event) => rowOf(source, event));
  const keyed = events.filter(hasKey).map(keyRow);
  const text = textOf(source, rows.every((row) => row.first_key === null) ? "with keys" : "with companions");
  const parameters = [...rowParametersOf(source, rowColumns, rows)];
  if (source.dialect.answersFirstEvents) parameters.push(...rowParametersOf(source, keyColumns, keyed));
  const result = await executor.query(text, parameters);
  // An executor answers with whatever its driver makes of a row; the columns are those that were returned.
  const answered = result.rows as readonly InsertedRow[];
  const isFirst = (row: InsertedRow): row is NewEvent => typeof row.body === "string";
  return {
    inserted: new Set(answered.filter((row) => !isFirst(row)).map((row) => row.id)),
    first: new Map(answered.filter(isFirst).map((row) => [keyOf(row), storedEvent(row)])),
  };
}

type Insert = "one" | "without keys" | "with keys" | "with companions";

/** Compiled once: that takes longer than the rest of an emit up to the database, and depends on nothing that is inserted. */
const texts = new WeakMap<Source["dialect"], Map<Insert, string>>();

function textOf(source: Source, insert: Insert): string {
  const known = texts.get(source.dialect) ?? new Map<Insert, string>();
  texts.set(source.dialect, known);
  const text = known.get(insert) ?? statementOf(source, insert).compile(source.db).sql;
  known.set(insert, text);
  return text;
}

function statementOf(source: Source, insert: Insert): RawBuilder<unknown> {
  const into = sql`insert into hookwright_events (${columnList})`;
  if (insert === "one") return sql`${into} values (${sql.join(columnNames.map((name) => sql`${name}`))})`;
  if (insert === "without keys")
    return sql`${into} select ${columnList} from ${rowsOf(source, columns, [])} as r order by r.ordinal`;
  const isOwed = insert === "with companions" ? firstIsNew : sql`true`;
  const insertion = sql`${into}
select ${columnList} from ${rowsOf(source, rowColumns, [])} as r where ${isOwed} order by r.ordinal
on conflict (contract, tenant, idempotency_key) where idempotency_key is not null do nothing
returning id`;
  return source.dialect.appendEvents(insertion, rowsOf(source, keyColumns, []));
}

const rowColumns = { ...columns, ...companionColumns };

const rowOf = (source: Source, { idempotencyKey, trace = null, ...event }: NewEvent) => ({
  ...event,
  trace,
  shard: shardOf(event.tenant, source.shardCount),
  idempotency_key: idempotencyKey,
  first_contract: event.companionOf?.contract ?? null,
  first_key: event.companionOf?.idempotencyKey ?? null,
});

const hasKey = (event: NewEvent): boolean => event.idempotencyKey !== null;

/** Drivers of the product's own may give a 64-bit integer as text. */
const storedEvent = ({ id, contract, type, tenant, time, body, idempotencyKey, trace = null }: NewEvent): NewEvent => ({
  id,
  contract,
  type,
  tenant,
  time: Number(time),
  body,
  idempotencyKey,
  trace,
});

/** Well-formed, as the database has them. */
const keyOf = (event: NewEvent): string =>
  JSON.stringify([event.contract, event.tenant.toWellFormed(), event.idempotencyKey?.toWellFormed()]);

async function firstEvents(
  source: Source,
  repeats: readonly NewEvent[],
  executor: Executor,
): Promise<readonly NewEvent[]> {
  if (repeats.length === 0) return [];
  const query = source.db
    .selectFrom(rowsOf(source, keyColumns, repeats.map(keyRow)).as("r"))
    .innerJoin("hookwright_events as e", (join) =>
      join
        .onRef("e.contract", "=", "r.contract")
        .onRef("e.tenant", "=", "r.tenant")
        .onRef("e.idempotency_key", "=", "r.key")
        .on("e.idempotency_key", "is not", null),
    )
    .select(["e.id", "e.contract", "e.type", "e.tenant", "e.time", "e.body", "e.trace"])
    .select("e.idempotency_key as idempotencyKey")
    .compile();
  const { rows } = await executor.query(query.sql, query.parameters);
  return (rows as readonly NewEvent[]).map(storedEvent);
}

const keyRow = ({ id, contract, tenant, idempotencyKey: key }: NewEvent) => ({ id, contract, tenant, key });

function lost(event: NewEvent): never {
  throw new Error(
    `Event ${event.id} was not inserted, and no event has its idempotency key ${event.idempotencyKey}. ` +
      "An executor has to answer with the rows of INSERT … RETURNING.",
  );
}
