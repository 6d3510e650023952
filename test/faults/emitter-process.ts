/*
 * A process that is the product: it places orders, each in a transaction of its own, and writes into its journal what it
 * is about to do and what it knows of the end. On SIGTERM it repeats what it does not know the end of, and ends. It does
 * not outlive the process that started it.
 *
 *   node emitter-process.ts <database> <journal> <name of this start>
 */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { openJournal, readJournal } from "./journal.ts";
import { openKeys, orderOf, type Order, type OrderEntry } from "./orders.ts";
import { openQuickApp } from "./quick-app.ts";
import { createRandom } from "./random.ts";

const laneCount = 3;
const paceMs = 120;
const againAfterMs = 50;

const [database = "", journalPath = "", name = ""] = process.argv.slice(2);
process.stdin.on("end", () => process.exit(1)).resume();
let isStopping = false;
process.once("SIGTERM", () => (isStopping = true));

const again = [...openKeys(readJournal<OrderEntry>(journalPath))];
const journal = openJournal<OrderEntry>(journalPath);
const app = await openQuickApp(database);
const random = createRandom(name);
let count = 0;
process.stdout.write("started\n");
await Promise.all(Array.from({ length: laneCount }, placeOrders));
process.exit(0);

async function placeOrders(): Promise<void> {
  let client: pg.Client | null = null;
  while (!isStopping || again.length > 0) {
    const key = again.shift() ?? `${name}.${(count += 1)}`;
    journal.write({ kind: "attempted", key });
    try {
      client ??= await connect();
      await place(orderOf(key), client);
      await sleep(random.below(paceMs));
    } catch (error) {
      if (!isOutage(error)) throw error;
      journal.write({ kind: "unknown", key });
      if (orderOf(key).isRepeated && orderOf(key).fate !== "rollback") again.push(key);
      void client?.end().catch(() => undefined);
      client = null;
      await sleep(againAfterMs);
    }
  }
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function place(order: Order, client: pg.Client): Promise<void> {
  const { key, fate, holdMs } = order;
  if (fate === "alone") return void journal.write({ kind: "acked", key, eventIds: await emitAll(order) });
  await client.query("begin");
  await client.query("insert into orders (key) values ($1) on conflict do nothing", [key]);
  const eventIds = await emitAll(order, client);
  await sleep(holdMs);
  await client.query(fate);
  journal.write(fate === "commit" ? { kind: "acked", key, eventIds } : { kind: "rolledBack", key });
}

async function emitAll({ tenant, events }: Order, client?: pg.Client): Promise<readonly string[]> {
  const tx = client && {
    query: (text: string, parameters: readonly unknown[]) => client.query(text, [...parameters]),
  };
  const ids: string[] = [];
  for (const { contract, type, data, idempotencyKey } of events) {
    const emitted = await app.emit(contract, type, { tenant, data, idempotencyKey, ...(tx && { tx }) });
    ids.push(emitted.id);
  }
  return ids;
}

/** Cut off, or the server stops, has stopped or is starting; anything else is a mistake that has to be seen. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return /^(ECONN|EPIPE|57P|08)/.test(code) || /terminated|not queryable|timeout|ended/i.test(error.message);
}
