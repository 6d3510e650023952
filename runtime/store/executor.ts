import { CompiledQuery, type QueryExecutorProvider } from "kysely";
import type { Executor } from "../store.ts";

/**
 * Lets the store write with a Kysely instance or transaction of the product's own. Plugins are left out: one that
 * changes the case of names would change those of the answer as well.
 */
export function executorOf(database: QueryExecutorProvider): Executor {
  const plain = database.getExecutor().withoutPlugins();
  return { query: (sql, parameters) => plain.executeQuery(CompiledQuery.raw(sql, [...parameters])) };
}
