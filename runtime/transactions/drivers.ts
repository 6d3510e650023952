import { isObject, methodOf, rowsOf } from "./members.ts";
import { answersRows } from "./placeholders.ts";
import type { Recognise } from "./recognised.ts";
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

/** The member of a connection that says whether it is in a transaction, and the library it belongs to. */
const libraries = { isTransaction: "node:sqlite", inTransaction: "better-sqlite3" } as const;

/**
 * A connection of `node:sqlite` or better-sqlite3 on which BEGIN has run. The statement has run when `emit` returns, before
 * its promise settles, so it is inside the synchronous function of better-sqlite3's `transaction(…)` as well.
 */
export const sqlite: Recognise = (tx) => {
  const prepare = methodOf(tx, "prepare");
  if (prepare === null || methodOf(tx, "exec") === null) return null;
  for (const [member, library] of Object.entries(libraries)) {
    const isInside: unknown = Reflect.get(tx, member);
    if (typeof isInside !== "boolean") continue;
    if (!isInside) {
      throw notTransaction(
        `a connection of ${library} that is in no transaction`,
        'Run exec("begin immediate") on it before, and commit after the emit.',
      );
    }
    return {
      library,
      driver: library === "better-sqlite3" ? library : undefined,
      executor: {
        query: async (sql, parameters) => {
          const statement = prepare(sql);
          const run = isObject(statement) ? methodOf(statement, answersRows(sql) ? "all" : "run") : null;
          return rowsOf(run?.(...parameters));
        },
      },
    };
  }
  return null;
};
