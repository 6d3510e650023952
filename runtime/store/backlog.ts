import { sql } from "kysely";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

/**
 * Makes the backlog say again what is pending for these endpoints. Whatever changes `pending`, or whether an endpoint may
 * be delivered to, calls this in its own transaction. An endpoint's head is one look into an index, so this costs the
 * same whether ten deliveries wait or a million; a claim that had to group them first would not (a hundred times
 * slower at a million).
 */
export async function refreshBacklog(source: Source, endpointKeys: readonly number[]): Promise<void> {
  if (endpointKeys.length === 0) return;
  const keys = [...new Set(endpointKeys)];
  await dropIdle(source, keys);
  for (const heads of [headsOf(source, keys), asideHeadsOf(source, keys)])
    await sql`insert into hookwright_backlog (endpoint_key, shard, head_at)
select key, shard, head_at from ${heads} as heads where head_at is not null
on conflict (endpoint_key, shard) do update set head_at = excluded.head_at
where hookwright_backlog.head_at <> excluded.head_at`.execute(source.db);
}

const mayBeDeliveredTo = sql`e.enabled = 1 and e.paused = 0 and e.deleted_at is null`;

async function dropIdle(source: Source, keys: readonly number[]): Promise<void> {
  await sql`delete from hookwright_backlog where endpoint_key in ${listOf(source, "integer", keys)} and not exists (
  select e.key from hookwright_endpoints as e
  where e.key = hookwright_backlog.endpoint_key and ${mayBeDeliveredTo} and (
    (e.shard = hookwright_backlog.shard and exists (
      select p.due_at from hookwright_pending as p where p.endpoint_key = e.key and p.aside is null))
    or exists (
      select p.due_at from hookwright_pending as p
      where p.endpoint_key = e.key and p.aside is not null and p.aside = hookwright_backlog.shard)))`.execute(
    source.db,
  );
}

/** The heads of endpoints in their own shards. */
const headsOf = (source: Source, keys: readonly number[]) => sql`(select e.key, e.shard, (
    select p.due_at from hookwright_pending as p
    where p.endpoint_key = e.key and p.aside is null order by p.due_at limit 1
  ) as head_at
  from hookwright_endpoints as e where e.key in ${listOf(source, "integer", keys)} and ${mayBeDeliveredTo})`;

/** The heads of endpoints in the shards beside, of which there are none or a few. */
const asideHeadsOf = (source: Source, keys: readonly number[]) => sql`(select e.key, s.shard, (
    select p.due_at from hookwright_pending as p
    where p.endpoint_key = e.key and p.aside is not null and p.aside = s.shard order by p.due_at limit 1
  ) as head_at
  from hookwright_endpoints as e cross join hookwright_shards as s
  where e.key in ${listOf(source, "integer", keys)} and s.need is not null and ${mayBeDeliveredTo})`;
