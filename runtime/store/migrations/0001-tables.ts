import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect, Statements, TableDialect } from "../dialects.ts";

/** The tables, in the order in which they refer to each other. */
export async function createTables(db: QueryExecutorProvider, dialect: Dialect): Promise<void> {
  const { tables, shardCount } = dialect;
  const parts = [events(tables), shards(tables, shardCount), endpoints(tables), attempts(tables), pending(tables)];
  for (const statement of [...parts.flat(), ...apiKeys(tables)]) await statement.execute(db);
}

const events = (tables: TableDialect): Statements => {
  const { integer, small, text } = tables.types;
  return [
    // The one row is there while a transaction drops old events, and only that transaction sees it.
    sql`create table hookwright_pruning (
  only_row ${small} not null primary key check (only_row = 1)
) ${tables.tableEnd.keyed}`,
    ...tables.appendOnlySetup,
    sql`create table hookwright_events (
  ${tables.eventPlace},
  id ${text} not null unique,
  contract ${text} not null,
  type ${text} not null,
  tenant ${text} not null,
  shard ${small} not null,
  time ${integer} not null,
  body ${text} not null,
  idempotency_key ${text}
) ${tables.tableEnd.assigned}`,
    sql`create unique index hookwright_events_idempotency on hookwright_events (contract, tenant, idempotency_key)
  where idempotency_key is not null`,
    ...tables.appendOnly("hookwright_events", "what happened stays; append another event that corrects it"),
    ...tables.log,
  ];
};

const shards = ({ types: { integer, small, text }, tableEnd }: TableDialect, shardCount: number): Statements => [
  sql`create table hookwright_owners (
  owner ${text} not null primary key,
  until ${integer} not null
) ${tableEnd.keyed}`,
  sql`create table hookwright_shards (
  shard ${small} not null primary key,
  cursor ${integer} not null default 0,
  owner ${text},
  epoch ${integer} not null default 0,
  until ${integer} not null default 0
) ${tableEnd.assigned}`,
  sql`create table hookwright_diversions (
  tenant ${text} not null primary key,
  shard ${small} not null,
  cursor ${integer} not null
) ${tableEnd.keyed}`,
  sql`create index hookwright_diversions_shard on hookwright_diversions (shard)`,
  ...Array.from(
    { length: shardCount },
    (_, shard) => sql`insert into hookwright_shards (shard) values (${sql.lit(shard)})`,
  ),
];

const endpoints = ({ types: { assignedKey, integer, small, text }, tableEnd }: TableDialect): Statements => [
  sql`create table hookwright_endpoints (
  key ${assignedKey},
  id ${text} not null unique,
  contract ${text} not null,
  tenant ${text} not null,
  shard ${small} not null,
  url ${text} not null,
  description ${text},
  events ${text} not null,
  enabled ${small} not null check (enabled in (0, 1)),
  sealed_secret ${text} not null,
  previous_sealed_secret ${text},
  previous_secret_expires_at ${integer},
  failure_count ${small} not null default 0,
  last_failed_at ${integer},
  last_failure_status ${small},
  created_at ${integer} not null,
  updated_at ${integer} not null,
  deleted_at ${integer}
) ${tableEnd.assigned}`,
  sql`create index hookwright_endpoints_tenant on hookwright_endpoints (tenant, key)`,
];

// In this order there is no padding in a row: on the way without failures an attempt is all that a delivery writes.
const attempts = ({ types, tableEnd, appendOnly, endpointReference }: TableDialect): Statements => [
  sql`create table hookwright_attempts (
  endpoint_key ${types.integer} not null ${endpointReference},
  position ${types.integer} not null,
  started_at ${types.integer} not null,
  run ${types.small} not null,
  number ${types.small} not null,
  duration_ms ${types.small} not null,
  status ${types.small},
  result ${types.text} not null check (result in ('delivered', 'retry', 'rejected', 'exhausted')),
  error ${types.text},
  response_body ${types.bytes},
  primary key (endpoint_key, position, run, number)
) ${tableEnd.keyed}`,
  ...appendOnly("hookwright_attempts", "an attempt was made or was not; redeliver the event for another one"),
];

const pending = ({ types: { integer, small }, tableEnd, endpointReference }: TableDialect): Statements => [
  sql`create table hookwright_pending (
  endpoint_key ${integer} not null ${endpointReference},
  position ${integer} not null,
  due_at ${integer} not null,
  run ${small} not null,
  attempt_count ${small} not null,
  primary key (endpoint_key, position, run)
) ${tableEnd.keyed}`,
  sql`create index hookwright_pending_due on hookwright_pending (endpoint_key, due_at, position, run)`,
  sql`create table hookwright_backlog (
  endpoint_key ${integer} not null primary key ${endpointReference},
  head_at ${integer} not null,
  shard ${small} not null
) ${tableEnd.assigned}`,
  sql`create index hookwright_backlog_head on hookwright_backlog (shard, head_at)`,
];

const apiKeys = ({ types: { integer, text }, tableEnd }: TableDialect): Statements => [
  sql`create table hookwright_api_keys (
  id ${text} not null primary key,
  tenant ${text} not null,
  role ${text} not null check (role in ('member', 'admin', 'owner')),
  description ${text},
  hash ${text} not null unique,
  created_at ${integer} not null
) ${tableEnd.keyed}`,
  sql`create index hookwright_api_keys_tenant on hookwright_api_keys (tenant, created_at, id)`,
];
