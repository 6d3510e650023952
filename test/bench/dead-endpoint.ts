import { emitTo, openApp, openDatabase, openReceivers, printTable, subscribe, type DatabaseName } from "./setup.ts";

const healthyCount = 20;
/** The part of the throughput that has to be left. */
const ratioMin = 0.9;

export interface DeadEndpointWork {
  readonly eventCount: number;
  readonly databases: readonly DatabaseName[];
}

/** Deliveries a second to the healthy endpoints, without and with one that never answers and gets a fifth of all events. */
export async function benchDeadEndpoint({ eventCount, databases }: DeadEndpointWork): Promise<void> {
  const rows: string[][] = [];
  for (const name of databases) {
    const without = await healthyPerSecond(name, { dead: "none", eventCount });
    const beside = await healthyPerSecond(name, { dead: "one", eventCount });
    const ratio = beside / without;
    const verdict = ratio >= ratioMin ? "met" : "missed";
    rows.push([name, without.toFixed(0), beside.toFixed(0), ratio.toFixed(2), String(ratioMin), verdict]);
  }
  const heads = ["", "healthy alone/s", "beside a dead one/s", "ratio", "aim", ""];
  printTable("A dead endpoint with 20 % of the traffic", heads, rows);
}

async function healthyPerSecond(
  name: DatabaseName,
  { dead, eventCount }: { readonly dead: "none" | "one"; readonly eventCount: number },
): Promise<number> {
  const database = await openDatabase(name);
  const healthy = await openReceivers(healthyCount);
  const hanging = await openReceivers(1, "hangs");
  const app = await openApp(database);
  await subscribe(app, [...healthy.urls, ...hanging.urls]);
  const target = (number: number) => (dead === "one" && number % 5 === 0 ? healthyCount : number % healthyCount);
  const targets = Array.from({ length: eventCount }, (_, number) => target(number));
  await Promise.all(targets.map((tenant) => emitTo(app, tenant)));
  const expected = targets.filter((tenant) => tenant < healthyCount).length;

  const startedAt = Date.now();
  await app.engine.start();
  const seen = new Set<string>();
  let lastAt = startedAt;
  while (seen.size < expected) {
    for (const [id, at] of await healthy.receivedAt()) {
      seen.add(id);
      lastAt = Math.max(lastAt, at);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // The hanging receiver goes first, so that a stop has nothing to wait for.
  hanging.close();
  await app.close();
  healthy.close();
  await database.drop();
  return expected / ((lastAt - startedAt) / 1000);
}
