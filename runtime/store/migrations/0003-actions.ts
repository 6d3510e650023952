import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** Actions, and what they were asked. */
export async function createActions(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { assignedKey, integer, small, text } = tables.types;
  const statements = [
    sql`create table hookwright_actions (
  key ${assignedKey},
  id ${text} not null unique,
  contract ${text} not null,
  tenant ${text} not null,
  trigger_name ${text} not null,
  url ${text} not null,
  timeout_ms ${small} not null,
  fail_mode ${text} not null check (fail_mode in ('open', 'closed')),
  enabled ${small} not null check (enabled in (0, 1)),
  secret_storage ${text} not null check (secret_storage in ('sealed', 'memory')),
  sealed_secret ${text},
  secret_hash ${text} not null,
  killed_at ${integer},
  killed_reason ${text} check ((killed_reason is null) = (killed_at is null)),
  counted_since ${integer} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  check ((sealed_secret is null) = (secret_storage = 'memory'))
) ${tables.tableEnd.assigned}`,
    sql`create index hookwright_actions_tenant on hookwright_actions (tenant, contract, trigger_name, key)`,
    sql`create table hookwright_invocations (
  action_key ${integer} not null references hookwright_actions (key) on delete cascade,
  id ${text} not null,
  trigger_name ${text} not null,
  outcome ${text} not null,
  duration_ms ${small} not null,
  http_status ${small},
  error ${text},
  response_sha256 ${text},
  is_override ${small} not null check (is_override in (0, 1)),
  deny_code ${text},
  deny_reason ${text},
  is_test ${small} not null check (is_test in (0, 1)),
  created_at ${integer} not null,
  primary key (action_key, id)
) ${tables.tableEnd.keyed}`,
  ];
  for (const statement of statements) await statement.execute(db);
}
