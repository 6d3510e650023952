import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import {
  SqliteDialect,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type SqliteDatabase,
  type SqliteStatement,
} from "kysely";

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

/** How long a statement waits for another process that writes to the file. */
const busyMs = 5000;
/** After so long, nobody else waits behind it. */
const refuseAfterMs = 500;
const tryEveryMs = 20;

/** SQLITE_BUSY, and its kind that no waiting helps against: what the transaction has read is not the newest any more. */
const [busy, busySnapshot] = [5, 517];

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A driver for SQLite that waits for another process's lock between tries, and leaves the event loop to others meanwhile.
 * Once a statement has waited for half a second, everybody who wants the connection is refused with SQLite's error until
 * that statement has ended, so that requests are answered and do not queue up.
 */
function patientDriver(driver: Driver): Driver {
  const waiters: Waiter[] = [];
  let isTaken = false;
  let lock: { readonly error: unknown } | null = null;

  async function take(): Promise<void> {
    if (lock !== null) throw lock.error;
    if (isTaken) return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
    isTaken = true;
  }

  function letGo(): void {
    const next = waiters.shift();
    if (next === undefined) isTaken = false;
    else next.resolve();
  }

  function refuse(error: unknown): void {
    lock = { error };
    for (const { reject } of waiters.splice(0)) reject(error);
  }

  async function patiently<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const since = performance.now();
    try {
      for (;;) {
        try {
          return await run();
        } catch (error) {
          const waitedMs = performance.now() - since;
          if (!isBusy(error) || waitedMs >= busyMs) throw error;
          if (waitedMs >= refuseAfterMs) refuse(error);
          await new Promise((resolve) => setTimeout(resolve, tryEveryMs));
        }
      }
    } finally {
      lock = null;
    }
  }

  const patient = (connection: DatabaseConnection): DatabaseConnection => ({
    executeQuery: <Row>(query: Parameters<DatabaseConnection["executeQuery"]>[0]): Promise<QueryResult<Row>> =>
      patiently(async () => connection.executeQuery<Row>(query)),
    streamQuery: (query, size) => connection.streamQuery(query, size),
  });

  return {
    init: () => patiently(() => driver.init()),
    acquireConnection: async () => {
      await take();
      return patient(await driver.acquireConnection());
    },
    releaseConnection: async (connection) => {
      await driver.releaseConnection(connection);
      letGo();
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    destroy: () => driver.destroy(),
  };
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return false;
  return (error.errcode & 0xff) === busy && error.errcode !== busySnapshot;
}
