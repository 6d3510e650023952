import { DatabaseSync } from "node:sqlite";
import BetterSqlite3 from "better-sqlite3";
import knexOf, { type Knex } from "knex";
import { DataSource, type EntityManager } from "typeorm";
import { behindSavepoint, betweenStatements, insertion, type Inside, type Library } from "./libraries.ts";

/** As every library's connection waits for the engine's. */
const busy = "pragma busy_timeout = 5000";

export const nodeSqlite: Library = {
  name: "node:sqlite",
  runsThroughPg: false,
  lateCode: "invalid_transaction",
  open: async (path) => {
    const tx = new DatabaseSync(path);
    tx.exec(busy);
    const inside: Inside = {
      tx,
      insert: async (id) => tx.prepare(`${insertion} (?)`).run(id),
      savepoint: (work) =>
        behindSavepoint(
          (text) => tx.exec(text),
          () => work(inside),
        ),
    };
    return {
      transaction: (work) =>
        betweenStatements(
          (text) => tx.exec(text),
          "begin immediate",
          () => work(inside),
        ),
      pools: [tx],
      close: async () => tx.close(),
    };
  },
};

const betterSqlite3: Library = {
  name: "better-sqlite3",
  runsThroughPg: false,
  lateCode: "invalid_transaction",
  open: async (path) => {
    const tx = new BetterSqlite3(path);
    const inside: Inside = {
      tx,
      insert: async (id) => tx.prepare(`${insertion} (?)`).run(id),
      savepoint: (work) =>
        behindSavepoint(
          (text) => tx.exec(text),
          () => work(inside),
        ),
    };
    return {
      transaction: (work) =>
        betweenStatements(
          (text) => tx.exec(text),
          "begin immediate",
          () => work(inside),
        ),
      pools: [tx],
      close: async () => tx.close(),
    };
  },
};

const knex: Library = {
  name: "Knex on better-sqlite3",
  runsThroughPg: false,
  lateCode: "transaction_closed",
  open: async (path) => {
    const db = knexOf({ client: "better-sqlite3", connection: { filename: path }, useNullAsDefault: true });
    const inside = (tx: Knex.Transaction): Inside => ({
      tx,
      insert: (id) => tx("shop_orders").insert({ id }),
      savepoint: (work) => tx.transaction((inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => db.transaction((tx) => work(inside(tx))),
      pools: [db],
      close: () => db.destroy(),
    };
  },
};

const typeOrm: Library = {
  name: "TypeORM on better-sqlite3",
  runsThroughPg: false,
  lateCode: "transaction_closed",
  open: async (path) => {
    const dataSource = await new DataSource({ type: "better-sqlite3", database: path }).initialize();
    const inside = (tx: EntityManager): Inside => ({
      tx,
      insert: (id) => tx.query(`${insertion} (?)`, [id]),
      savepoint: (work) => tx.transaction((inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => dataSource.transaction((tx) => work(inside(tx))),
      pools: [dataSource],
      close: () => dataSource.destroy(),
    };
  },
};

export const betterSqlite3Libraries: readonly Library[] = [betterSqlite3, knex, typeOrm];
