import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { systemClock } from "../seams/clock.ts";
import { HookwrightError } from "../errors.ts";
import type { LeasesEnd } from "../seams/log-store.ts";
import type { DeclarationNumbers } from "../contracts/needs.ts";
import type { Signals } from "../seams/signals.ts";
import type { Store } from "../seams/store.ts";
import type { ActionStore } from "../seams/action-store.ts";
import type { ProcessStore } from "../seams/process-store.ts";
import type { RedeliveryStore } from "../seams/redelivery-store.ts";
import { actionStore } from "./actions.ts";
import { apiKeyStore } from "./api-keys.ts";
import { countStore } from "./counts.ts";
import { numberDeclarations } from "./declarations.ts";
import { deliveryStore } from "./deliveries.ts";
import { deliveryLogStore } from "./delivery-log.ts";
import { operatorStore } from "./operator-views.ts";
import type { Dialect } from "./dialects.ts";
import { postgres } from "./dialects/postgres.ts";
import { sqlite } from "./dialects/sqlite.ts";
import { endpointStore } from "./endpoints.ts";
import { eventStore } from "./events.ts";
import { feedStore } from "./feeds.ts";
import { idempotencyStore } from "./idempotency.ts";
import { logStore } from "./log.ts";
import { migrate, migrationScript, migrationStatus, type MigrationStatus } from "./migrate.ts";
import {
  answersWithinMs,
  clientOf,
  createPool,
  guard,
  isPostgresUrl,
  type PoolSettings,
  type PostgresPool,
} from "./postgres.ts";
import { portalTokenStore } from "./portal-tokens.ts";
import { redeliveryStore } from "./redeliveries.ts";
import { retentionStore } from "./retention.ts";
import type { Database, Source } from "./schema.ts";
import { sealedStore } from "./sealed.ts";
import { processStore } from "./processes.ts";
import { createSignals, type OpenedSignals } from "./signals.ts";
import { signingKeyStore } from "./signing-keys.ts";
import { sqliteDialect } from "./sqlite.ts";
import { streamStore } from "./streams.ts";
import { subscriberStore } from "./subscribers.ts";
import { wholeNumbers } from "./whole-numbers.ts";

export interface OpenStoreOptions<DB> extends PoolSettings {
  /**
   * The URL of a PostgreSQL database, `postgres://…`; a path of a SQLite file, made with its folder when it is missing,
   * or `":memory:"`; or the product's own `pg.Pool` or Kysely instance, in whose database the tables, all named
   * `hookwright_…`, are then kept. With a Kysely instance on PostgreSQL, other processes are not notified and look for
   * new events themselves: four times a second, and once a second when nothing has come for ten seconds.
   */
  readonly database: string | Kysely<DB> | PostgresPool;
}

export type OpenedStore = Store & {
  readonly actions: ActionStore;
  readonly redeliveries: RedeliveryStore;
  readonly processes: ProcessStore;
  /** Numbers the declarations of contracts by their hashes: one that is new comes after all that were there. */
  readonly numberDeclarations: (hashes: ReadonlyMap<string, string>) => Promise<DeclarationNumbers>;
  readonly leasesEnd: LeasesEnd;
  /** How many slices the log is cut into. */
  readonly shardCount: number;
  /** The database the store works on, such as for a transaction to emit in. */
  readonly database: Kysely<Database>;
};

/**
 * Opens the database, brings its tables up to date, and returns the seam to it. Throws `invalid_configuration` when the
 * database is of another kind or was migrated by a newer version. `close` leaves what was handed in open.
 */
export async function openStore<DB = Database>(options: OpenStoreOptions<DB>): Promise<OpenedStore> {
  const connected = connect(options);
  try {
    return await migrated(connected);
  } catch (error) {
    await connected.close();
    throw error;
  }
}

