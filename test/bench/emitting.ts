import pg from "pg";
import type { App } from "../../runtime/app.ts";
import {
  contract,
  data,
  emitTo,
  eventType,
  median,
  openApp,
  openDatabase,
  printTable,
  type BenchDatabase,
} from "./setup.ts";

const rounds = 5;
const seconds = 1;

/**
 * Emits a second in transactions of their own, over 1 and 32 connections, beside a plain INSERT of the same row into a
 * table with a primary key and nothing else; and emits without a transaction, which share their inserts.
 */
export async function benchEmitting(): Promise<void> {
  const database = await openDatabase("PostgreSQL");
  const app = await openApp(database);
  const pool = new pg.Pool({ connectionString: database.url, max: 32 });
  await pool.query("create table plain (id bigint generated always as identity primary key, name text, body text)");
  const rows: (string | number)[][] = [];
  for (const connections of [1, 32]) {
    const pairs: { plain: number; emit: number }[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const pair = {
        plain: await perSecond(connections, () => plainInsert(pool)),
        emit: await perSecond(connections, () => emitInTransaction(app, pool)),
      };
      if (round > 0) pairs.push(pair);
    }
    const ratio = median(pairs.map(({ plain, emit }) => emit / plain)).toFixed(2);
    const [plain, emit] = [median(pairs.map((pair) => pair.plain)), median(pairs.map((pair) => pair.emit))];
    rows.push([`${connections} connection${connections === 1 ? "" : "s"}`, plain.toFixed(0), emit.toFixed(0), ratio]);
  }
  printTable("Emits a second on PostgreSQL, in the product's transaction", ["", "plain INSERT", "emit", "ratio"], rows);
  await pool.end();
  await app.close();
  await database.drop();
  const shared = [];
  for (const name of ["SQLite", "PostgreSQL"] as const) shared.push(await sharedEmits(await openDatabase(name)));
  printTable("Emits a second without a transaction, 500 at a time (they share inserts)", ["", "emits/s"], shared);
}

async function sharedEmits(database: BenchDatabase): Promise<[string, string]> {
  const app = await openApp(database);
  const figures: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    figures.push(await perSecond(500, () => emitTo(app, 1).then(() => undefined)));
  }
  await app.close();
  await database.drop();
  return [database.name, median(figures.slice(1)).toFixed(0)];
}

/** How often the work is done in a second by so many at once. */
async function perSecond(workers: number, work: () => Promise<void>): Promise<number> {
  let count = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  const run = async () => {
    for (; performance.now() < endsAt; count += 1) await work();
  };
  await Promise.all(Array.from({ length: workers }, run));
  return count / ((performance.now() - startedAt) / 1000);
}

const body = JSON.stringify({ id: "x".repeat(36), type: eventType, createdAt: "", organizationId: "org_1", data });

async function plainInsert(pool: pg.Pool): Promise<void> {
  await inTransaction(pool, (client) =>
    client.query("insert into plain (name, body) values ($1, $2)", [eventType, body]),
  );
}

async function emitInTransaction(app: App, pool: pg.Pool): Promise<void> {
  await inTransaction(pool, (tx) => app.emit(contract.id, eventType, { tenant: "org_1", data, tx: executorOf(tx) }));
}

function executorOf(client: pg.PoolClient) {
  return { query: (sql: string, parameters: readonly unknown[]) => client.query(sql, [...parameters]) };
}

async function inTransaction(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<unknown>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await work(client);
    await client.query("commit");
  } finally {
    client.release();
  }
}
