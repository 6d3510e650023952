import type { Executor } from "../seams/log-store.ts";

/** A transaction of a library, and how a statement is run in it. */
export interface Recognised {
  /** As its authors write it. */
  readonly library: string;
  readonly executor: Executor;
  /** The driver below, where it brings a SQLite of its own along. */
  readonly driver?: "better-sqlite3" | undefined;
}

/**
 * Null: the object is none of this library's. Throws `invalid_transaction` for an object of the library that is no
 * transaction, and `transaction_closed` for one that has ended.
 */
export type Recognise = (tx: object) => Recognised | null;
