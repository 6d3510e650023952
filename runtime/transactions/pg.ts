import type { Recognise } from "./recognised.ts";
import { methodOf, rowsOf } from "./members.ts";
import { notTransaction, transactionClosed } from "./refusal.ts";

/**
 * A client of `pg` on which BEGIN has run, or any other object with `query(sql, parameters)` that answers with `rows`.
 * What begins transactions itself, or has several connections, is none.
 */
export const pg: Recognise = (tx) => {
  const query = methodOf(tx, "query");
  if (query === null) return null;
  if ("totalCount" in tx && methodOf(tx, "connect") !== null) {
    throw notTransaction(
      "a pool, which may run each statement on another connection",
      'Take a client, const tx = await pool.connect(), and await tx.query("begin") first.',
    );
  }
  if (methodOf(tx, "transaction") !== null || methodOf(tx, "beginTransaction") !== null) {
    throw notTransaction(
      "an object that begins transactions and is none",
      "Pass the object that its transaction(…) hands to your function.",
    );
  }
  if (hasEnded(tx)) throw transactionClosed("pg, or one that was not begun on this client,");
  return {
    library: "pg",
    executor: { query: async (sql, parameters) => rowsOf(await query(sql, [...parameters])) },
  };
};

/** Whether a client of `pg` is in no transaction, and about to be in none. False of anything that does not tell. */
export function hasEnded(client: object): boolean {
  if (methodOf(client, "getTransactionStatus")?.() !== "I") return false;
  // A BEGIN that was not awaited is on its way, or still in the queue.
  return Reflect.get(client, "readyForQuery") === true;
}
