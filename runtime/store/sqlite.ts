import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { SqliteDialect, type Dialect, type SqliteDatabase, type SqliteStatement } from "kysely";
import { patientDriver } from "./patient-driver.ts";

/** Statements kept prepared; preparing one takes longer than running most. The store itself uses fewer than 60. */
const statementsMax = 200;

/**
 * How long SQLite itself waits for another process that is writing. It waits on the event loop, which stands still
 * meanwhile, so it is about a commit's time; `patientDriver` waits for the rest.
 */
const busyTimeoutMs = 5;

/** `node:sqlite` behind Kysely. The file and its folder are created when they are missing. */
export function sqliteDialect(path: string): Dialect {
  const dialect = new SqliteDialect({ database: async () => openDatabase(path) });
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => patientDriver(dialect.createDriver()),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

function openDatabase(path: string): SqliteDatabase {
  if (path !== ":memory:") makeFile(path);
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  // FULL, because in WAL mode NORMAL may lose the last commits when the power fails.
  // Recursive triggers, because otherwise INSERT OR REPLACE deletes rows past the triggers that refuse it.
  database.exec(
    "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma recursive_triggers = on",
  );
  return { prepare: cached((sql) => prepare(database, sql)), close: () => database.close() };
}

/**
 * For its owner alone, whatever the umask: it holds what customers are sent. SQLite gives the files beside it the same
 * mode. A file that is there stays as it is.
 */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, "a", 0o600));
}

function prepare(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    // Rows come without a prototype, unlike those of any other driver.
    all: (parameters) => statement.all(...bindable(parameters)).map((row) => ({ ...row })),
    run: (parameters) => statement.run(...bindable(parameters)),
    iterate: (parameters) => statement.iterate(...bindable(parameters)),
  };
}

/** Kysely's types leave open what a parameter is; `node:sqlite` throws when one is nothing it can bind. */
const bindable = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];

/** Keeps the statements that were used last. */
function cached(make: (sql: string) => SqliteStatement): (sql: string) => SqliteStatement {
  const kept = new Map<string, SqliteStatement>();
  return (sql) => {
    const statement = kept.get(sql) ?? make(sql);
    kept.delete(sql);
    kept.set(sql, statement);
    if (kept.size > statementsMax) kept.delete(kept.keys().next().value ?? sql);
    return statement;
  };
}
