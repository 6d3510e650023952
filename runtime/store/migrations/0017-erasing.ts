import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/**
 * Lets one transaction at a time take the payload out of an event, and out of the answers to its attempts: while
 * `hookwright_erasing` has its row.
 */
export async function allowErasing(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { small } = tables.types;
  await sql`create table hookwright_erasing (
  only_row ${small} not null primary key check (only_row = 1)
) ${tables.tableEnd.keyed}`.execute(db);
  for (const statement of tables.erasable) await statement.execute(db);
}
