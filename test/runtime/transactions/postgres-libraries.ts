import { MikroORM, type EntityManager } from "@mikro-orm/postgresql";
import { EntitySchema } from "@mikro-orm/core";
import { PrismaPg } from "@prisma/adapter-pg";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { drizzle as drizzleOnPostgresJs } from "drizzle-orm/postgres-js";
import knexOf, { type Knex } from "knex";
import { Kysely, PostgresDialect, sql as kyselySql, type Transaction } from "kysely";
import pg from "pg";
import postgres from "postgres";
import { Sequelize } from "sequelize";
import { DataSource, type EntityManager as TypeOrmManager } from "typeorm";
import { behindSavepoint, betweenStatements, insertion, type Inside, type Library } from "./libraries.ts";
import { PrismaClient, type Prisma } from "./prisma/client/client.ts";

const pgLibrary: Library = {
  name: "pg",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    const inside = (tx: pg.PoolClient): Inside => ({
      tx,
      insert: (id) => tx.query(`${insertion} ($1)`, [id]),
      savepoint: (work) =>
        behindSavepoint(
          (text) => tx.query(text),
          () => work(inside(tx)),
        ),
    });
    return {
      transaction: async (work) => {
        const client = await pool.connect();
        try {
          await betweenStatements(
            (text) => client.query(text),
            "begin",
            () => work(inside(client)),
          );
        } finally {
          client.release();
        }
      },
      pools: [pool],
      close: () => pool.end(),
    };
  },
};

const postgresJsLibrary: Library = {
  name: "postgres.js",
  runsThroughPg: false,
  lateCode: null,
  open: async (url) => {
    const pool = postgres(url, { max: 2 });
    const inside = (tx: postgres.TransactionSql): Inside => ({
      tx,
      insert: (id) => tx`insert into shop_orders (id) values (${id})`,
      savepoint: async (work) => void (await tx.savepoint((inner) => work(inside(inner)))),
    });
    return {
      transaction: async (work) => void (await pool.begin((tx) => work(inside(tx)))),
      pools: [pool],
      close: () => pool.end(),
    };
  },
};

const kyselyLibrary: Library = {
  name: "Kysely",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const db = new Kysely<object>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) });
    const inside = (tx: Transaction<object>): Inside => ({
      tx,
      insert: (id) => kyselySql`insert into shop_orders (id) values (${id})`.execute(tx),
      savepoint: (work) =>
        behindSavepoint(
          (text) => kyselySql.raw(text).execute(tx),
          () => work(inside(tx)),
        ),
    });
    return {
      transaction: (work) => db.transaction().execute((tx) => work(inside(tx))),
      pools: [db],
      close: () => db.destroy(),
    };
  },
};

