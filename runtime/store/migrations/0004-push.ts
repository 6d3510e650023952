import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect, Statements, TableDialect } from "../dialects.ts";

/** What owners decide about their endpoints beside where events go, and answers kept for repeats of a request. */
export async function addPush(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  for (const statement of [...endpointOptions(tables), ...idempotency(tables)]) await statement.execute(db);
}

const endpointOptions = ({ types: { small, text } }: TableDialect): Statements => [
  sql`alter table hookwright_endpoints add column paused ${small} not null default 0 check (paused in (0, 1))`,
  sql`alter table hookwright_endpoints add column filter ${text}`,
  sql`alter table hookwright_endpoints add column headers ${text} not null default '{}'`,
  sql`alter table hookwright_endpoints add column metadata ${text} not null default '{}'`,
  sql`alter table hookwright_endpoints add column rate_per_second ${small}`,
  sql`alter table hookwright_endpoints add column in_flight_max ${small}`,
];

const idempotency = ({ types: { integer, small, text }, tableEnd }: TableDialect): Statements => [
  sql`create table hookwright_idempotency (
  tenant ${text} not null,
  actor_id ${text} not null,
  key ${text} not null,
  fingerprint ${text} not null,
  claimed_at ${integer} not null,
  status ${small},
  sealed_answer ${text},
  primary key (tenant, actor_id, key)
) ${tableEnd.keyed}`,
  sql`create index hookwright_idempotency_claimed on hookwright_idempotency (claimed_at)`,
];
