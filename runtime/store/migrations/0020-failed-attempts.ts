import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/**
 * Finds deliveries that ended as failures among a million that did not, of one endpoint and of all. Rows of attempts that
 * delivered are not in these indexes, so the way without failures writes no more than before.
 */
export async function indexFailedAttempts(db: QueryExecutorProvider, _dialect: Dialect): Promise<void> {
  await sql`create index hookwright_attempts_failed on hookwright_attempts (position, endpoint_key, run)
  where result in ('rejected', 'exhausted')`.execute(db);
  await sql`create index hookwright_attempts_failed_of on hookwright_attempts (endpoint_key, position, run)
  where result in ('rejected', 'exhausted')`.execute(db);
}