const drizzleLibrary: Library = {
  name: "Drizzle on pg",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const pool = new pg.Pool({ connectionString: url });
    const db = drizzle(pool);
    type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0];
    const inside = (tx: Tx): Inside => ({
      tx,
      insert: (id) => tx.execute(sql`insert into shop_orders (id) values (${id})`),
      savepoint: (work) => tx.transaction((inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => db.transaction((tx) => work(inside(tx))),
      pools: [db],
      close: () => pool.end(),
    };
  },
};

const drizzleOnPostgresJsLibrary: Library = {
  name: "Drizzle on postgres.js",
  runsThroughPg: false,
  lateCode: null,
  open: async (url) => {
    const pool = postgres(url);
    const db = drizzleOnPostgresJs(pool);
    type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0];
    const inside = (tx: Tx): Inside => ({
      tx,
      insert: (id) => tx.execute(sql`insert into shop_orders (id) values (${id})`),
      savepoint: (work) => tx.transaction((inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => db.transaction((tx) => work(inside(tx))),
      pools: [db],
      close: () => pool.end(),
    };
  },
};

const prismaLibrary: Library = {
  name: "Prisma with the driver adapter of pg",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
    const inside = (tx: Prisma.TransactionClient): Inside => ({
      tx,
      insert: (id) => tx.order.create({ data: { id } }),
      savepoint: (work) =>
        behindSavepoint(
          (text) => tx.$executeRawUnsafe(text),
          () => work(inside(tx)),
        ),
    });
    return {
      transaction: (work) => prisma.$transaction((tx) => work(inside(tx))),
      pools: [prisma],
      close: () => prisma.$disconnect(),
    };
  },
};

const typeOrmLibrary: Library = {
  name: "TypeORM",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const dataSource = await new DataSource({ type: "postgres", url }).initialize();
    const inside = (tx: TypeOrmManager): Inside => ({
      tx,
      insert: (id) => tx.query(`${insertion} ($1)`, [id]),
      savepoint: (work) => tx.transaction((inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => dataSource.transaction((tx) => work(inside(tx))),
      pools: [dataSource, dataSource.manager],
      close: () => dataSource.destroy(),
    };
  },
};

const typeOrmRunnerLibrary: Library = {
  name: "TypeORM's query runner",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const dataSource = await new DataSource({ type: "postgres", url }).initialize();
    return {
      transaction: async (work) => {
        const tx = dataSource.createQueryRunner();
        const inside: Inside = {
          tx,
          insert: (id) => tx.query(`${insertion} ($1)`, [id]),
          savepoint: (work) =>
            behindSavepoint(
              (text) => tx.query(text),
              () => work(inside),
            ),
        };
        await tx.startTransaction();
        try {
          await work(inside);
          await tx.commitTransaction();
        } catch (error) {
          await tx.rollbackTransaction();
          throw error;
        } finally {
          await tx.release();
        }
      },
      pools: [dataSource],
      close: () => dataSource.destroy(),
    };
  },
};

const knexLibrary: Library = {
  name: "Knex",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const knex = knexOf({ client: "pg", connection: url });
    const inside = (tx: Knex.Transaction): Inside => ({
      tx,
      insert: (id) => tx("shop_orders").insert({ id }),
      savepoint: (work) => tx.transaction((inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => knex.transaction((tx) => work(inside(tx))),
      pools: [knex],
      close: () => knex.destroy(),
    };
  },
};

const mikroOrmLibrary: Library = {
  name: "MikroORM",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const order = new EntitySchema<{ id: string }>({
      name: "Order",
      tableName: "shop_orders",
      properties: { id: { type: "string", primary: true } },
    });
    const orm = await MikroORM.init({ clientUrl: url, entities: [order] });
    const inside = (tx: EntityManager): Inside => ({
      tx,
      insert: (id) => tx.insert(order, { id }),
      savepoint: (work) => tx.transactional((inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => orm.em.fork().transactional((tx) => work(inside(tx))),
      pools: [orm.em, orm.em.fork()],
      close: () => orm.close(true),
    };
  },
};

const sequelizeLibrary: Library = {
  name: "Sequelize",
  runsThroughPg: true,
  lateCode: "transaction_closed",
  open: async (url) => {
    const sequelize = new Sequelize(url, { logging: false });
    type Tx = Awaited<ReturnType<typeof sequelize.transaction>>;
    const inside = (tx: Tx): Inside => ({
      tx,
      insert: (id) => sequelize.query(`${insertion} ($1)`, { bind: [id], transaction: tx }),
      savepoint: (work) => sequelize.transaction({ transaction: tx }, (inner) => work(inside(inner))),
    });
    return {
      transaction: (work) => sequelize.transaction((tx) => work(inside(tx))),
      pools: [sequelize],
      close: () => sequelize.close(),
    };
  },
};

export const postgresLibraries: readonly Library[] = [
  drizzleLibrary,
  drizzleOnPostgresJsLibrary,
  prismaLibrary,
  kyselyLibrary,
  pgLibrary,
  postgresJsLibrary,
  typeOrmLibrary,
  typeOrmRunnerLibrary,
  knexLibrary,
  mikroOrmLibrary,
  sequelizeLibrary,
];
