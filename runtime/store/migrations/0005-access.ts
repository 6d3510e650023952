import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** What API keys came to have, and tokens for one tenant's portal. */
export async function createAccess(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { integer, text } = tables.types;
  const statements = [
    sql`alter table hookwright_api_keys add column expires_at ${integer}`,
    sql`alter table hookwright_api_keys add column last_used_at ${integer}`,
    sql`create table hookwright_portal_tokens (
  id ${text} not null primary key,
  tenant ${text} not null,
  scope ${text} not null check (scope in ('read', 'manage')),
  hash ${text} not null unique,
  expires_at ${integer} not null
) ${tables.tableEnd.keyed}`,
    sql`create index hookwright_portal_tokens_tenant on hookwright_portal_tokens (tenant, expires_at)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
