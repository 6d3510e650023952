import type { Recognise } from "./recognised.ts";
import { methodOf, objectOf, rowsOf } from "./members.ts";
import { withNumbers } from "./placeholders.ts";
import { notTransaction, transactionClosed } from "./refusal.ts";

const library = "Sequelize";

/** `sequelize.transaction(async (transaction) => …)` and `await sequelize.transaction()`. */
export const sequelize: Recognise = (tx) => {
  if (methodOf(tx, "authenticate") !== null && methodOf(tx, "define") !== null) {
    throw notTransaction(
      "a Sequelize instance, whose statements each commit alone",
      "Pass the transaction of sequelize.transaction(async (transaction) => …).",
    );
  }
  const instance = objectOf(tx, "sequelize");
  const query = instance && methodOf(instance, "query");
  if (!query || methodOf(tx, "commit") === null || methodOf(tx, "rollback") === null) return null;
  if (typeof Reflect.get(tx, "finished") === "string") throw transactionClosed(library);
  const run = async (sql: string, parameters: readonly unknown[]) => {
    // It takes numbers for every database, and makes of them what the driver wants.
    const statement = withNumbers({ sql, parameters });
    return rowsOf(await query(statement.sql, { bind: [...parameters], transaction: tx, type: "SELECT" }));
  };
  return { library, executor: { query: run } };
};
