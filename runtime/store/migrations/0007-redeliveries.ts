import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** Bulk redeliveries: which deliveries each is about, and how far it has come. */
export async function createRedeliveries(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { assignedKey, integer, small, text } = tables.types;
  const statements = [
    sql`create table hookwright_redeliveries (
  key ${assignedKey},
  id ${text} not null unique,
  endpoint_key ${integer} not null ${tables.endpointReference},
  shard ${small} not null,
  state ${text} not null check (state in ('running', 'finished', 'cancelled', 'failed')),
  filter ${text} not null,
  rate_per_second ${small},
  up_to ${integer} not null,
  counted_to ${integer} not null default 0,
  cursor ${integer} not null default 0,
  found_count ${integer} not null default 0,
  redelivered_count ${integer} not null default 0,
  delivered_count ${integer} not null default 0,
  failed_count ${integer} not null default 0,
  due_at ${integer} not null,
  created_at ${integer} not null,
  finished_at ${integer}
) ${tables.tableEnd.assigned}`,
    sql`create index hookwright_redeliveries_endpoint on hookwright_redeliveries (endpoint_key, key)`,
    sql`create index hookwright_redeliveries_running on hookwright_redeliveries (shard, due_at) where state = 'running'`,
    // Whose a waiting delivery is; counted when it ends.
    sql`alter table hookwright_pending add column redelivery_key ${integer}`,
  ];
  for (const statement of statements) await statement.execute(db);
}
