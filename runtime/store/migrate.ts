import { Migrator, sql, type Kysely, type Migration } from "kysely";
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
import { createRedelivered } from "./migrations/0013-redelivered.ts";

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
});

/** Kysely's own names would be those of the product's migrations when the database is the product's. */
export const migrationTables = {
  migrationTableName: "hookwright_migrations",
  migrationLockTableName: "hookwright_migrations_lock",
};

/** Brings the tables up to date, all or nothing. Throws `invalid_configuration` for a database of a newer version. */
export async function migrate<DB>(database: Kysely<DB>, dialect: Dialect): Promise<void> {
  await database.connection().execute(async (db) => {
    for (const statement of dialect.beginMigration) await statement.execute(db);
    try {
      await migrateToLatest(db, migrations(dialect));
      await sql`commit`.execute(db);
    } catch (error) {
      await sql`rollback`.execute(db);
      throw error;
    }
  });
}

async function migrateToLatest<DB>(db: Kysely<DB>, known: Record<string, Migration>): Promise<void> {
  const provider = { getMigrations: async () => known };
  // The transaction is the one around this.
  const migrator = new Migrator({ db, provider, ...migrationTables, disableTransactions: true });
  await refuseUnknown(db, Object.keys(known));
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function refuseUnknown<DB>(db: Kysely<DB>, known: readonly string[]): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === migrationTables.migrationTableName)) return;
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(migrationTables.migrationTableName)}`.execute(db);
  const unknown = rows.map((row) => row.name).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new HookwrightError(
    "invalid_configuration",
    `The database has the migration ${unknown.join(", ")}, but this version knows none after ${known.at(-1)}. ` +
      "Run the version that migrated it, or a newer one.",
  );
}
