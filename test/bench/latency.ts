import { setTimeout as wait } from "node:timers/promises";
import {
  emitTo,
  openApp,
  openDatabase,
  openReceivers,
  printTable,
  quantile,
  subscribe,
  type DatabaseName,
} from "./setup.ts";

const endpointCount = 20;
const idleCount = 300;
const busySeconds = 5;

/** From the call of emit to the receiver having the request: with nothing else to do, and at a steady load. */
export async function benchLatency(busyPerSecond: Readonly<Record<DatabaseName, number>>): Promise<void> {
  const rows: string[][] = [];
  for (const name of ["SQLite", "PostgreSQL"] as const) {
    const idle = await latencies(name, { count: idleCount, everyMs: 15 });
    const everyMs = 1000 / busyPerSecond[name];
    const busy = await latencies(name, { count: busySeconds * busyPerSecond[name], everyMs });
    for (const [load, values] of [
      ["idle", idle],
      [`${busyPerSecond[name]}/s`, busy],
    ] as const) {
      const [p50, p99] = [quantile(values, 0.5), quantile(values, 0.99)];
      rows.push([`${name}, ${load}`, String(values.length), p50.toFixed(0), p99.toFixed(0)]);
    }
  }
  printTable("Emit to receipt", ["", "events", "p50 ms", "p99 ms"], rows);
}

async function latencies(name: DatabaseName, load: { count: number; everyMs: number }): Promise<readonly number[]> {
  const database = await openDatabase(name);
  const receivers = await openReceivers(endpointCount);
  const app = await openApp(database);
  await subscribe(app, receivers.urls);
  await app.engine.start();
  for (let index = 0; index < endpointCount; index += 1) await emitTo(app, index);
  await app.engine.idle();
  await receivers.receivedAt();

  const emittedAt = new Map<string, number>();
  const emits: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let number = 0; number < load.count; number += 1) {
    const aheadMs = startedAt + number * load.everyMs - performance.now();
    if (aheadMs > 0) await wait(aheadMs);
    const at = Date.now();
    emits.push(emitTo(app, number % endpointCount).then((event) => void emittedAt.set(event.id, at)));
  }
  await Promise.all(emits);
  await app.engine.idle();
  const receivedAt = await receivers.receivedAt();
  await app.close();
  receivers.close();
  await database.drop();
  return [...emittedAt].flatMap(([id, at]) => {
    const received = receivedAt.get(id);
    return received === undefined ? [] : [received - at];
  });
}
