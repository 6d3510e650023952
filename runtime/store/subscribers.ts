import { plainOptions } from "../endpoints/settings.ts";
import { sql, type Selectable } from "kysely";
import type { Endpoint, NewEvent } from "../seams/log-store.ts";
import type { SubscribedEndpoint, SubscriberStore } from "../seams/store.ts";
import { append } from "./append.ts";
import { refreshBacklog } from "./backlog.ts";
import { endpointOf, optionsRow, secretsRow, subscriptionRow } from "./endpoint-row.ts";
import { remove } from "./endpoints.ts";
import { listOf } from "./row-source.ts";
import type { EndpointRow, Source } from "./schema.ts";
import { shardOf } from "./shard.ts";
import { inTurn } from "./transaction.ts";

export function subscriberStore(source: Source): SubscriberStore {
  return {
    subscribe: (of, make, facts) => inTurn(source, of, (inside) => subscribe(inside, { of, make, facts })),
    replay: (of) => inTurn(source, of, (inside) => replay(inside, of)),
    provenAt: (of) => provenAt(source, of),
    expired: (of) => expired(source, of),
    removeExpired: (of, facts) =>
      inTurn(source, of, async (inside) => (await hasExpired(inside, of)) && remove(inside, of, facts)),
    settledUpTo: (of) => settledUpTo(source, of),
  };
}

type InputOf<Method extends keyof SubscriberStore> = Parameters<SubscriberStore[Method]>;

interface Subscribing {
  readonly of: InputOf<"subscribe">[0];
  readonly make: InputOf<"subscribe">[1];
  readonly facts: InputOf<"subscribe">[2];
}

async function subscribe(source: Source, { of, make, facts }: Subscribing): ReturnType<SubscriberStore["subscribe"]> {
  const found = await one(source, of).selectAll().executeTakeFirst();
  const known = found === undefined ? null : endpointOf(found);
  const before = known?.deletedAt === null ? known : null;
  const made = make(before, { subscriptionCount: await countOf(source, of) });
  const row = known === null ? await insert(source, of, made) : await overwrite(source, { of, made, before });
  const appended = facts(before, endpointOf(row));
  await append(source, appended);
  await refreshBacklog(source, [row.key]);
  return { before, after: before === null ? await nameFact(source, row.key, appended[0]) : endpointOf(row) };
}

/** The facts are made of the endpoint, so that it is written before them. */
async function nameFact({ db }: Source, key: number, fact: NewEvent | undefined): Promise<Endpoint> {
  const named = db
    .updateTable("hookwright_endpoints")
    .set({ subscribed_by: fact?.id ?? "" })
    .where("key", "=", key);
  return endpointOf(await named.returningAll().executeTakeFirstOrThrow());
}

function one({ db }: Source, { tenant, id }: { readonly tenant: string; readonly id: string }) {
  return db.selectFrom("hookwright_endpoints").where("id", "=", id).where("tenant", "=", tenant);
}

async function countOf({ db }: Source, { tenant }: { readonly tenant: string }): Promise<number> {
  const counted = db
    .selectFrom("hookwright_endpoints")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("tenant", "=", tenant)
    .where("subscriber", "is not", null)
    .where("deleted_at", "is", null);
  return (await counted.executeTakeFirstOrThrow()).count;
}

function settingsOf({ url, events, filter, declaration, sealedSecret, subscription }: SubscribedEndpoint) {
  return {
    ...{ url, filter, declaration, events: JSON.stringify(events), enabled: 1 as const, sealed_secret: sealedSecret },
    ...subscriptionRow(subscription),
  };
}

type Row = Selectable<EndpointRow>;

async function insert(source: Source, of: InputOf<"subscribe">[0], made: SubscribedEndpoint): Promise<Row> {
  const { tenant, id, at } = of;
  return source.db
    .insertInto("hookwright_endpoints")
    .values({
      ...{ id, tenant, contract: made.contract, shard: shardOf(tenant, source.shardCount), failure_count: 0 },
      ...settingsOf(made),
      created_at: at,
      updated_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

interface Overwriting {
  readonly of: InputOf<"subscribe">[0];
  readonly made: SubscribedEndpoint;
  /** Null: it was deleted, and begins anew. */
  readonly before: Endpoint | null;
}

async function overwrite(source: Source, { of, made, before }: Overwriting): Promise<Row> {
  const anew = {
    ...{ deleted_at: null, created_at: of.at, ...optionsRow(plainOptions) },
    ...{ failure_count: 0, last_failed_at: null, last_failure_status: null },
  };
  return source.db
    .updateTable("hookwright_endpoints")
    .set({ ...(before === null && anew), ...settingsOf(made), ...secretsRow(made), updated_at: of.at })
    .where("id", "=", of.id)
    .where("tenant", "=", of.tenant)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function replay(source: Source, { endpointKey, positions, at }: InputOf<"replay">[0]): Promise<void> {
  await sql`insert into hookwright_pending (endpoint_key, position, run, attempt_count, due_at)
select e.key, l.position, 0, 0, ${at}
from hookwright_endpoints as e join hookwright_log as l on l.position in ${listOf(source, "integer", positions)}
where e.key = ${endpointKey} and e.deleted_at is null and not exists (
  select 1 from hookwright_attempts as a where a.endpoint_key = e.key and a.position = l.position
)
on conflict do nothing`.execute(source.db);
  await refreshBacklog(source, [endpointKey]);
}

async function provenAt({ db }: Source, of: InputOf<"provenAt">[0]): Promise<number | null> {
  const proven = db
    .selectFrom("hookwright_endpoints")
    .select((eb) => eb.fn.max("proven_at").as("at"))
    .where("tenant", "=", of.tenant)
    .where("subscriber", "=", of.subscriber)
    .where("url", "=", of.url)
    .where("deleted_at", "is", null);
  return (await proven.executeTakeFirst())?.at ?? null;
}

async function expired({ db }: Source, { now, limit }: InputOf<"expired">[0]): Promise<readonly Endpoint[]> {
  const rows = await db
    .selectFrom("hookwright_endpoints")
    .selectAll()
    .where("expires_at", "is not", null)
    .where("expires_at", "<=", now)
    .where("deleted_at", "is", null)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  return rows.map(endpointOf);
}

async function hasExpired(source: Source, of: InputOf<"removeExpired">[0]): Promise<boolean> {
  const row = await one(source, of).select("expires_at").where("deleted_at", "is", null).executeTakeFirst();
  return row !== undefined && row.expires_at !== null && row.expires_at <= of.at;
}

/** The events of a diverted tenant have a cursor of their own; what waits is not settled, however far the cursor is. */
async function settledUpTo(
  { db, shardCount }: Source,
  { tenant, endpointKey }: InputOf<"settledUpTo">[0],
): Promise<number> {
  const cursors = await db
    .selectFrom("hookwright_shards as s")
    .leftJoin("hookwright_diversions as d", (join) => join.onRef("d.shard", "=", "s.shard").on("d.tenant", "=", tenant))
    .select((eb) => [
      eb.fn.coalesce("d.cursor", "s.cursor").as("cursor"),
      eb
        .selectFrom("hookwright_pending as p")
        .select((inner) => inner.fn.min("p.position").as("position"))
        .where("p.endpoint_key", "=", endpointKey)
        .where("p.run", "=", 0)
        .as("waiting"),
    ])
    .where("s.shard", "=", shardOf(tenant, shardCount))
    .executeTakeFirstOrThrow();
  return Math.min(cursors.cursor, cursors.waiting === null ? Infinity : cursors.waiting - 1);
}
