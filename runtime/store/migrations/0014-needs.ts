import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/**
 * Deliveries that the process with their shard cannot make, since its catalog or its keys lack something. They wait in a
 * shard beside the others, one for each thing that is lacking, which a process that has it takes.
 */
export async function addNeeds(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { integer, small, text } = tables.types;
  const statements = [
    sql`alter table hookwright_shards add column need ${text}`,
    sql`create unique index hookwright_shards_need on hookwright_shards (need) where need is not null`,
    // Null: it waits in its endpoint's shard.
    sql`alter table hookwright_pending add column aside ${small}`,
    sql`drop index hookwright_pending_due`,
    sql`create index hookwright_pending_due on hookwright_pending (endpoint_key, due_at, position, run, aside)
  where aside is null`,
    sql`create index hookwright_pending_aside on hookwright_pending (endpoint_key, aside, due_at, position, run)
  where aside is not null`,
    // With a head for each shard in which something waits for the endpoint.
    sql`drop table hookwright_backlog`,
    sql`create table hookwright_backlog (
  endpoint_key ${integer} not null ${tables.endpointReference},
  head_at ${integer} not null,
  shard ${small} not null,
  primary key (endpoint_key, shard)
) ${tables.tableEnd.assigned}`,
    sql`create index hookwright_backlog_head on hookwright_backlog (shard, head_at, endpoint_key)`,
    sql`insert into hookwright_backlog (endpoint_key, shard, head_at)
select e.key, e.shard, min(p.due_at) from hookwright_endpoints as e join hookwright_pending as p on p.endpoint_key = e.key
where e.enabled = 1 and e.paused = 0 and e.deleted_at is null group by e.key, e.shard`,
    // The declarations of contracts in the order in which processes came with them.
    sql`create table hookwright_declarations (
  contract ${text} not null,
  hash ${text} not null,
  number ${small} not null,
  primary key (contract, hash)
) ${tables.tableEnd.keyed}`,
    // Null: made before declarations were numbered.
    sql`alter table hookwright_endpoints add column declaration ${small}`,
  ];
  for (const statement of statements) await statement.execute(db);
}
