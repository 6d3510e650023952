import type { Recognise, Recognised } from "./recognised.ts";
import { methodOf, objectOf, rowsOf, type Method } from "./members.ts";
import { hasEnded } from "./pg.ts";
import { answersRows, type Statement } from "./placeholders.ts";
import { notTransaction, transactionClosed } from "./refusal.ts";

const library = "Drizzle";

/** `db.transaction(async (tx) => …)` over any of Drizzle's drivers for PostgreSQL and SQLite. */
export const drizzle: Recognise = (tx) => {
  const session = objectOf(tx, "session");
  if (session === null || objectOf(tx, "dialect") === null) return null;
  const execute = methodOf(tx, "execute");
  const [run, all] = [methodOf(tx, "run"), methodOf(tx, "all")];
  if (execute === null && (run === null || all === null)) return null;
  if (methodOf(tx, "rollback") === null) {
    throw notTransaction(
      "a Drizzle database, whose statements each commit alone",
      "Pass the tx of db.transaction(async (tx) => …).",
    );
  }
  const client = objectOf(session, "client");
  if (client !== null && hasEnded(client)) throw transactionClosed(library);
  return execute === null ? throughRunAndAll({ run, all }) : throughExecute(execute);
};

function throughExecute(execute: Method): Recognised {
  const query = async (sql: string, parameters: readonly unknown[]) =>
    rowsOf(await execute(rendered({ sql, parameters })));
  return { library, executor: { query } };
}

function throughRunAndAll({ run, all }: { readonly run: Method | null; readonly all: Method | null }): Recognised {
  const query = async (sql: string, parameters: readonly unknown[]) =>
    rowsOf(await (answersRows(sql) ? all : run)?.(rendered({ sql, parameters })));
  return { library, executor: { query } };
}

/** A statement as Drizzle takes one, `SQLWrapper`, that is rendered already. */
function rendered({ sql, parameters }: Statement) {
  const query = { sql, params: [...parameters] };
  return { getSQL: () => ({ toQuery: () => query }) };
}
