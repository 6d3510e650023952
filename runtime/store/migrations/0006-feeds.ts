import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** Consumers of feeds, by the name their tenant gave them. */
export async function createFeedTables(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { integer, text } = tables.types;
  await sql`create table hookwright_feed_consumers (
  tenant ${text} not null,
  name ${text} not null,
  contract ${text} not null,
  position ${integer} not null,
  created_at ${integer} not null,
  updated_at ${integer} not null,
  primary key (tenant, name)
) ${tables.tableEnd.keyed}`.execute(db);
}
