import type { QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** Makes the sequencer's place in the log a snapshot, from the place it had. */
export async function keepSnapshot(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  for (const statement of tables.snapshotSequencer) await statement.execute(db);
}
