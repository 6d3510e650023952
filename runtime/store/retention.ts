import { sql } from "kysely";
import { factsContract } from "../contracts/contract-of.ts";
import type { StoredEvent } from "../seams/log-store.ts";
import type { PrunePlace, PruneStep, RetentionStore } from "../seams/store.ts";
import { eventColumns } from "./append.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inShard } from "./transaction.ts";

export function retentionStore(source: Source): RetentionStore {
  return { prune: (step) => prune(source, step) };
}

/** `bytes` are those of its payload; none once that is gone. */
type OldEvent = Pick<StoredEvent, "position" | "tenant" | "contract" | "time"> & { readonly bytes: number };

/**
 * In the shard's turn: nothing comes to be pending for these events between the look at what is and the end of the
 * transaction, and the shard's cursor only moves on.
 */
function prune(source: Source, step: PruneStep): ReturnType<RetentionStore["prune"]> {
  const place = step.from ?? { shard: 0, after: 0 };
  return inShard(source, place.shard, async (inside) => {
    if (step.does === "drop") await allowDelete(inside);
    const page = await pageOf(inside, place, step.limit);
    const looked = page.filter((event) => event.time < step.before);
    const mayGo = await horizonRule(inside, looked, step);
    const old = looked.filter((event) => mayGo(event, "events"));
    const bare = looked.filter((event) => event.bytes > 0 && !mayGo(event, "events") && mayGo(event, "payloads"));
    const needed = await neededOf(inside, old, step);
    const dropped = old.filter((event) => !needed.has(event.position));
    const attemptCount = dropped.length === 0 ? 0 : await work[step.does](inside, dropped);
    const payloadCount = await takePayloads(inside, bare, step);
    if (step.does === "drop") await noteDropped(inside, dropped);
    if (step.does === "drop") await refuseDelete(inside);
    const isThrough = looked.length === 0 || page.length < step.limit;
    return {
      eventCount: dropped.length,
      attemptCount,
      payloadCount,
      keptCount: old.length - dropped.length,
      next: isThrough ? nextShard(inside, place) : { ...place, after: page.at(-1)?.position ?? 0 },
    };
  });
}

/**
 * Lets this transaction, and no other, delete from the log. It is the transaction's first write: SQLite refuses one that
 * has read when another process has written since. One row, so that of several such transactions one runs at a time.
 */
async function allowDelete({ db }: Source): Promise<void> {
  await db.insertInto("hookwright_pruning").values({ only_row: 1 }).execute();
  await db.insertInto("hookwright_erasing").values({ only_row: 1 }).execute();
}

/** Steps of other shards may have dropped later ones before. */
async function noteDropped({ db }: Source, dropped: readonly OldEvent[]): Promise<void> {
  const last = dropped.at(-1)?.position;
  if (last === undefined) return;
  const row = db.updateTable("hookwright_pruned_to").set({ position: last }).where("only_row", "=", 1);
  await row.where("position", "<", last).execute();
}

async function refuseDelete({ db }: Source): Promise<void> {
  await db.deleteFrom("hookwright_erasing").execute();
  await db.deleteFrom("hookwright_pruning").execute();
}

/** Whether an event, or its payload, is as old as its contract and what became of it let it become. */
async function horizonRule(source: Source, events: readonly OldEvent[], { before, horizonsOf }: PruneStep) {
  const everything = { events: before, payloads: null, failed: null };
  const horizons = (contract: string) => horizonsOf?.(contract) ?? everything;
  const failed = events.some(({ contract }) => horizons(contract).failed !== null)
    ? await failedOf(source, events)
    : new Set<number>();
  return ({ contract, position, time }: OldEvent, what: "events" | "payloads"): boolean => {
    const of = horizons(contract);
    const horizon = of[what];
    if (horizon === null) return false;
    return time < (failed.has(position) ? Math.min(horizon, of.failed ?? horizon) : horizon);
  };
}

/** Positions of the events of which a delivery was refused or given up, even if it was made again since. */
async function failedOf(source: Source, events: readonly OldEvent[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ position: number }>`select distinct a.position from hookwright_endpoints as e
join hookwright_attempts as a on a.endpoint_key = e.key
where ${isWithin(source, "a", events)} and a.result in ('rejected', 'exhausted')`.execute(source.db);
  return new Set(rows.map(({ position }) => position));
}

