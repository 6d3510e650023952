import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect, Statements, TableDialect } from "../dialects.ts";

/** What streams need: what their owners decide, how far they have come, their runs, and the tenants' signing keys. */
export async function createStreamTables(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  for (const statement of [...streams(tables), ...runs(tables), ...signingKeys(tables)]) await statement.execute(db);
}

// The cursor is a table of its own, since it is written with every batch: a row of some 100 bytes and not the settings too.
const streams = ({ types: { assignedKey, integer, small, text }, tableEnd }: TableDialect): Statements => [
  sql`create table hookwright_streams (
  key ${assignedKey},
  id ${text} not null unique,
  tenant ${text} not null,
  contract ${text} not null,
  shard ${small} not null,
  state ${text} not null check (state in ('active', 'paused')),
  settings ${text} not null,
  delay_ms ${integer} not null,
  is_scheduled ${small} not null check (is_scheduled in (0, 1)),
  sealed_authorization ${text},
  sealed_notice_url ${text},
  created_at ${integer} not null,
  updated_at ${integer} not null,
  deleted_at ${integer}
) ${tableEnd.assigned}`,
  sql`create index hookwright_streams_tenant on hookwright_streams (tenant, key)`,
  sql`create index hookwright_streams_shard on hookwright_streams (shard, key)`,
  sql`create table hookwright_stream_cursors (
  stream_key ${integer} not null primary key references hookwright_streams (key),
  position ${integer} not null,
  batch_up_to ${integer},
  due_at ${integer} not null,
  reported_at ${integer} not null default 0,
  attempt_count ${small} not null default 0,
  generation ${small} not null default 0,
  run_count ${small} not null default 0,
  batch_filter ${text},
  checkpoint ${text}
) ${tableEnd.assigned}`,
];

const runs = ({ types: { integer, small, text }, tableEnd }: TableDialect): Statements => [
  sql`create table hookwright_stream_runs (
  stream_key ${integer} not null references hookwright_streams (key),
  started_at ${integer} not null,
  ended_at ${integer} not null,
  number ${small} not null,
  record_count ${small} not null,
  attempt_count ${small} not null,
  status ${small},
  result ${text} not null check (result in ('delivered', 'held', 'skipped')),
  start_checkpoint ${text},
  checkpoint ${text},
  error ${text},
  warning ${text},
  primary key (stream_key, number)
) ${tableEnd.keyed}`,
];

const signingKeys = ({ types: { integer, text }, tableEnd }: TableDialect): Statements => [
  sql`create table hookwright_signing_keys (
  id ${text} not null primary key,
  tenant ${text} not null,
  contract ${text} not null,
  sealed ${text} not null,
  created_at ${integer} not null
) ${tableEnd.keyed}`,
  sql`create index hookwright_signing_keys_tenant on hookwright_signing_keys (tenant, contract, created_at, id)`,
];
