import type { Recognise } from "./recognised.ts";
import { methodOf, rowsOf } from "./members.ts";
import { withQuestionMarks } from "./placeholders.ts";
import { notTransaction, transactionClosed } from "./refusal.ts";

const library = "Knex";

/** `knex.transaction(async (trx) => …)` and `await knex.transaction()`. */
export const knex: Recognise = (tx) => {
  const raw = methodOf(tx, "raw");
  if (raw === null || typeof tx !== "function" || methodOf(tx, "transaction") === null) return null;
  if (Reflect.get(tx, "isTransaction") !== true) {
    throw notTransaction(
      "the knex of a whole database, whose statements each commit alone",
      "Pass the trx of knex.transaction(async (trx) => …).",
    );
  }
  if (methodOf(tx, "isCompleted")?.() === true) throw transactionClosed(library);
  const query = async (sql: string, parameters: readonly unknown[]) => {
    const statement = withQuestionMarks({ sql, parameters });
    return rowsOf(await raw(statement.sql, [...statement.parameters]));
  };
  return { library, executor: { query } };
};