/** Facts keep theirs: who gets what follows from them. */
async function takePayloads(source: Source, bare: readonly OldEvent[], { does }: PruneStep): Promise<number> {
  const events = bare.filter(({ contract }) => contract !== factsContract);
  if (events.length === 0) return 0;
  const owed = new Set([
    ...(await pendingOf(source, events)),
    ...(await unsettledOf(source, events)),
    ...(await unsentOf(source, events)),
  ]);
  const taken = events.filter(({ position }) => !owed.has(position));
  if (does === "count" || taken.length === 0) return taken.length;
  const ids = source.db.selectFrom("hookwright_log").select("id").where("position", "in", positionsOf(source, taken));
  await source.db.updateTable("hookwright_events").set({ body: "" }).where("id", "in", ids).execute();
  return taken.length;
}

/** The shard's next events, as far as the cursor. */
async function pageOf({ db }: Source, { shard, after }: PrunePlace, limit: number): Promise<readonly OldEvent[]> {
  const { cursor } = await db
    .selectFrom("hookwright_shards")
    .select("cursor")
    .where("shard", "=", shard)
    .executeTakeFirstOrThrow();
  return db
    .selectFrom("hookwright_log")
    .select(["position", "tenant", "contract", "time", sql<number>`octet_length(body)`.as("bytes")])
    .where("shard", "=", shard)
    .where("position", ">", after)
    .where("position", "<=", cursor)
    .orderBy("position")
    .limit(limit)
    .execute();
}

function nextShard({ shardCount }: Source, { shard }: PrunePlace): PrunePlace | null {
  return shard + 1 < shardCount ? { shard: shard + 1, after: 0 } : null;
}

/** Positions of the events that have to stay. */
async function neededOf(source: Source, old: readonly OldEvent[], step: PruneStep): Promise<ReadonlySet<number>> {
  if (old.length === 0) return new Set();
  const facts = old.filter((event) => event.contract === factsContract);
  return new Set([
    ...(await pendingOf(source, old)),
    ...(await unsettledOf(source, old)),
    ...(await unsentOf(source, old)),
    ...(await neededFacts(source, facts, step)),
    ...(await newestOf(source, old)),
  ]);
}

/** The newest event of the log, if it is the last of these: the place after the newest one is what is given next. */
async function newestOf({ db }: Source, old: readonly OldEvent[]): Promise<readonly number[]> {
  const last = old.at(-1)?.position ?? 0;
  const later = await db
    .selectFrom("hookwright_log")
    .select("position")
    .where("position", ">", last)
    // The planner would otherwise begin with the events, at the oldest.
    .orderBy("position")
    .limit(1)
    .execute();
  return later.length === 0 ? [last] : [];
}

/** Events of diverted tenants, which the shard's cursor passed over. */
async function unsettledOf(source: Source, old: readonly OldEvent[]): Promise<readonly number[]> {
  const tenants = [...new Set(old.map(({ tenant }) => tenant))];
  const diversions = await source.db
    .selectFrom("hookwright_diversions")
    .select(["tenant", "cursor"])
    .where("tenant", "in", listOf(source, "text", tenants))
    .execute();
  const cursors = new Map(diversions.map(({ tenant, cursor }) => [tenant, cursor]));
  return old
    .filter(({ tenant, position }) => position > (cursors.get(tenant) ?? Infinity))
    .map((event) => event.position);
}

/** Events that a stream has still to send, whether it is paused or not: it passes none over. */
async function unsentOf(source: Source, old: readonly OldEvent[]): Promise<readonly number[]> {
  const cursors = await source.db
    .selectFrom("hookwright_streams as s")
    .innerJoin("hookwright_stream_cursors as c", "c.stream_key", "s.key")
    .select(["s.tenant", "s.contract", (eb) => eb.fn.min<number>("c.position").as("position")])
    .where("s.tenant", "in", listOf(source, "text", [...new Set(old.map(({ tenant }) => tenant))]))
    .groupBy(["s.tenant", "s.contract"])
    .execute();
  const isUnsent = (event: OldEvent) =>
    cursors.some(
      (each) => each.tenant === event.tenant && each.contract === event.contract && event.position > each.position,
    );
  return old.filter(isUnsent).map((event) => event.position);
}

