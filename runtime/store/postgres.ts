import pg from "pg";

/** The parts of a `pg.Pool` that are used; the product may have another copy of the package. */
export type PostgresPool = Pick<pg.Pool, "connect" | "end" | "options">;

/** A connection that is neither borrowed from the pool nor returned to it. */
export type OpenClient = () => pg.Client;

const applicationName = "hookwright";

/** No statement of ours takes seconds; one that does holds up the log, or a shard's lease, and is better tried again. */
const limits = {
  connectionTimeoutMillis: 10_000,
  statement_timeout: 30_000,
  lock_timeout: 10_000,
};

export function isPostgresUrl(database: string): boolean {
  return /^postgres(ql)?:\/\//.test(database);
}

export function createPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, application_name: applicationName, ...limits });
  // A connection that broke while nobody used it: the pool drops it and makes another one when it is needed.
  pool.on("error", () => {});
  return pool;
}

const guarded = new WeakSet<pg.PoolClient>();

/**
 * The pool with clients that may be lost at any time. One that is lost while it is borrowed and runs no statement says so
 * by an event, which ends the process when nobody listens; the next statement fails in any case.
 */
export function guard(pool: PostgresPool): Pick<PostgresPool, "connect" | "end"> {
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    if (!guarded.has(client)) client.on("error", () => {});
    guarded.add(client);
    return client;
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
