import { sql, type Selectable } from "kysely";
import type { Endpoint } from "../seams/log-store.ts";
import type { EndpointStore } from "../seams/store.ts";
import { append } from "./append.ts";
import { refreshBacklog } from "./backlog.ts";
import { endpointOf, optionsRow, secretsRow, settingsRow } from "./endpoint-row.ts";
import { listOf } from "./row-source.ts";
import type { EndpointRow, Source } from "./schema.ts";
import { shardOf } from "./shard.ts";
import { inTurn } from "./transaction.ts";

export function endpointStore(source: Source): EndpointStore {
  return {
    create: (endpoint, facts) => inTurn(source, endpoint, (inside) => create(inside, endpoint, facts)),
    list: (of) => list(source, of),
    page: (of) => page(source, of),
    get: (of) => get(source, of),
    update: (of, change, facts) => inTurn(source, of, (inside) => update(inside, { of, change, facts })),
    rotate: (of, secrets, facts) => inTurn(source, of, (inside) => rotate(inside, { of, secrets, facts })),
    remove: (of, facts) => inTurn(source, of, (inside) => remove(inside, of, facts)),
  };
}

/** Endpoints of these tenants, deleted ones included. */
export async function endpointsOf(source: Source, tenants: readonly string[]): Promise<readonly Endpoint[]> {
  const rows = await source.db
    .selectFrom("hookwright_endpoints")
    .selectAll()
    .where("tenant", "in", listOf(source, "text", tenants))
    .orderBy("key")
    .execute();
  return rows.map(endpointOf);
}

type InputOf<Method extends keyof EndpointStore> = Parameters<EndpointStore[Method]>;

async function create(source: Source, endpoint: InputOf<"create">[0], facts: InputOf<"create">[1]): Promise<Endpoint> {
  const row = await source.db
    .insertInto("hookwright_endpoints")
    .values({
      id: endpoint.id,
      contract: endpoint.contract,
      tenant: endpoint.tenant,
      shard: shardOf(endpoint.tenant, source.shardCount),
      url: endpoint.url,
      description: endpoint.description,
      events: JSON.stringify(endpoint.events),
      enabled: endpoint.enabled ? 1 : 0,
      sealed_secret: endpoint.sealedSecret,
      public_key: endpoint.publicKey ?? null,
      declaration: endpoint.declaration ?? null,
      failure_count: 0,
      created_at: endpoint.createdAt,
      updated_at: endpoint.createdAt,
      ...optionsRow(endpoint),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await append(source, facts);
  return endpointOf(row);
}

async function list({ db }: Source, of: InputOf<"list">[0]): Promise<readonly Endpoint[]> {
  return (await listed(db, of).execute()).map(endpointOf);
}

async function page({ db }: Source, of: InputOf<"page">[0]): Promise<readonly Endpoint[] | null> {
  const after = of.after === null ? 0 : await keyOf(db, { tenant: of.tenant, id: of.after });
  if (after === null) return null;
  return (await listed(db, of).where("key", ">", after).limit(of.limit).execute()).map(endpointOf);
}

function listed(db: Source["db"], of: InputOf<"list">[0]) {
  return db
    .selectFrom("hookwright_endpoints")
    .selectAll()
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("deleted_at", "is", null)
    .orderBy("key");
}

/** Also of one that was deleted, so that a page can follow it. */
export async function keyOf(
  db: Source["db"],
  of: { readonly tenant: string; readonly id: string },
): Promise<number | null> {
  const row = await db
    .selectFrom("hookwright_endpoints")
    .select("key")
    .where("id", "=", of.id)
    .where("tenant", "=", of.tenant)
    .executeTakeFirst();
  return row?.key ?? null;
}

async function get({ db }: Source, of: InputOf<"get">[0]): Promise<Endpoint | null> {
  const row = await db
    .selectFrom("hookwright_endpoints")
    .selectAll()
    .where("id", "=", of.id)
    .where("tenant", "=", of.tenant)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  return row === undefined ? null : endpointOf(row);
}

interface Update {
  readonly of: InputOf<"update">[0];
  readonly change: InputOf<"update">[1];
  readonly facts: InputOf<"update">[2];
}

async function update(source: Source, { of, change, facts }: Update): Promise<Endpoint | null> {
  const after = await write(source, { of, row: settingsRow(change), facts });
  if (after === null) return null;
  if (change.enabled !== undefined || change.paused !== undefined) await refreshBacklog(source, [after.key]);
  return after;
}

interface Rotation {
  readonly of: InputOf<"rotate">[0];
  readonly secrets: InputOf<"rotate">[1];
  readonly facts: InputOf<"rotate">[2];
}

async function rotate(source: Source, { of, secrets, facts }: Rotation): Promise<Endpoint | null> {
  const before = await get(source, of);
  return before === null ? null : write(source, { of, row: secretsRow(secrets(before)), facts });
}

interface Write {
  readonly of: InputOf<"update">[0];
  readonly row: Partial<Selectable<EndpointRow>>;
  readonly facts: InputOf<"update">[2];
}

/** Changes an endpoint's row and appends what says so. Null when there is no such endpoint. */
async function write(source: Source, { of, row, facts }: Write): Promise<Endpoint | null> {
  const changed = await source.db
    .updateTable("hookwright_endpoints")
    .set({ ...row, updated_at: of.at, ...(of.declaration !== undefined && { declaration: of.declaration }) })
    .where("id", "=", of.id)
    .where("tenant", "=", of.tenant)
    .where("deleted_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  if (changed === undefined) return null;
  const after = endpointOf(changed);
  await append(source, facts(after));
  await takeBack(source, after.key);
  return after;
}

/**
 * What waits for something that no process has is for the endpoint's own shard to try again: as the endpoint is now, it
 * may demand it no longer. What a process works is left to it, which may be sending it.
 */
async function takeBack(source: Source, endpointKey: number): Promise<void> {
  const { numUpdatedRows } = await source.db
    .updateTable("hookwright_pending")
    .set({ aside: null })
    .where("endpoint_key", "=", endpointKey)
    .where("aside", "is not", null)
    .where("aside", "in", ({ selectFrom }) =>
      selectFrom("hookwright_shards as s")
        .select("s.shard")
        .where("s.need", "is not", null)
        .where(sql<boolean>`(s.owner is null or s.until <= ${source.dialect.leases.now})`),
    )
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await refreshBacklog(source, [endpointKey]);
}

/** Deletes an endpoint's row and what is pending for it. */
export async function remove(source: Source, of: InputOf<"remove">[0], facts: InputOf<"remove">[1]): Promise<boolean> {
  const removed = await write(source, { of, row: { deleted_at: of.at }, facts });
  if (removed === null) return false;
  await source.db.deleteFrom("hookwright_pending").where("endpoint_key", "=", removed.key).execute();
  await refreshBacklog(source, [removed.key]);
  return true;
}
