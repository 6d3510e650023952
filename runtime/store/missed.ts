import { sql } from "kysely";
import { parseFilter } from "../contracts/filter.ts";
import { subscriptionsTo } from "../contracts/subscription.ts";
import type { DeliveryFilter } from "../endpoints/delivery-filter.ts";
import { pageBytesMax } from "../seams/page-bytes.ts";
import type { Missed, MissedEvent } from "../seams/redelivery-store.ts";
import type { Endpoint } from "../seams/log-store.ts";
import { fillPage, isWhole, sizedColumn } from "./bodies.ts";
import { endpointOf } from "./endpoint-row.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

/*
 * Events that an endpoint has no delivery of, because it was disabled, not subscribed or not there when they happened. The
 * engine has to be done with them: until then it may be about to make the first delivery itself.
 */

/** Positions that one look goes through. */
const pageMax = 1000;

export interface MissedRange {
  readonly endpointKey: number;
  readonly filter: DeliveryFilter;
  readonly after: number;
  readonly upTo: number;
}

/** Of the next 1,000 events of the endpoint's contract, those that it would get today and has no delivery of. */
export async function missedEvents(source: Source, of: MissedRange): Promise<Missed> {
  const { endpointKey, after } = of;
  const endpoint = await endpointBy(source, endpointKey);
  const upTo = Math.min(of.upTo, await settledPosition(source, endpoint));
  if (upTo <= after) return { events: [], passedTo: after };
  const page = await eventsOf(source, endpoint, { after, upTo });
  const passedTo = page.length < pageMax ? upTo : (page.at(-1)?.position ?? upTo);
  const wanted = page.filter((event) => isWanted(endpoint, of.filter, event));
  const had = await positionsHad(source, { endpointKey, after, upTo: passedTo });
  const missed = wanted.filter(({ position }) => !had.has(position));
  return passingFilter(source, endpoint, { events: missed, passedTo });
}

async function endpointBy({ db }: Source, key: number): Promise<Endpoint> {
  const row = db.selectFrom("hookwright_endpoints").selectAll().where("key", "=", key);
  return endpointOf(await row.executeTakeFirstOrThrow());
}

/** The position up to which the engine is done with a tenant's events. */
async function settledPosition({ db }: Source, { key, tenant }: Pick<Endpoint, "key" | "tenant">): Promise<number> {
  const diverted = db.selectFrom("hookwright_diversions").select("cursor").where("tenant", "=", tenant);
  const ofTenant = await diverted.executeTakeFirst();
  if (ofTenant !== undefined) return ofTenant.cursor;
  const ofShard = await db
    .selectFrom("hookwright_endpoints as e")
    .innerJoin("hookwright_shards as s", "s.shard", "e.shard")
    .select("s.cursor")
    .where("e.key", "=", key)
    .executeTakeFirst();
  return ofShard?.cursor ?? 0;
}

function eventsOf(
  { db }: Source,
  { tenant, contract }: Endpoint,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<readonly MissedEvent[]> {
  return db
    .selectFrom("hookwright_log")
    .select(["position", "id", "type", "time"])
    .where("tenant", "=", tenant)
    .where("contract", "=", contract)
    .where("position", ">", after)
    .where("position", "<=", upTo)
    .where(isWhole)
    .orderBy("position")
    .limit(pageMax)
    .execute();
}

/** By the endpoint's subscription as it is now: that of then is why it missed them. */
function isWanted({ events }: Endpoint, { types, from, until }: DeliveryFilter, { type, time }: MissedEvent): boolean {
  if (types !== null && !types.includes(type)) return false;
  if ((from !== null && time < from) || (until !== null && time >= until)) return false;
  return subscriptionsTo(type).some((each) => events.includes(each));
}

/** Positions of which there is a delivery, that waits or was attempted. */
async function positionsHad(
  { db }: Source,
  { endpointKey, after, upTo }: Omit<MissedRange, "filter">,
): Promise<ReadonlySet<number>> {
  const within = (table: string) => sql`select position from ${sql.table(table)}
    where endpoint_key = ${endpointKey} and position > ${after} and position <= ${upTo}`;
  const had = sql<{
    position: number;
  }>`${within("hookwright_attempts")} union ${within("hookwright_pending")}`;
  return new Set((await had.execute(db)).rows.map(({ position }) => position));
}

/** Where the endpoint has a filter the bodies are read, as many as one page has room for. */
async function passingFilter(source: Source, { filter }: Endpoint, found: Missed): Promise<Missed> {
  if (filter === null || found.events.length === 0) return found;
  const passes = parseFilter(filter);
  const positions = found.events.map(({ position }) => position);
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(["position", sizedColumn])
    .where("position", "in", listOf(source, "integer", positions))
    .orderBy("position")
    .execute();
  const bodies = await fillPage(source, rows, pageBytesMax);
  const last = bodies.at(-1)?.position ?? found.passedTo;
  const passing = new Set(bodies.filter(({ body }) => passes(JSON.parse(body))).map(({ position }) => position));
  return {
    events: found.events.filter(({ position }) => passing.has(position)),
    passedTo: bodies.length < rows.length ? last : found.passedTo,
  };
}

/** How one event stands to an endpoint; `missed` with its position. */
export type MissedStanding =
  { readonly kind: "missed"; readonly position: number } | { readonly kind: "had" | "unsettled" };

/** Null: there is no such event of the endpoint's tenant and contract. */
export async function missedStanding(
  source: Source,
  { endpointKey, eventId }: { readonly endpointKey: number; readonly eventId: string },
): Promise<MissedStanding | null> {
  const endpoint = await endpointBy(source, endpointKey);
  const { db } = source;
  const event = await db
    .selectFrom("hookwright_log")
    .select("position")
    .where("id", "=", eventId)
    .where("tenant", "=", endpoint.tenant)
    .where("contract", "=", endpoint.contract)
    .where(isWhole)
    .executeTakeFirst();
  if (event === undefined || endpoint.deletedAt !== null) return null;
  const { position } = event;
  if (position > (await settledPosition(source, endpoint))) return { kind: "unsettled" };
  const had = await positionsHad(source, { endpointKey, after: position - 1, upTo: position });
  return had.has(position) ? { kind: "had" } : { kind: "missed", position };
}
