import type { Kysely, RawBuilder } from "kysely";
import type { LeasesEnd } from "../seams/log-store.ts";

/*
 * All that differs between the databases, as data: `dialects/` has one record for each. The queries themselves are written
 * once, in the files next to this one.
 */

export type ColumnKind = "text" | "integer" | "bytes";
export type Cell = string | number | Uint8Array | null;

type Statement = RawBuilder<unknown>;
export type Statements = readonly Statement[];

/** Rows to be used as a table within one statement: the kinds of the columns, and the cells of each row in that order. */
export interface RowSource {
  readonly columns: Readonly<Record<string, ColumnKind>>;
  readonly rows: readonly (readonly Cell[])[];
}

/** Who asks for a lease, and for how long. */
export interface LeaseRequest {
  readonly owner: string;
  readonly leaseMs: number;
}

export interface Dialect {
  readonly name: "SQLite" | "PostgreSQL";
  /** Gives one row on a database that will do, and fails or gives none on any other. */
  readonly probe: Statement;
  /** Rejects unless the database takes writes; writes nothing. */
  readonly checkWritable: <DB>(db: Kysely<DB>) => Promise<void>;
  /** Gives one row if there is a table of the migrations that were run. */
  readonly findMigrations: Statement;
  /** Rejects, with a message that names the right that lacks, unless tables can be made. */
  readonly checkRights: <DB>(db: Kysely<DB>) => Promise<void>;
  /** How many slices the log is cut into, each with a reader of its own. Stored when the tables are made. */
  readonly shardCount: number;
  readonly tables: TableDialect;
  readonly leases: LeaseDialect;
  /** Null: events get their positions when they are inserted. */
  readonly sequencer: SequencerDialect | null;
  /** What makes one transaction, and one process at a time, of all migrations. */
  readonly beginMigration: Statements;
  /**
   * A table of these rows for a FROM clause, with the place of each row in `ordinal`. Its SQL text does not depend on
   * the number of rows, so it is prepared once.
   */
  readonly rowSource: (source: RowSource) => Statement;
  /** The parameters of such a table in their order: what is bound where its text was compiled before. */
  readonly rowParameters: (source: RowSource) => readonly unknown[];
  /**
   * An insert of events that gives the `id` of each row it inserted. May also give the first events of those of `keyed`,
   * rows of `id`, `contract`, `tenant` and `key`, that were not inserted; these have all the columns of an event.
   */
  readonly appendEvents: (insert: Statement, keyed: Statement) => Statement;
  /**
   * A table of what a subquery gives for each of these rows: `rows` makes it from the row's columns. With LATERAL it is
   * called once, and gets their names; otherwise it is called for each row, and gets the row's values.
   */
  readonly forEach: (source: RowSource, rows: (column: (name: string) => Statement) => Statement) => Statement;
  /** Whether `appendEvents` uses `keyed`, after the insert, and so gives the first events. */
  readonly answersFirstEvents: boolean;
  /**
   * Joins to the backlog's rows `head` the first `max` pending rows of each that are due by `now` and wait in a `place`,
   * a condition, as `p`.
   */
  readonly joinDue: (of: { readonly now: number; readonly max: number; readonly place: Statement }) => Statement;
  /** Joins the log's row with this position, as `l`. */
  readonly joinLog: (position: Statement) => Statement;
  /** Deletes the events with these positions, a subquery. */
  readonly dropEvents: (positions: Statement) => Statement;
  /** Whether a statement may write in a WITH clause, and so do the work of a transaction by itself. */
  readonly writesInWith: boolean;
  /** First statements of every transaction of ours. */
  readonly startTransaction: Statements;
  /**
   * First statements of a transaction that changes endpoints of these shards, or what is pending for them. One such
   * transaction of a shard runs at a time, and none has a place in the log before it is its turn. Shards are locked in
   * the order in which they are given.
   */
  readonly lockShards: (shards: readonly number[]) => Statements;
  /** Locks the rows that a query gives, in its order. Null: there is one writer, and nothing to lock. */
  readonly lockRows: (query: Statement) => Statement | null;
  /** Gives a row of `OpenWrite` for the oldest transaction that writes, if there is one. Null: none stays open. */
  readonly oldestWrite: Statement | null;
}

/** What the statements that make the tables are put together from. */
export interface TableDialect {
  /** `small` takes what is below 2 ** 31. */
  readonly types: Readonly<Record<ColumnKind | "small" | "assignedKey", Statement>>;
  /** The end of `create table`: for a table with a key that is assigned, and for one that is laid out by its own key. */
  readonly tableEnd: Readonly<Record<"assigned" | "keyed", Statement>>;
  /** Refers to an endpoint's key. */
  readonly endpointReference: Statement;
  /** The columns that give an event its place. */
  readonly eventPlace: Statement;
  /** What makes `hookwright_log`, events with their positions, of `hookwright_events`. */
  readonly log: Statements;
  /** What makes of it the log in which an event's trace stands as well. */
  readonly logWithTrace: Statements;
  /** What makes the sequencer's place in the log a snapshot. Nothing where there is no sequencer. */
  readonly snapshotSequencer: Statements;
  /** What `appendOnly` relies on. */
  readonly appendOnlySetup: Statements;
  /** Statements after which a table's rows stay as they are, but for a DELETE while `hookwright_pruning` has its row. */
  readonly appendOnly: (table: string, remedy: string) => Statements;
  /** What lets the payloads of events and attempts be taken out while `hookwright_erasing` has its row. */
  readonly erasable: Statements;
}

export interface LeaseDialect {
  readonly end: LeasesEnd;
  /** The database's time, in milliseconds since 1970. */
  readonly now: Statement;
  /** When a lease that is taken now ends. */
  readonly endOf: (leaseMs: number) => Statement;
  /** A condition on `until`: another owner's lease may be taken. */
  readonly isFree: Statement;
  /** Whether an owner who lost all its shards may have shards again. */
  readonly canReturn: boolean;
  /** First statements of a transaction that changes leases; one such runs at a time. */
  readonly lock: Statements;
}

export interface SequencerLook {
  /**
   * `done`: as many as there are, or as were asked for. `finished`: as many as there are in the snapshot of an earlier
   * look; there may be more. `lost`: the lease has ended, or another owner has it. `restored`: the events were written in
   * another cluster. `overtaken`: positions were given, or the lease went, while the statement ran; it is to be run again.
   */
  readonly outcome: "done" | "finished" | "lost" | "restored" | "overtaken";
  /** How many events have got their positions, if the outcome is one of the first two. */
  readonly positioned: number;
}

/** Gives events their positions once they are committed. */
export interface SequencerDialect {
  /** Takes or renews the right to do so, and gives its `epoch`; no row while another owner has it. */
  readonly elect: (request: LeaseRequest) => Statement;
  readonly release: (owner: string) => Statement;
  /**
   * Positions up to `limit` events, and gives a row of `SequencerLook`.
   */
  readonly sequence: (lease: { readonly owner: string; readonly epoch: number }, limit: number) => Statement;
  /**
   * The same, and reads the log with what was positioned: for each row of `asked` a page with these columns of the log as
   * `l`. Gives a row for each event, with those of `SequencerLook` in each; one row without an event when there is none.
   */
  readonly sequenceAndRead: (
    lease: { readonly owner: string; readonly epoch: number },
    limit: number,
    read: { readonly asked: Statement; readonly columns: Statement },
  ) => Statement;
  /**
   * For a database that was restored into another cluster: positions all that have none, and gives a row if the lease is
   * good and the database was restored.
   */
  readonly rebase: (lease: { readonly owner: string; readonly epoch: number }) => Statement;
}
