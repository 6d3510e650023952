import type { Executor } from "../seams/log-store.ts";
import { drizzle } from "./drizzle.ts";
import { knex } from "./knex.ts";
import { kysely } from "./kysely.ts";
import { isObject } from "./members.ts";
import { mikroOrm } from "./mikro-orm.ts";
import { pg } from "./pg.ts";
import { postgresJs } from "./postgres-js.ts";
import { prisma } from "./prisma.ts";
import type { Recognise } from "./recognised.ts";
import { describe, explainFailure, notTransaction } from "./refusal.ts";
import { sequelize } from "./sequelize.ts";
import { sqlite } from "./sqlite.ts";
import { typeorm } from "./typeorm.ts";

/** The most telling first: what has nothing but `query` may be any of several, and `pg` takes all that is left. */
const libraries: readonly Recognise[] = [
  ...[kysely, drizzle, prisma, mikroOrm, typeorm, sequelize, knex, postgresJs, sqlite],
  pg,
];

/**
 * Runs statements in a transaction of the product's, of whichever library it is. Throws `invalid_transaction` for what is
 * none, and `transaction_closed` for one that has ended, before anything is written; the statement itself throws
 * `invalid_transaction` where the transaction's database is another one than Hookwright's.
 */
export function executorIn(tx: unknown): Executor {
  if (isObject(tx)) {
    for (const recognise of libraries) {
      const recognised = recognise(tx);
      if (recognised !== null) return explaining(recognised);
    }
  }
  throw notTransaction(
    describe(tx),
    "Pass the transaction of Drizzle, Prisma, Kysely, pg, postgres.js, TypeORM, Knex, MikroORM, Sequelize, node:sqlite or " +
      "better-sqlite3, or an object with query(sql, parameters) that answers { rows }.",
  );
}

function explaining({ library, executor }: NonNullable<ReturnType<Recognise>>): Executor {
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
