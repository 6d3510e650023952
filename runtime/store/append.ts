import { sql } from "kysely";
import type { Appended, Executor, NewEvent } from "../seams/log-store.ts";
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
/** The same of `hookwright_log as l`, for statements written as text. */
export const logColumns = sql`l.position, l.id, l.contract, l.type, l.tenant, l.time, l.body,
  l.idempotency_key as ${sql.ref("idempotencyKey")}, l.trace`;

/**
 * Appends in one statement, and reads in a second one only when a key had been used and the database's insert cannot say
 * by which event. Two statements need no transaction around them: an event that was there first stays as it is.
 */
export async function append(
  source: Source,
  events: readonly NewEvent[],
  executor: Executor = executorOf(source.db),
): Promise<readonly Appended[]> {
  const [only, ...others] = events;
  if (only === undefined) return [];
  if (others.length === 0 && !hasKey(only)) return [await appendOne(source, only, executor)];
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

/**
 * One event without a key, as most are that come in a transaction of the product's: nothing can turn it away, so it needs
 * no answer, and the planner of PostgreSQL gets a statement that is a third of the work of the general one.
 */
async function appendOne(source: Source, event: NewEvent, executor: Executor): Promise<Appended> {
  const { id, contract, type, tenant, time, body, trace = null } = event;
  const cells = [id, contract, type, tenant, shardOf(tenant, source.shardCount), time, body, null, trace];
  await executor.query(insertOneText(source), cells);
  return { event, created: true };
}

/** Compiled once: that takes longer than the rest of an emit up to the database. */
const insertOneTexts = new WeakMap<Source["dialect"], string>();

function insertOneText({ db, dialect }: Source): string {
  const known = insertOneTexts.get(dialect);
  if (known !== undefined) return known;
  const placeholders = sql.join(columnNames.map((name) => sql`${name}`));
  const { sql: text } = sql`insert into hookwright_events (${columnList}) values (${placeholders})`.compile(db);
  insertOneTexts.set(dialect, text);
  return text;
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

async function insert(source: Source, events: readonly NewEvent[], executor: Executor): Promise<Inserted> {
  const rows = events.map((event) => rowOf(source, event));
  const keyed = events.filter(hasKey).map(keyRow);
  const owes = rows.every((row) => row.first_key === null) ? "no companions" : "companions";
  const { text, binds } = insertTextOf(source, owes);
  const parameters = [...rowParametersOf(source, rowColumns, rows)];
  if (binds === "events and keys") parameters.push(...rowParametersOf(source, keyColumns, keyed));
  const result = await executor.query(text, parameters);
  // An executor answers with whatever its driver makes of a row; the columns are those that were returned.
  const answered = result.rows as readonly InsertedRow[];
  const isFirst = (row: InsertedRow): row is NewEvent => typeof row.body === "string";
  return {
    inserted: new Set(answered.filter((row) => !isFirst(row)).map((row) => row.id)),
    first: new Map(answered.filter(isFirst).map((row) => [keyOf(row), storedEvent(row)])),
  };
}

/** Whether events of an insert go along with another of it. */
type Owes = "companions" | "no companions";

interface InsertText {
  readonly text: string;
  /** Not every database's insert looks for the events that had a key. */
  readonly binds: "events" | "events and keys";
}

/** Compiled once, as the text depends on nothing that is inserted. */
const insertTexts = new WeakMap<Source["dialect"], Map<Owes, InsertText>>();

function insertTextOf(source: Source, owes: Owes): InsertText {
  const texts = insertTexts.get(source.dialect) ?? new Map<Owes, InsertText>();
  insertTexts.set(source.dialect, texts);
  const text = texts.get(owes) ?? compileInsert(source, owes);
  texts.set(owes, text);
  return text;
}

function compileInsert(source: Source, owes: Owes): InsertText {
  const isOwed = owes === "companions" ? firstIsNew : sql`true`;
  const insertion = sql`insert into hookwright_events (${columnList})
select ${columnList} from ${rowsOf(source, rowColumns, [])} as r where ${isOwed} order by r.ordinal
on conflict (contract, tenant, idempotency_key) where idempotency_key is not null do nothing
returning id`;
  const compiled = source.dialect.appendEvents(insertion, rowsOf(source, keyColumns, [])).compile(source.db);
  const eventsCount = rowParametersOf(source, rowColumns, []).length;
  return { text: compiled.sql, binds: compiled.parameters.length === eventsCount ? "events" : "events and keys" };
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