async function pendingOf(source: Source, old: readonly OldEvent[]): Promise<readonly number[]> {
  const { rows } = await sql<{ position: number }>`select distinct p.position from hookwright_endpoints as e
join hookwright_pending as p on p.endpoint_key = e.key
where ${isWithin(source, "p", old)}`.execute(source.db);
  return rows.map((row) => row.position);
}

/**
 * The facts of an endpoint that was deleted go from the first to the last. What is left of them says the same about all
 * that comes after those that went.
 */
async function neededFacts(
  source: Source,
  facts: readonly OldEvent[],
  { before, endpointOf, horizonsOf }: PruneStep,
): Promise<readonly number[]> {
  if (facts.length === 0) return [];
  const about = (await wholeEvents(source, facts)).map((fact) => ({ fact, endpoint: endpointOf(fact) }));
  const deleted = await deletedBefore(
    source,
    horizonsOf?.(factsContract).events ?? before,
    about.flatMap(({ endpoint }) => endpoint ?? []),
  );
  return about.filter(({ endpoint }) => endpoint !== null && !deleted.has(endpoint)).map(({ fact }) => fact.position);
}

function wholeEvents(source: Source, events: readonly OldEvent[]): Promise<readonly StoredEvent[]> {
  return source.db
    .selectFrom("hookwright_log")
    .select(eventColumns)
    .where("position", "in", positionsOf(source, events))
    .execute();
}

async function deletedBefore(source: Source, before: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await source.db
    .selectFrom("hookwright_endpoints")
    .select("id")
    .where("id", "in", listOf(source, "text", ids))
    .where("deleted_at", "<", before)
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** What a step does to the events that may go; gives how many attempts they have. */
const work = {
  count: async (source: Source, events: readonly OldEvent[]): Promise<number> => {
    const attempts = sql`select count(*) as count from (${attemptsOf(source, events)}) as a`;
    return (await attempts.$castTo<{ count: number }>().execute(source.db)).rows[0]?.count ?? 0;
  },
  drop: async (source: Source, events: readonly OldEvent[]): Promise<number> => {
    const attempts = sql`delete from hookwright_attempts
where (endpoint_key, position, run, number) in (${attemptsOf(source, events)})`;
    const { numAffectedRows = 0n } = await attempts.execute(source.db);
    await sql`delete from hookwright_redelivered
where (endpoint_key, position, run) in (${redeliveredOf(source, events)})`.execute(source.db);
    await source.dialect.dropEvents(positionsOf(source, events)).execute(source.db);
    return Number(numAffectedRows);
  },
};

/** IS TRUE keeps both databases from looking each position up at each endpoint, which would make a million of 1,000. */
function attemptsOf(source: Source, events: readonly OldEvent[]) {
  return sql`select a.endpoint_key, a.position, a.run, a.number from hookwright_endpoints as e
join hookwright_attempts as a on a.endpoint_key = e.key
where ${isWithin(source, "a", events)} and (a.position in ${positionsOf(source, events)}) is true`;
}

function redeliveredOf(source: Source, events: readonly OldEvent[]) {
  return sql`select r.endpoint_key, r.position, r.run from hookwright_endpoints as e
join hookwright_redelivered as r on r.endpoint_key = e.key
where ${isWithin(source, "r", events)} and (r.position in ${positionsOf(source, events)}) is true`;
}

/**
 * A condition on rows that are laid out by endpoint and then by position; an index by position alone would cost every
 * delivery. It takes one range of each endpoint of these events' tenants, and so hardly a row of any other event.
 */
function isWithin(source: Source, rows: "a" | "p" | "r", events: readonly OldEvent[]) {
  const tenants = [...new Set(events.map((event) => event.tenant))];
  const [first, last] = [events[0]?.position ?? 0, events.at(-1)?.position ?? 0];
  return sql`e.tenant in ${listOf(source, "text", tenants)}
  and ${sql.ref(`${rows}.position`)} between ${first} and ${last}`;
}

function positionsOf(source: Source, events: readonly OldEvent[]) {
  return listOf(
    source,
    "integer",
    events.map((event) => event.position),
  );
}
