import type { Executor } from "../seams/log-store.ts";
import { pg, postgresJs, sqlite } from "./drivers.ts";
import { mikroOrm, prisma, sequelize, typeorm } from "./mappers.ts";
import { drizzle, knex, kysely } from "./query-builders.ts";
import { isObject } from "./members.ts";
import type { Recognise, Recognised } from "./recognised.ts";
import { describe, explainFailure, notTransaction } from "./refusal.ts";

/** The most telling first: what has nothing but `query` may be any of several, and `pg` takes all that is left. */
const libraries: readonly Recognise[] = [
  ...[kysely, drizzle, prisma, mikroOrm, typeorm, sequelize, knex, postgresJs, sqlite],
  pg,
];

/** Whether Hookwright opened a file itself, with the SQLite of Node. */
export type OpenedBy = "node:sqlite" | "another";

/**
 * Runs statements in a transaction of the product's, of whichever library it is. Throws `invalid_transaction` for what is
 * none, and `transaction_closed` for one that has ended, before anything is written; the statement itself throws
 * `invalid_transaction` where the transaction's database is another one than Hookwright's.
 */
export function executorIn(tx: unknown, { opened }: { readonly opened: OpenedBy }): Executor {
  const recognised = isObject(tx) ? recognisedIn(tx) : null;
  if (recognised !== null) {
    if (opened === "node:sqlite") refuseOtherSqlite(recognised);
    return explaining(recognised);
  }
  throw notTransaction(
    describe(tx),
    "Pass the transaction of Drizzle, Prisma, Kysely, pg, postgres.js, TypeORM, Knex, MikroORM, Sequelize, node:sqlite or " +
      "better-sqlite3, or an object with query(sql, parameters) that answers { rows }.",
  );
}

function recognisedIn(tx: object): Recognised | null {
  for (const recognise of libraries) {
    const recognised = recognise(tx);
    if (recognised !== null) return recognised;
  }
  return null;
}

/**
 * Two copies of SQLite in one process do not see each other's locks on a file: the one that closes a connection first
 * may take the other's log away with what was committed to it.
 */
function refuseOtherSqlite({ library, driver }: Recognised): void {
  if (driver === undefined) return;
  throw notTransaction(
    `one of ${library} on ${driver}, whose SQLite is another copy than the one Hookwright opened the file with`,
    "Open Hookwright with a connection of better-sqlite3: database: new Kysely({ dialect: new SqliteDialect({ database: new Database(path) }) }).",
  );
}

function explaining({ library, executor }: Recognised): Executor {
  return {
    query: async (sql, parameters) => {
      try {
        return await executor.query(sql, parameters);
      } catch (error) {
        throw explainFailure(library, error);
      }
    },
  };
}
