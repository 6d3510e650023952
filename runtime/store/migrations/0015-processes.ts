import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/**
 * Processes with the keys that they know, secrets of actions that they hold in memory and share, and what finds endpoints
 * that are held back.
 */
export async function addProcesses(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { integer, small, text } = tables.types;
  const statements = [
    sql`create table hookwright_processes (
  id ${text} not null primary key,
  host ${text} not null,
  pid ${small} not null,
  key_ids ${text} not null,
  seen_at ${integer} not null
) ${tables.tableEnd.keyed}`,
    sql`create index hookwright_endpoints_held on hookwright_endpoints (enabled, key)
  where (enabled = 0 or paused = 1) and deleted_at is null`,
    sql`alter table hookwright_actions add column shared_sealed_secret ${text}`,
    sql`create index hookwright_actions_shared on hookwright_actions (key) where shared_sealed_secret is not null`,
  ];
  for (const statement of statements) await statement.execute(db);
}
