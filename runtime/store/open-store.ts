import { Kysely } from "kysely";
import { HookwrightError } from "../errors.ts";
import type { Store } from "../store.ts";
import { apiKeyStore } from "./api-keys.ts";
import { deliveryStore } from "./deliveries.ts";
import { sqlite, type Dialect } from "./dialects.ts";
import { endpointStore } from "./endpoints.ts";
import { eventStore } from "./events.ts";
import { logStore } from "./log.ts";
import { migrate } from "./migrate.ts";
import type { Database, Source } from "./schema.ts";
import { sqliteDialect } from "./sqlite.ts";

export interface OpenStoreOptions<DB> {
  /**
   * A path of a SQLite file, made with its folder when it is missing, or `":memory:"`; or the product's own Kysely
   * instance on SQLite, in whose database the tables, all named `hookwright_…`, are then kept.
   */
  readonly database: string | Kysely<DB>;
}

export type OpenedStore = Store & {
  /** The database the store works on, such as for a transaction to emit in. */
  readonly database: Kysely<Database>;
};

/**
 * Opens the database, brings its tables up to date, and returns the seam to it. Throws `invalid_configuration` when the
 * database is of another kind or was migrated by a newer version. `close` leaves a Kysely instance that was handed in
 * open.
 */
export async function openStore<DB = Database>({ database }: OpenStoreOptions<DB>): Promise<OpenedStore> {
  if (typeof database !== "string") {
    return migrated({ database, name: "The Kysely instance that was given", close: async () => {} });
  }
  const own = new Kysely<Database>({ dialect: sqliteDialect(database) });
  try {
    return await migrated({ database: own, name: `The file ${database}`, close: () => own.destroy() });
  } catch (error) {
    await own.destroy();
    throw error;
  }
}

interface Connected<DB> {
  readonly database: Kysely<DB>;
  readonly name: string;
  readonly close: () => Promise<void>;
}

async function migrated<DB>({ database, name, close }: Connected<DB>): Promise<OpenedStore> {
  // The tables the store uses are there once it has migrated, whatever else the product's instance knows of.
  const db = database.withoutPlugins() as Kysely<unknown> as Kysely<Database>;
  const dialect = await dialectOf(db, name);
  await migrate(db, dialect);
  const shards = await db.selectFrom("hookwright_shards").select("shard").execute();
  return { ...partsOf({ db, dialect, shardCount: shards.length }), database: db, close };
}

/** Asks the database and not Kysely's adapter, of which the product may have another copy. */
async function dialectOf(db: Kysely<Database>, name: string): Promise<Dialect> {
  const answer = await sqlite.probe.execute(db).catch((cause: unknown) => notUsable(name, cause));
  return answer.rows.length === 1 ? sqlite : notUsable(name, new Error("it gave no version"));
}

function notUsable(name: string, cause: unknown): never {
  const came = cause instanceof Error ? cause.message : String(cause);
  const message = `${name} does not answer as a SQLite database does: ${came}. Give a path or an instance that does.`;
  throw new HookwrightError("invalid_configuration", message, { cause });
}

function partsOf(source: Source): Omit<OpenedStore, "database" | "close"> {
  return {
    log: logStore(source),
    endpoints: endpointStore(source),
    deliveries: deliveryStore(source),
    events: eventStore(source),
    apiKeys: apiKeyStore(source),
    ping: async () => {
      await source.db.selectFrom("hookwright_shards").select("shard").limit(1).execute();
    },
  };
}
