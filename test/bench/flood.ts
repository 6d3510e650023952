import { shardOf } from "../../runtime/store/shard.ts";
import { emitTo, openApp, openDatabase, openReceivers, printTable, quantile, type DatabaseName } from "./setup.ts";
import { contract } from "./setup.ts";

const floodCount = 1_000_000;
const singleCount = 40;
const everyMs = 250;
const atOnce = 500;

/** How long the single events of one tenant take while a million events of another lie before them in the same shard. */
export async function benchFlood(): Promise<void> {
  const rows: string[][] = [];
  for (const name of ["SQLite", "PostgreSQL"] as const) rows.push([name, ...(await measure(name))]);
  const heads = ["", "first ms", "p50 ms", "p99 ms", "of the flood delivered meanwhile"];
  printTable(`A single event every ${everyMs} ms behind ${floodCount} of another tenant`, heads, rows);
}

async function measure(name: DatabaseName): Promise<string[]> {
  const database = await openDatabase(name);
  const flooded = await openReceivers(1);
  const quiet = await openReceivers(1);
  const app = await openApp(database);
  const neighbour = neighbourOf(0);
  for (const [tenant, { urls }] of [[0, flooded] as const, [neighbour, quiet] as const]) {
    const of = { tenant: `org_${tenant}`, contract: contract.id, description: null, events: ["*"] };
    await app.endpoints.create({ ...of, url: urls[0] ?? "" });
  }
  for (let count = 0; count < floodCount; count += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, () => emitTo(app, 0)));
  }
  const emittedAt = new Map<string, number>();
  await app.engine.start();
  for (let count = 0; count < singleCount; count += 1) {
    const { id, time } = await emitTo(app, neighbour);
    emittedAt.set(id, time);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  const received = await quiet.receivedAt();
  const delivered = (await flooded.receivedAt()).size;
  const waits = [...emittedAt].map(([id, at]) => (received.get(id) ?? Infinity) - at);
  flooded.close();
  quiet.close();
  await app.close();
  await database.drop();
  const figures = [waits[0] ?? Infinity, quantile(waits, 0.5), quantile(waits, 0.99), delivered];
  return figures.map((figure) => figure.toFixed(0));
}

/** Another tenant of the same shard. */
function neighbourOf(tenant: number): number {
  const shard = shardOf(`org_${tenant}`, 16);
  let other = tenant + 1;
  while (shardOf(`org_${other}`, 16) !== shard) other += 1;
  return other;
}
