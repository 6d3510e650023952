import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/**
 * When each redelivery was asked for. Its waiting row is gone once it has ended, and its attempts, which stay, may come
 * much later. For those that were tried before this there is none: their first attempt stands for it, as it did.
 */
export async function createRedelivered(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { integer, small } = tables.types;
  await sql`create table hookwright_redelivered (
  endpoint_key ${integer} not null ${tables.endpointReference},
  position ${integer} not null,
  created_at ${integer} not null,
  run ${small} not null,
  primary key (endpoint_key, position, run)
) ${tables.tableEnd.keyed}`.execute(db);
  await sql`insert into hookwright_redelivered (endpoint_key, position, run, created_at)
select endpoint_key, position, run, due_at from hookwright_pending where run > 0 and attempt_count = 0`.execute(db);
}
