import type BetterSqlite3 from "better-sqlite3";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { Knex } from "knex";
import type { Kysely, Transaction } from "kysely";
import type pg from "pg";
import type postgres from "postgres";
import type { Sequelize } from "sequelize";
import type { DataSource, EntityManager } from "typeorm";
import { expectTypeOf, test } from "vitest";
import type { ProductTransaction } from "../../../runtime/transactions/product-transaction.ts";
import type { Prisma, PrismaClient } from "./prisma/client/client.ts";

test("a transaction of each library is taken as tx", () => {
  expectTypeOf<Parameters<Parameters<NodePgDatabase["transaction"]>[0]>[0]>().toExtend<ProductTransaction>();
  expectTypeOf<Prisma.TransactionClient>().toExtend<ProductTransaction>();
  expectTypeOf<Transaction<object>>().toExtend<ProductTransaction>();
  expectTypeOf<pg.PoolClient>().toExtend<ProductTransaction>();
  expectTypeOf<postgres.TransactionSql>().toExtend<ProductTransaction>();
  expectTypeOf<EntityManager>().toExtend<ProductTransaction>();
  expectTypeOf<Knex.Transaction>().toExtend<ProductTransaction>();
  expectTypeOf<BetterSqlite3.Database>().toExtend<ProductTransaction>();
});

test("a pool or a whole database is a type error", () => {
  expectTypeOf<pg.Pool>().not.toExtend<ProductTransaction>();
  expectTypeOf<postgres.Sql>().not.toExtend<ProductTransaction>();
  expectTypeOf<NodePgDatabase>().not.toExtend<ProductTransaction>();
  expectTypeOf<PrismaClient>().not.toExtend<ProductTransaction>();
  expectTypeOf<Kysely<object>>().not.toExtend<ProductTransaction>();
  expectTypeOf<DataSource>().not.toExtend<ProductTransaction>();
  expectTypeOf<Knex>().not.toExtend<ProductTransaction>();
  expectTypeOf<Sequelize>().not.toExtend<ProductTransaction>();
  expectTypeOf<string>().not.toExtend<ProductTransaction>();
});
