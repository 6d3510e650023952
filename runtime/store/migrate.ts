import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Driver,
  type Migration,
} from "kysely";
import { HookwrightError } from "../errors.ts";
import type { Dialect } from "./dialects.ts";
import { createTables } from "./migrations/0001-tables.ts";
import { addPush } from "./migrations/0004-push.ts";
import { createStreamTables } from "./migrations/0002-streams.ts";
import { createActions } from "./migrations/0003-actions.ts";
import { createAccess } from "./migrations/0005-access.ts";
import { createFeedTables } from "./migrations/0006-feeds.ts";
import { createRedeliveries } from "./migrations/0007-redeliveries.ts";
import { addTrace } from "./migrations/0009-trace.ts";
import { addPublicKeys } from "./migrations/0010-public-keys.ts";
import { keepSnapshot } from "./migrations/0011-sequencer-snapshot.ts";
import { addNeeds } from "./migrations/0014-needs.ts";
import { addProcesses } from "./migrations/0015-processes.ts";
import { allowErasing } from "./migrations/0017-erasing.ts";
import { addSubscribers } from "./migrations/0019-subscribers.ts";
import { addAttemptHeaders } from "./migrations/0016-attempt-headers.ts";
import { createRedelivered } from "./migrations/0013-redelivered.ts";
import { indexFailedAttempts } from "./migrations/0020-failed-attempts.ts";

/** In the order of their names; one that was released is never changed. */
export const migrations = (dialect: Dialect): Record<string, Migration> => ({
  "0001-tables": { up: (db) => createTables(db, dialect) },
  "0002-streams": { up: (db) => createStreamTables(db, dialect) },
  "0003-actions": { up: (db) => createActions(db, dialect) },
  "0004-push": { up: (db) => addPush(db, dialect) },
  "0005-access": { up: (db) => createAccess(db, dialect) },
  "0006-feeds": { up: (db) => createFeedTables(db, dialect) },
  "0007-redeliveries": { up: (db) => createRedeliveries(db, dialect) },
  "0009-trace": { up: (db) => addTrace(db, dialect) },
  "0010-public-keys": { up: (db) => addPublicKeys(db, dialect) },
  "0011-sequencer-snapshot": { up: (db) => keepSnapshot(db, dialect) },
  "0013-redelivered": { up: (db) => createRedelivered(db, dialect) },
  "0014-needs": { up: (db) => addNeeds(db, dialect) },
  "0015-processes": { up: (db) => addProcesses(db, dialect) },
  "0017-erasing": { up: (db) => allowErasing(db, dialect) },
  "0019-subscribers": { up: (db) => addSubscribers(db, dialect) },
  "0016-attempt-headers": { up: (db) => addAttemptHeaders(db, dialect) },
  "0020-failed-attempts": { up: (db) => indexFailedAttempts(db, dialect) },
});

/** Kysely's own names would be those of the product's migrations when the database is the product's. */
export const migrationTables = {
  migrationTableName: "hookwright_migrations",
  migrationLockTableName: "hookwright_migrations_lock",
};

/** Each migration that this version knows, in order, and when it was run. */
export interface MigrationStatus {
  readonly name: string;
  /** Null: it is still to be run. */
  readonly ranAt: string | null;
}

/**
 * Brings the tables up to date, all or nothing, one process at a time. Where they are, it only reads. Throws
 * `invalid_configuration` for a database of a newer version, and where the role lacks a right.
 */
export async function migrate<DB>(database: Kysely<DB>, dialect: Dialect): Promise<void> {
  if ((await missing(database, dialect)).length === 0) return;
  await dialect.checkRights(database);
  await database.connection().execute(async (db) => {
    for (const statement of dialect.beginMigration) await statement.execute(db);
    try {
      // Another process may have run them while this one waited.
      await run(db, dialect, await missing(db, dialect));
      await sql`commit`.execute(db);
    } catch (error) {
      // After some errors SQLite has rolled back by itself.
      await sql`rollback`.execute(db).catch(() => undefined);
      throw error;
    }
  });
}

