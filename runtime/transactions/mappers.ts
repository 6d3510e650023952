import { isObject, methodOf, objectOf, rowsOf } from "./members.ts";
import { withNumbers } from "./placeholders.ts";
import { knex, kysely } from "./query-builders.ts";
import type { Recognise } from "./recognised.ts";
import { notTransaction, transactionClosed } from "./refusal.ts";

/** `prisma.$transaction(async (tx) => …)`. */
export const prisma: Recognise = (tx) => {
  const query = methodOf(tx, "$queryRawUnsafe");
  if (query === null) return null;
  if (methodOf(tx, "$connect") !== null) {
    throw notTransaction(
      "a PrismaClient, whose statements each commit alone",
      "Pass the tx of prisma.$transaction(async (tx) => …).",
    );
  }
  return {
    library: "Prisma",
    executor: { query: async (sql, parameters) => rowsOf(await query(sql, ...parameters)) },
  };
};

/** `dataSource.transaction(async (manager) => …)`, or a query runner on which `startTransaction()` was called. */
export const typeorm: Recognise = (tx) => {
  if (methodOf(tx, "query") === null) return null;
  if (methodOf(tx, "createQueryRunner") !== null || isDetachedManager(tx)) {
    throw notTransaction(
      "a DataSource of TypeORM or its own manager, whose statements each commit alone",
      "Pass the manager of dataSource.transaction(async (manager) => …), or a query runner after startTransaction().",
    );
  }
  const runner = objectOf(tx, "queryRunner") ?? tx;
  const query = methodOf(runner, "query");
  if (query === null || typeof Reflect.get(runner, "isTransactionActive") !== "boolean") return null;
  if (Reflect.get(runner, "isTransactionActive") !== true) throw transactionClosed("TypeORM");
  const options = objectOf(objectOf(runner, "dataSource") ?? objectOf(runner, "connection") ?? runner, "options");
  return {
    library: "TypeORM",
    executor: { query: async (sql, parameters) => rowsOf(await query(sql, [...parameters])) },
    driver: options !== null && Reflect.get(options, "type") === "better-sqlite3" ? "better-sqlite3" : undefined,
  };
};

function isDetachedManager(tx: object): boolean {
  return methodOf(tx, "getRepository") !== null && objectOf(tx, "queryRunner") === null;
}

/** `em.transactional(async (em) => …)`: its context is a transaction of Kysely, or before version 7 of Knex. */
export const mikroOrm: Recognise = (tx) => {
  const contextOf = methodOf(tx, "getTransactionContext");
  if (contextOf === null) return null;
  const context = contextOf();
  const recognised = isObject(context) ? (kysely(context) ?? knex(context)) : null;
  if (recognised === null) {
    throw notTransaction(
      "an EntityManager of MikroORM that is in no transaction",
      "Pass the em of em.transactional(async (em) => …).",
    );
  }
  return { ...recognised, library: "MikroORM" };
};

/** `sequelize.transaction(async (transaction) => …)` and `await sequelize.transaction()`. */
export const sequelize: Recognise = (tx) => {
  if (methodOf(tx, "authenticate") !== null && methodOf(tx, "define") !== null) {
    throw notTransaction(
      "a Sequelize instance, whose statements each commit alone",
      "Pass the transaction of sequelize.transaction(async (transaction) => …).",
    );
  }
  const instance = objectOf(tx, "sequelize");
  const query = instance && methodOf(instance, "query");
  if (!query || methodOf(tx, "commit") === null || methodOf(tx, "rollback") === null) return null;
  if (typeof Reflect.get(tx, "finished") === "string") throw transactionClosed("Sequelize");
  const run = async (sql: string, parameters: readonly unknown[]) => {
    // It takes numbers for every database, and makes of them what the driver wants.
    const statement = withNumbers({ sql, parameters });
    return rowsOf(await query(statement.sql, { bind: [...parameters], transaction: tx, type: "SELECT" }));
  };
  return { library: "Sequelize", executor: { query: run } };
};
