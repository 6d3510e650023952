import { CompiledQuery, type QueryExecutorProvider } from "kysely";
import type { Executor } from "../seams/log-store.ts";

/**
 * Lets the store write with a Kysely instance or transaction of the product's own. Plugins are left out: one that
 * parses results, for example, would make an object of an event's body.
 */
export function executorOf(database: QueryExecutorProvider): Executor {
  const plain = database.getExecutor().withoutPlugins();
  return { query: (sql, parameters) => plain.executeQuery(CompiledQuery.raw(sql, [...parameters])) };
}
