import pg from "pg";
import { createPreparedNames, isDirect, ruled, type ClientRules } from "./prepared.ts";

/** The parts of a `pg.Pool` that are used; the product may have another copy of the package. */
export type PostgresPool = Pick<pg.Pool, "connect" | "end" | "on" | "options">;

/** A connection that is neither borrowed from the pool nor returned to it. */
export type OpenClient = () => pg.Client;

const applicationName = "hookwright";

/** No statement of ours takes seconds; one that does holds up the log, or a shard's lease, and is better tried again. */
const limits = ["set statement_timeout = 30000", "set lock_timeout = 10000"];

const connectWithinMs = 10_000;

/** A server that says nothing for so long hangs, or is gone without a word: its connections are given up. */
export const answersWithinMs = 12_000;

export interface PoolSettings {
  /** Where the tables are; left out, the first schema of the role's `search_path`. */
  readonly schema?: string;
  /** The most connections; 10, unless given. One more listens. */
  readonly poolMax?: number;
}

export function isPostgresUrl(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}

export function createPool(connectionString: string, { schema, poolMax = 10 }: PoolSettings): pg.Pool {
  const path = schema === undefined ? [] : [`set search_path to ${pg.escapeIdentifier(schema)}`];
  const settings = [...limits, ...path].join("; ");
  const options: pg.PoolConfig & { readonly onConnect: (client: pg.ClientBase) => Promise<void> } = {
    ...{ connectionString, application_name: applicationName, max: poolMax, connectionTimeoutMillis: connectWithinMs },
    // Statements and not startup parameters, of which PgBouncer refuses all that it was not told to let pass.
    onConnect: async (client) => void (await client.query(settings)),
  };
  const pool = new pg.Pool(options);
  // A connection that broke while nobody used it: the pool drops it and makes another one when it is needed.
  pool.on("error", () => {});
  return pool;
}

const guardedPools = new WeakSet<PostgresPool>();
const guarded = new WeakSet<pg.PoolClient>();

function guardClient(client: pg.PoolClient): void {
  if (guarded.has(client)) return;
  guarded.add(client);
  client.on("error", () => {});
}

/**
 * The pool with clients that prepare their statements, and may be lost at any time. One that is lost while it is borrowed
 * and runs no statement says so by an event, which ends the process when nobody listens; the next statement fails in any
 * case.
 */
export function guard(
  pool: PostgresPool,
  { answersWithinMs }: Pick<ClientRules, "answersWithinMs">,
): Pick<PostgresPool, "connect" | "end"> {
  // A server that ends a connection right after it was made may say so in the chunk that says it is ready: then the
  // event comes before `connect` has resolved.
  if (!guardedPools.has(pool)) pool.on("connect", guardClient);
  guardedPools.add(pool);
  const names = createPreparedNames();
  const known = new WeakMap<pg.PoolClient, pg.PoolClient>();
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    // The product's pool may have had it before it came here.
    guardClient(client);
    const used = known.get(client) ?? (await usable(client));
    known.set(client, used);
    return used;
  };
  const usable = async (client: pg.PoolClient): Promise<pg.PoolClient> => {
    try {
      return ruled(client, { names: (await isDirect(client)) ? names : null, answersWithinMs });
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  return { connect, end: () => pool.end() };
}

export const clientOf =
  (pool: PostgresPool): OpenClient =>
  () =>
    new pg.Client({ ...connectionOf(pool), application_name: applicationName, keepAlive: true });

/** `password` is not among the pool's own enumerable options, so that it is not logged with them. */
const connectionOf = ({ options }: PostgresPool): pg.ClientConfig => ({
  ...options,
  ...(options.password !== undefined && { password: options.password }),
});
