import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/**
 * Headers of attempts, as `header-code.ts` writes them. Of a request only those that the endpoint's owner had added: the
 * others follow from the contract. On PostgreSQL a null costs a row nothing, as `error` has its bit there too.
 */
export async function addAttemptHeaders(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const { bytes } = tables.types;
  for (const column of [sql`own_headers ${bytes}`, sql`response_headers ${bytes}`]) {
    await sql`alter table hookwright_attempts add column ${column}`.execute(db);
  }
}
