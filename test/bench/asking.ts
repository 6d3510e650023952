import { setTimeout as wait } from "node:timers/promises";
import type { App } from "../../runtime/app.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openApp, openDatabase, openReceivers, printTable, quantile } from "./setup.ts";

const perSecond = 200;
const warmUpSeconds = 2;
const seconds = 10;
const tenantCount = 20;
const { declaration } = catalog.authio;
const trigger = "pre_register";
const data = declaration.examples[trigger]?.["a password"];

/**
 * What a question costs beside the receiver's own time, as the receiver measures it: from the call of `ask` to its answer,
 * the exchange included, at a steady load over many tenants that waits for no answer.
 */
export async function benchAsking(): Promise<void> {
  const rows: string[][] = [];
  for (const name of ["SQLite", "PostgreSQL"] as const) {
    const database = await openDatabase(name);
    const receivers = await openReceivers(tenantCount);
    const app = await openApp(database);
    for (const [index, url] of receivers.urls.entries()) {
      const action = { tenant: `proj_${index}`, contract: declaration.id, trigger, url };
      await app.actions.create(action, { actorId: "operator" });
    }
    // The first second compiles, and opens the connections.
    await askSteadily(app, warmUpSeconds * perSecond);
    await receivers.ownTimes();
    const wholes = await askSteadily(app, seconds * perSecond);
    const ownTimes = await receivers.ownTimes();
    await app.close();
    receivers.close();
    await database.drop();
    const added = [...wholes].map(([id, ms]) => ms - (ownTimes.get(id) ?? Number.NaN));
    rows.push([name, String(added.length), ...[0.5, 0.99].map((q) => quantile(added, q).toFixed(1))]);
  }
  printTable(
    `Questions at ${perSecond}/s: beside the receiver's own time`,
    ["", "questions", "p50 ms", "p99 ms"],
    rows,
  );
}

/** Milliseconds from the call to its answer, by the id of the question. */
async function askSteadily(app: App, count: number): Promise<ReadonlyMap<string, number>> {
  const wholes = new Map<string, number>();
  const asks: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let number = 0; number < count; number += 1) {
    const aheadMs = startedAt + (number * 1000) / perSecond - performance.now();
    if (aheadMs > 0) await wait(aheadMs);
    asks.push(askOne(app, number % tenantCount).then(([id, ms]) => void wholes.set(id, ms)));
  }
  await Promise.all(asks);
  return wholes;
}

async function askOne(app: App, tenant: number): Promise<readonly [string, number]> {
  const at = performance.now();
  const { status, invocationId } = await app.ask(declaration.id, trigger, { tenant: `proj_${tenant}`, data });
  if (status !== declaration.statuses.allowed || invocationId === null)
    throw new Error(`A question came to ${status}.`);
  return [invocationId, performance.now() - at];
}
