import { sql, type QueryExecutorProvider, type RawBuilder } from "kysely";
import type { Dialect } from "../dialects.ts";

/** The tables, in the order in which they refer to each other. */
export async function createTables(db: QueryExecutorProvider, dialect: Dialect): Promise<void> {
  const parts = [events, shards, endpoints, attempts, pending, apiKeys];
  for (const statement of parts.flatMap((part) => part(dialect))) await statement.execute(db);
}

type Statements = readonly RawBuilder<unknown>[];

const events = ({ types: { assignedKey, integer, text }, tableEnd, appendOnly }: Dialect): Statements => [
  sql`create table hookwright_events (
  position ${assignedKey},
  id ${text} not null unique,
  contract ${text} not null,
  type ${text} not null,
  tenant ${text} not null,
  shard ${integer} not null,
  time ${integer} not null,
  body ${text} not null,
  idempotency_key ${text}
) ${tableEnd.assigned}`,
  sql`create unique index hookwright_events_idempotency on hookwright_events (contract, tenant, idempotency_key)
  where idempotency_key is not null`,
  sql`create index hookwright_events_feed on hookwright_events (tenant, position)`,
  sql`create index hookwright_events_facts on hookwright_events (tenant, position) where contract = 'hookwright'`,
  ...appendOnly("hookwright_events", "what happened stays; append another event that corrects it"),
  sql`create view hookwright_log as
  select position, id, contract, type, tenant, shard, time, body, idempotency_key from hookwright_events`,
];

const shards = ({ types: { integer, text }, tableEnd, shardCount }: Dialect): Statements => [
  sql`create table hookwright_shards (
  shard ${integer} not null primary key,
  cursor ${integer} not null default 0,
  owner ${text},
  epoch ${integer} not null default 0
) ${tableEnd.assigned}`,
  ...Array.from({ length: shardCount }, (_, shard) => sql`insert into hookwright_shards (shard) values (${shard})`),
];

const endpoints = ({ types: { assignedKey, integer, text }, tableEnd }: Dialect): Statements => [
  sql`create table hookwright_endpoints (
  key ${assignedKey},
  id ${text} not null unique,
  contract ${text} not null,
  tenant ${text} not null,
  shard ${integer} not null,
  url ${text} not null,
  description ${text},
  events ${text} not null,
  enabled ${integer} not null check (enabled in (0, 1)),
  sealed_secret ${text} not null,
  failure_count ${integer} not null default 0,
  last_failed_at ${integer},
  last_failure_status ${integer},
  created_at ${integer} not null,
  updated_at ${integer} not null,
  deleted_at ${integer}
) ${tableEnd.assigned}`,
  sql`create index hookwright_endpoints_tenant on hookwright_endpoints (tenant, key)`,
];

const attempts = ({ types: { bytes, integer, text }, tableEnd, appendOnly }: Dialect): Statements => [
  sql`create table hookwright_attempts (
  endpoint_key ${integer} not null references hookwright_endpoints (key),
  position ${integer} not null,
  run ${integer} not null,
  number ${integer} not null,
  started_at ${integer} not null,
  duration_ms ${integer} not null,
  result ${text} not null check (result in ('delivered', 'retry', 'rejected', 'exhausted')),
  status ${integer},
  error ${text},
  response_body ${bytes},
  primary key (endpoint_key, position, run, number)
) ${tableEnd.keyed}`,
  ...appendOnly("hookwright_attempts", "an attempt was made or was not; redeliver the event for another one"),
];

const pending = ({ types: { integer }, tableEnd }: Dialect): Statements => [
  sql`create table hookwright_pending (
  endpoint_key ${integer} not null references hookwright_endpoints (key),
  position ${integer} not null,
  run ${integer} not null,
  attempt_count ${integer} not null,
  due_at ${integer} not null,
  primary key (endpoint_key, position, run)
) ${tableEnd.keyed}`,
  sql`create index hookwright_pending_due on hookwright_pending (endpoint_key, due_at, position, run)`,
  sql`create table hookwright_backlog (
  endpoint_key ${integer} not null primary key references hookwright_endpoints (key),
  shard ${integer} not null,
  head_at ${integer} not null
) ${tableEnd.assigned}`,
  sql`create index hookwright_backlog_head on hookwright_backlog (shard, head_at)`,
];

const apiKeys = ({ types: { integer, text }, tableEnd }: Dialect): Statements => [
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
