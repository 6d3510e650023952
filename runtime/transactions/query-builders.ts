import type { QueryExecutorProvider } from "kysely";
import { executorOf } from "../store/executor.ts";
import { hasEnded } from "./drivers.ts";
import { methodOf, objectOf, rowsOf, type Method } from "./members.ts";
import { answersRows, withQuestionMarks, type Statement } from "./placeholders.ts";
import type { Recognise, Recognised } from "./recognised.ts";
import { notTransaction, transactionClosed } from "./refusal.ts";

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
  if (client !== null && hasEnded(client)) throw transactionClosed("Drizzle");
  if (execute !== null) return throughExecute(execute);
  const isBetter = client !== null && typeof Reflect.get(client, "inTransaction") === "boolean";
  return { ...throughRunAndAll({ run, all }), driver: isBetter ? "better-sqlite3" : undefined };
};

function throughExecute(execute: Method): Recognised {
  const query = async (sql: string, parameters: readonly unknown[]) =>
    rowsOf(await execute(rendered({ sql, parameters })));
  return { library: "Drizzle", executor: { query } };
}

function throughRunAndAll({ run, all }: { readonly run: Method | null; readonly all: Method | null }): Recognised {
  const query = async (sql: string, parameters: readonly unknown[]) =>
    rowsOf(await (answersRows(sql) ? all : run)?.(rendered({ sql, parameters })));
  return { library: "Drizzle", executor: { query } };
}

/** A statement as Drizzle takes one, `SQLWrapper`, that is rendered already. */
function rendered({ sql, parameters }: Statement) {
  const query = { sql, params: [...parameters] };
  return { getSQL: () => ({ toQuery: () => query }) };
}

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
  if (methodOf(tx, "isCompleted")?.() === true) throw transactionClosed("Knex");
  const query = async (sql: string, parameters: readonly unknown[]) => {
    const statement = withQuestionMarks({ sql, parameters });
    return rowsOf(await raw(statement.sql, [...statement.parameters]));
  };
  const client = objectOf(tx, "client");
  const isBetter = client !== null && Reflect.get(client, "driverName") === "better-sqlite3";
  return { library: "Knex", executor: { query }, driver: isBetter ? "better-sqlite3" : undefined };
};
