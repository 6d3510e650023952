import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** Endpoints that programs register by themselves: for whom, until when, and since when their URL is known to want it. */
export async function addSubscribers(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { integer, small, text } = tables.types;
  const statements = [
    // All null: an endpoint that its owner registered.
    sql`alter table hookwright_endpoints add column subscriber ${text}`,
    sql`alter table hookwright_endpoints add column expires_at ${integer}`,
    sql`alter table hookwright_endpoints add column proven_at ${integer}`,
    // The event that says it was made: it gets what comes after that one by itself.
    sql`alter table hookwright_endpoints add column subscribed_by ${text}`,
    sql`create index hookwright_endpoints_expiry on hookwright_endpoints (expires_at)
  where expires_at is not null and deleted_at is null`,
    // One row: the last position that retention has dropped. Readers whose cursor is before it may have missed something.
    sql`create table hookwright_pruned_to (
  only_row ${small} not null primary key check (only_row = 1),
  position ${integer} not null
) ${tables.tableEnd.keyed}`,
    sql`insert into hookwright_pruned_to (only_row, position) values (1, 0)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