/** Throws `invalid_configuration` for a database of a newer version. */
export async function migrationStatus<DB>(db: Kysely<DB>, dialect: Dialect): Promise<readonly MigrationStatus[]> {
  const known = Object.keys(migrations(dialect)).sort();
  const ran = await ranMigrations(db, dialect);
  refuseUnknown([...ran.keys()], known);
  return known.map((name) => ({ name, ranAt: ran.get(name) ?? null }));
}

/** The statements of the migrations that are still to be run, as one transaction. Empty: there are none. */
export async function migrationScript<DB>(database: Kysely<DB>, dialect: Dialect): Promise<string> {
  const names = await missing(database, dialect);
  if (names.length === 0) return "";
  const { db, statements } = recorder(dialect.name);
  for (const statement of dialect.beginMigration) await statement.execute(db);
  await run(db, dialect, names);
  await sql`commit`.execute(db);
  return statements.map((statement) => `${statement};\n`).join("");
}

async function missing<DB>(db: Kysely<DB>, dialect: Dialect): Promise<readonly string[]> {
  return (await migrationStatus(db, dialect)).flatMap(({ name, ranAt }) => (ranAt === null ? [name] : []));
}

async function run<DB>(db: Kysely<DB>, dialect: Dialect, names: readonly string[]): Promise<void> {
  const known = migrations(dialect);
  await makeMigrationTables(db);
  for (const name of names) {
    await known[name]?.up(db);
    const values = sql.join([name, new Date().toISOString()].map(sql.lit));
    await sql`insert into ${sql.table(migrationTables.migrationTableName)} values (${values})`.execute(db);
  }
}

/** In the form that Kysely's own migrator gives them, which earlier versions ran. */
async function makeMigrationTables<DB>(db: Kysely<DB>): Promise<void> {
  const { migrationTableName, migrationLockTableName } = migrationTables;
  await db.schema
    .createTable(migrationTableName)
    .ifNotExists()
    .addColumn("name", "varchar(255)", (column) => column.notNull().primaryKey())
    .addColumn("timestamp", "varchar(255)", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable(migrationLockTableName)
    .ifNotExists()
    .addColumn("id", "varchar(255)", (column) => column.notNull().primaryKey())
    .addColumn("is_locked", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`insert into ${sql.table(migrationLockTableName)} values ('migration_lock', 0) on conflict do nothing`.execute(
    db,
  );
}

async function ranMigrations<DB>(db: Kysely<DB>, { findMigrations }: Dialect): Promise<ReadonlyMap<string, string>> {
  if ((await findMigrations.execute(db)).rows.length === 0) return new Map();
  const { rows } = await sql<{ name: string; timestamp: string }>`select name, timestamp
from ${sql.table(migrationTables.migrationTableName)}`.execute(db);
  return new Map(rows.map(({ name, timestamp }) => [name, timestamp]));
}

function refuseUnknown(ran: readonly string[], known: readonly string[]): void {
  const unknown = ran.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new HookwrightError(
    "invalid_configuration",
    `The database has the migration ${unknown.join(", ")}, but this version knows none after ${known.at(-1)}. ` +
      "Run the version that migrated it, or a newer one.",
  );
}

/** A database that runs nothing and keeps the statements it is given; queries find no rows. */
function recorder(dialect: Dialect["name"]): { readonly db: Kysely<unknown>; readonly statements: readonly string[] } {
  const statements: string[] = [];
  const executeQuery: DatabaseConnection["executeQuery"] = async ({ sql: text, parameters }) => {
    if (parameters.length > 0) throw new Error(`A migration has parameters, which a script cannot have: ${text}`);
    statements.push(text);
    return { rows: [] };
  };
  const acquireConnection: Driver["acquireConnection"] = async () => ({ executeQuery, streamQuery: nothing });
  const parts =
    dialect === "PostgreSQL"
      ? { adapter: new PostgresAdapter(), compiler: new PostgresQueryCompiler() }
      : { adapter: new SqliteAdapter(), compiler: new SqliteQueryCompiler() };
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => parts.adapter,
      createDriver: () => Object.assign(new DummyDriver(), { acquireConnection }),
      createIntrospector: (of) => new SqliteIntrospector(of),
      createQueryCompiler: () => parts.compiler,
    },
  });
  return { db, statements };
}

async function* nothing(): AsyncIterableIterator<never> {}
