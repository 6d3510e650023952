import type { QueryExecutorProvider } from "kysely";
import { executorOf } from "../store/executor.ts";
import type { Recognise } from "./recognised.ts";
import { methodOf } from "./members.ts";
import { notTransaction } from "./refusal.ts";

/** `db.transaction().execute(async (tx) => …)` and `await db.startTransaction().execute()`. */
export const kysely: Recognise = (tx) => {
  if (!isProvider(tx)) return null;
  if (Reflect.get(tx, "isTransaction") !== true) {
    throw notTransaction(
      "a Kysely instance, whose statements each commit alone",
      "Pass the tx of db.transaction().execute(async (tx) => …).",
    );
  }
  return { library: "Kysely", executor: executorOf(tx) };
};

function isProvider(tx: object): tx is QueryExecutorProvider {
  return methodOf(tx, "getExecutor") !== null;
}
