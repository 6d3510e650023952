import pg from "pg";
import { sendWithoutDatabase } from "./ceiling.ts";
import {
  emitTo,
  median,
  openApp,
  openDatabase,
  openReceivers,
  printTable,
  subscribe,
  type BenchDatabase,
} from "./setup.ts";

const rounds = 5;
const deliveryCount = 20_000;
const endpointCount = 100;

/** What one way of delivering came to. */
interface Measured {
  readonly perSecond: number;
  /** Microseconds of this process's processor time for each delivery. */
  readonly cpu: number;
  /** Bytes of WAL for each delivery; null where it is not measured. */
  readonly wal: number | null;
}

/**
 * Deliveries a second, from the log to their attempts on disk, beside what the same sender reaches without a database
 * in the same minute. Absolute figures depend on the machine; the ratio is what counts.
 */
export async function benchDelivering(): Promise<void> {
  const { urls, close } = await openReceivers(endpointCount);
  const results: Record<"no database" | "SQLite" | "PostgreSQL", Measured>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const result = {
      "no database": await withoutDatabase(urls),
      SQLite: await withDatabase(await openDatabase("SQLite"), urls),
      PostgreSQL: await withDatabase(await openDatabase("PostgreSQL"), urls),
    };
    // The first round warms compiler and file system.
    if (round > 0) results.push(result);
  }
  close();
  const names = ["no database", "SQLite", "PostgreSQL"] as const;
  const rows = names.map((name) => {
    const of = (pick: (measured: Measured) => number) => median(results.map((result) => pick(result[name])));
    const ratio = median(results.map((result) => result[name].perSecond / result["no database"].perSecond));
    const wal = results[0]?.[name].wal == null ? "" : of((each) => each.wal ?? 0).toFixed(0);
    return [name, of((each) => each.perSecond).toFixed(0), ratio.toFixed(2), of((each) => each.cpu).toFixed(0), wal];
  });
  const heads = ["", "deliveries/s", "ratio", "sender CPU µs", "WAL bytes"];
  printTable(
    `Deliveries: ${deliveryCount} of 1 KB to ${endpointCount} endpoints, median of ${rounds} rounds`,
    heads,
    rows,
  );
}

async function measure(work: () => Promise<void>): Promise<Omit<Measured, "wal">> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: deliveryCount / seconds, cpu: (user + system) / deliveryCount };
}

async function withoutDatabase(urls: readonly string[]): Promise<Measured> {
  return { ...(await measure(() => sendWithoutDatabase(urls, deliveryCount))), wal: null };
}

async function withDatabase(database: BenchDatabase, urls: readonly string[]): Promise<Measured> {
  const app = await openApp(database);
  await subscribe(app, urls);
  await Promise.all(Array.from({ length: deliveryCount }, (_, number) => emitTo(app, number % urls.length)));
  const before = await walBytes(database);
  const measured = await measure(async () => {
    await app.engine.start();
    await app.engine.idle();
  });
  const after = await walBytes(database);
  await app.close();
  await database.drop();
  return { ...measured, wal: before === null || after === null ? null : (after - before) / deliveryCount };
}

/** How much PostgreSQL has written to its WAL, for positions, attempts and cursors alike. Null on SQLite. */
async function walBytes(database: BenchDatabase): Promise<number | null> {
  if (database.name === "SQLite") return null;
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query("select (pg_current_wal_lsn() - '0/0')::text as bytes");
  await client.end();
  return Number(rows[0].bytes);
}
