import type { ProductTransaction } from "../../../runtime/transactions/product-transaction.ts";

/** Inside a transaction of a library. */
export interface Inside {
  /** What the library hands to the product. */
  readonly tx: ProductTransaction;
  /** Writes a row of the product's own, with the library. */
  readonly insert: (id: string) => Promise<unknown>;
  /** Runs work behind a savepoint, and rolls back to it when that throws. */
  readonly savepoint: (work: (inner: Inside) => Promise<void>) => Promise<void>;
}

/** A library as a product uses it. */
export interface Library {
  readonly name: string;
  readonly open: (database: string) => Promise<Opened>;
  /** Whether its statements can be counted: those of `pg` are. */
  readonly runsThroughPg: boolean;
  /**
   * What an emit after the end is refused with. A connection of SQLite is in no transaction then, as before the first. Null:
   * postgres.js runs it on any connection, and nothing tells that its transaction has ended.
   */
  readonly lateCode: "transaction_closed" | "invalid_transaction" | null;
}

export interface Opened {
  /** Commits, or rolls back when the work throws, and rejects then. */
  readonly transaction: (work: (inside: Inside) => Promise<void>) => Promise<void>;
  /** What a product may give by mistake: the objects whose statements each commit alone. */
  readonly pools: readonly unknown[];
  readonly close: () => Promise<unknown>;
}

export const insertion = "insert into shop_orders (id) values";

/** For libraries whose savepoints are statements of the product's own. */
export async function behindSavepoint(run: (sql: string) => unknown, work: () => Promise<void>): Promise<void> {
  await run("savepoint of_product");
  try {
    await work();
    await run("release savepoint of_product");
  } catch (error) {
    await run("rollback to savepoint of_product");
    throw error;
  }
}

/** For libraries whose transactions are statements of the product's own. */
export async function betweenStatements(run: (sql: string) => unknown, begin: string, work: () => Promise<void>) {
  await run(begin);
  try {
    await work();
    await run("commit");
  } catch (error) {
    await run("rollback");
    throw error;
  }
}
