import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** The trace in which an event was emitted. On PostgreSQL a null costs a row nothing: `idempotency_key` has its bit too. */
export async function addTrace(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  const column = sql`alter table hookwright_events add column trace ${tables.types.text}`;
  for (const statement of [column, ...tables.logWithTrace]) await statement.execute(db);
}
