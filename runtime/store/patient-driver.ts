import type { DatabaseConnection, Driver, QueryResult } from "kysely";

/** How long a statement waits for another process that writes to the file. */
const busyMs = 5000;
/** After so long, nobody else waits behind it. */
const refuseAfterMs = 500;
const tryEveryMs = 20;

/** SQLITE_BUSY, and its kind that no waiting helps against: what the transaction has read is not the newest any more. */
const [busy, busySnapshot] = [5, 517];

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A driver for SQLite that waits for another process's lock between tries, and leaves the event loop to others meanwhile.
 * Once a statement has waited for half a second, everybody who wants the connection is refused with SQLite's error until
 * that statement has ended, so that requests are answered and do not queue up.
 */
export function patientDriver(driver: Driver): Driver {
  const waiters: Waiter[] = [];
  let isTaken = false;
  let lock: { readonly error: unknown } | null = null;

  async function take(): Promise<void> {
    if (lock !== null) throw lock.error;
    if (isTaken) return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
    isTaken = true;
  }

  function letGo(): void {
    const next = waiters.shift();
    if (next === undefined) isTaken = false;
    else next.resolve();
  }

  function refuse(error: unknown): void {
    lock = { error };
    for (const { reject } of waiters.splice(0)) reject(error);
  }

  async function patiently<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const since = performance.now();
    try {
      for (;;) {
        try {
          return await run();
        } catch (error) {
          const waitedMs = performance.now() - since;
          if (!isBusy(error) || waitedMs >= busyMs) throw error;
          if (waitedMs >= refuseAfterMs) refuse(error);
          await new Promise((resolve) => setTimeout(resolve, tryEveryMs));
        }
      }
    } finally {
      lock = null;
    }
  }

  const patient = (connection: DatabaseConnection): DatabaseConnection => ({
    executeQuery: <Row>(query: Parameters<DatabaseConnection["executeQuery"]>[0]): Promise<QueryResult<Row>> =>
      patiently(async () => connection.executeQuery<Row>(query)),
    streamQuery: (query, size) => connection.streamQuery(query, size),
  });

  return {
    init: () => patiently(() => driver.init()),
    acquireConnection: async () => {
      await take();
      return patient(await driver.acquireConnection());
    },
    releaseConnection: async (connection) => {
      await driver.releaseConnection(connection);
      letGo();
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    destroy: () => driver.destroy(),
  };
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return false;
  return (error.errcode & 0xff) === busy && error.errcode !== busySnapshot;
}
