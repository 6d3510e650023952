import type { Recognise } from "./recognised.ts";
import { methodOf, objectOf, rowsOf } from "./members.ts";
import { notTransaction, transactionClosed } from "./refusal.ts";

const library = "TypeORM";

/** `dataSource.transaction(async (manager) => …)`, or a query runner on which `startTransaction()` was called. */
export const typeorm: Recognise = (tx) => {
  if (methodOf(tx, "query") === null) return null;
  if (methodOf(tx, "createQueryRunner") !== null || isDetachedManager(tx)) {
    throw notTransaction(
      "a DataSource of TypeORM or its own manager, whose statements each commit alone",
      "Pass the manager of dataSource.transaction(async (manager) => …), or a query runner after startTransaction().",
    );
  }
  const runner = objectOf(tx, "queryRunner") ?? tx;
  const query = methodOf(runner, "query");
  if (query === null || typeof Reflect.get(runner, "isTransactionActive") !== "boolean") return null;
  if (Reflect.get(runner, "isTransactionActive") !== true) throw transactionClosed(library);
  return { library, executor: { query: async (sql, parameters) => rowsOf(await query(sql, [...parameters])) } };
};

function isDetachedManager(tx: object): boolean {
  return methodOf(tx, "getRepository") !== null && objectOf(tx, "queryRunner") === null;
}
