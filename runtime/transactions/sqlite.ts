import type { Recognise } from "./recognised.ts";
import { isObject, methodOf, rowsOf } from "./members.ts";
import { answersRows } from "./placeholders.ts";
import { notTransaction } from "./refusal.ts";

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
