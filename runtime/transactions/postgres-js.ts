import type { Recognise } from "./recognised.ts";
import { methodOf, rowsOf } from "./members.ts";
import { notTransaction } from "./refusal.ts";

/** `sql.begin(async (tx) => …)` and `tx.savepoint(async (tx) => …)`. */
export const postgresJs: Recognise = (tx) => {
  const unsafe = methodOf(tx, "unsafe");
  if (unsafe === null || typeof tx !== "function") return null;
  if (methodOf(tx, "savepoint") === null) {
    throw notTransaction(
      "the sql of postgres.js, which may run each statement on another connection",
      "Pass the tx of sql.begin(async (tx) => …).",
    );
  }
  return {
    library: "postgres.js",
    executor: { query: async (sql, parameters) => rowsOf(await unsafe(sql, [...parameters])) },
  };
};