/** What `hookwright migrate` does, on a connection of its own. */
export interface Migrating {
  readonly status: () => Promise<readonly MigrationStatus[]>;
  /** The statements that are to be run, without running them. */
  readonly script: () => Promise<string>;
  readonly migrate: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a database as it is, without bringing its tables up to date. */
export async function openMigrating(options: OpenStoreOptions<Database>): Promise<Migrating> {
  const { patientDb: db, close, ...connected } = connect(options);
  try {
    const dialect = await dialectOf(db, connected);
    return {
      status: () => migrationStatus(db, dialect),
      script: () => migrationScript(db, dialect),
      migrate: () => migrate(db, dialect),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A database, before it is known which one it is. */
interface Connected {
  readonly db: Kysely<Database>;
  /** The same, with statements that may take as long as they take. */
  readonly patientDb: Kysely<Database>;
  /** In the order in which they are tried. */
  readonly dialects: readonly Dialect[];
  readonly name: string;
  readonly signals: OpenedSignals | null;
  /** Where a SQLite database of our own is kept. Null: nowhere, or not for us to know. */
  readonly file: string | null;
  readonly close: () => Promise<void>;
}

function connect<DB>({ database, ...settings }: OpenStoreOptions<DB>): Connected {
  if (typeof database !== "string") return "selectFrom" in database ? onInstance(database) : onPool(database);
  if (isPostgresUrl(database)) {
    const pool = createPool(database, settings);
    const connected = onPool(pool);
    return {
      ...connected,
      name: `The database ${nameOf(database)}`,
      close: () => connected.close().then(() => (pool.ending ? undefined : pool.end())),
    };
  }
  const db = new Kysely<Database>({ dialect: sqliteDialect(database) });
  const file = database === ":memory:" ? null : database;
  return {
    db,
    patientDb: db,
    dialects: [sqlite],
    name: `The file ${database}`,
    signals: null,
    file,
    close: () => db.destroy(),
  };
}

function onInstance<DB>(database: Kysely<DB>): Connected {
  // The tables the store uses are there once it has migrated, whatever else the product's instance knows of. PostgreSQL
  // comes first, because it writes every statement that it does not know to its log.
  const db = database.withoutPlugins() as Kysely<unknown> as Kysely<Database>;
  const dialects = [postgres, sqlite];
  const name = "The Kysely instance that was given";
  return { db, patientDb: db, dialects, name, signals: null, file: null, close: async () => {} };
}

function onPool(pool: PostgresPool): Connected {
  const signals = createSignals(clientOf(pool), systemClock);
  // Never destroyed: that would end the pool.
  const [db, patientDb] = [answersWithinMs, null].map(
    (ms) => new Kysely<Database>({ dialect: new PostgresDialect({ pool: guard(pool, { answersWithinMs: ms }) }) }),
  ) as [Kysely<Database>, Kysely<Database>];
  const name = "The pool that was given";
  return { db, patientDb, dialects: [postgres], name, signals, file: null, close: signals.close };
}

/** Without its password. */
function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

async function migrated({
  db: given,
  patientDb,
  dialects,
  name,
  signals,
  file,
  close,
}: Connected): Promise<OpenedStore> {
  const dialect = await dialectOf(given, { dialects, name });
  const db = given.withPlugin(wholeNumbers);
  await migrate(patientDb, dialect);
  const shards = await db.selectFrom("hookwright_shards").select("shard").where("need", "is", null).execute();
  return { ...partsOf({ db, dialect, shardCount: shards.length }, { signals, file }), database: db, close };
}

/** Asks the database and not Kysely's adapter, of which the product may have another copy. */
async function dialectOf(db: Kysely<Database>, of: Pick<Connected, "dialects" | "name">): Promise<Dialect> {
  const came: unknown[] = [];
  for (const dialect of of.dialects) {
    try {
      const answer = await dialect.probe.execute(db);
      if (answer.rows.length === 1) return dialect;
      came.push("it gave no version, or one that is too old");
    } catch (error) {
      came.push(error);
    }
  }
  const names = of.dialects.map((dialect) => dialect.name).join(" or ");
  const reasons = came.map((each) => (each instanceof Error ? each.message : String(each))).join("; ");
  const message = `${of.name} does not answer as a ${names} database does: ${reasons}. Give one that does.`;
  throw new HookwrightError("invalid_configuration", message, { cause: came.at(-1) });
}

function partsOf(
  source: Source,
  { signals, file }: { readonly signals: Signals | null; readonly file: string | null },
): Omit<OpenedStore, "database" | "close"> {
  return {
    log: logStore(source, signals),
    endpoints: endpointStore(source),
    subscribers: subscriberStore(source),
    deliveries: deliveryStore(source),
    deliveryLog: deliveryLogStore(source),
    operator: operatorStore(source),
    redeliveries: redeliveryStore(source),
    leasesEnd: source.dialect.leases.end,
    shardCount: source.shardCount,
    events: eventStore(source),
    feeds: feedStore(source),
    retention: retentionStore(source),
    processes: processStore(source),
    apiKeys: apiKeyStore(source),
    actions: actionStore(source),
    portalTokens: portalTokenStore(source),
    sealed: sealedStore(source),
    numberDeclarations: (hashes) => numberDeclarations(source, hashes),
    counts: countStore(source),
    idempotency: idempotencyStore(source),
    streams: streamStore(source),
    signingKeys: signingKeyStore(source),
    ping: () => checkWritable(source, file),
  };
}

/** Less than that, and the next checkpoint of the log beside the file may not find room. */
const freeBytesMin = 1024 * 1024;

/** Rejects, with an error that `unavailability` knows, unless the database answers and can be written to; writes nothing. */
async function checkWritable({ db, dialect }: Pick<Source, "db" | "dialect">, file: string | null): Promise<void> {
  await dialect.checkWritable(db);
  if (file === null) return;
  const { bavail, bsize } = await statfs(dirname(file));
  if (bavail * bsize >= freeBytesMin) return;
  throw Object.assign(new Error(`The disk of ${file} is full.`), { code: "ERR_SQLITE_ERROR", errcode: 13 });
}
