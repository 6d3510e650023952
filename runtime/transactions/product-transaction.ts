import type { QueryExecutorProvider } from "kysely";

/*
 * The form of each library's transaction, as the type checker sees it. Members of the type `never` are what a pool or a
 * whole database has and a transaction has not, so that one of those is a type error in the editor.
 */

/** A client of `pg` after BEGIN, or any object with `query(sql, parameters)`. */
export interface QueryTransaction {
  query(sql: string, parameters: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  readonly totalCount?: never;
  readonly transaction?: never;
  readonly createQueryRunner?: never;
}

/** The `tx` of Kysely's `db.transaction().execute(async (tx) => …)`. */
export interface KyselyTransaction extends QueryExecutorProvider {
  readonly isTransaction: true;
}

/** The `tx` of Drizzle's `db.transaction(async (tx) => …)` on PostgreSQL. */
export interface DrizzlePostgresTransaction {
  execute(query: string): PromiseLike<unknown>;
  rollback(): never;
}

/** The `tx` of Drizzle's `db.transaction(…)` on SQLite. */
export interface DrizzleSqliteTransaction {
  all(query: string): unknown;
  run(query: string): unknown;
  rollback(): never;
}

/** The `tx` of Prisma's `prisma.$transaction(async (tx) => …)`. */
export interface PrismaTransaction {
  $queryRawUnsafe(query: string, ...values: unknown[]): PromiseLike<unknown>;
  readonly $connect?: never;
}

/** The `tx` of postgres.js' `sql.begin(async (tx) => …)`. */
export interface PostgresJsTransaction {
  unsafe(query: string): PromiseLike<unknown>;
  savepoint(work: never): unknown;
}

/** The `manager` of TypeORM's `dataSource.transaction(async (manager) => …)`. */
export interface TypeOrmTransaction {
  query(query: string, parameters?: unknown[]): Promise<unknown>;
  readonly queryRunner?: object;
  readonly createQueryRunner?: never;
  getRepository(target: string): unknown;
}

/** A query runner of TypeORM after `startTransaction()`. */
export interface TypeOrmQueryRunner {
  query(query: string, parameters?: unknown[]): Promise<unknown>;
  readonly isTransactionActive: boolean;
}

/** The `trx` of Knex' `knex.transaction(async (trx) => …)`. */
export interface KnexTransaction {
  raw(sql: string, bindings: readonly string[]): PromiseLike<unknown>;
  isCompleted(): boolean;
}

/** The `em` of MikroORM's `em.transactional(async (em) => …)`. */
export interface MikroOrmTransaction {
  getTransactionContext(): unknown;
}

/** The `transaction` of Sequelize's `sequelize.transaction(async (transaction) => …)`. */
export interface SequelizeTransaction {
  commit(): Promise<void>;
  rollback(): Promise<void>;
  afterCommit(work: never): unknown;
}

/** A connection of `node:sqlite` after BEGIN. */
export interface NodeSqliteTransaction {
  prepare(sql: string): unknown;
  exec(sql: string): unknown;
  readonly isTransaction: boolean;
}

/** A connection of better-sqlite3 after BEGIN, or inside `db.transaction(() => …)`. */
export interface BetterSqlite3Transaction {
  prepare(sql: string): unknown;
  exec(sql: string): unknown;
  readonly inTransaction: boolean;
}

/**
 * The product's transaction: the event is delivered if it commits, and never was if it does not. Which library it is of is
 * told by its members, so each is taken as it is. On SQLite it has to be on the connection that Hookwright was opened with, or
 * on one of its own: an emit without `tx` waits for the former, and inside a transaction on it would wait for ever.
 */
export type ProductTransaction =
  | QueryTransaction
  | KyselyTransaction
  | DrizzlePostgresTransaction
  | DrizzleSqliteTransaction
  | PrismaTransaction
  | PostgresJsTransaction
  | TypeOrmTransaction
  | TypeOrmQueryRunner
  | KnexTransaction
  | MikroOrmTransaction
  | SequelizeTransaction
  | NodeSqliteTransaction
  | BetterSqlite3Transaction;
