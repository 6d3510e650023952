import { sql, type QueryExecutorProvider } from "kysely";
import type { Dialect } from "../dialects.ts";

/** What receivers verify with where the contract signs with a key pair. */
export async function addPublicKeys(db: QueryExecutorProvider, { tables }: Dialect): Promise<void> {
  await sql`alter table hookwright_endpoints add column public_key ${tables.types.text}`.execute(db);
}
