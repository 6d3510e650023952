import { setTimeout as wait } from "node:timers/promises";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openApp, openDatabase, openReceivers, printTable, quantile } from "./setup.ts";

const perSecond = 200;
const seconds = 5;
const tenantCount = 20;
const { declaration } = catalog.authio;
const trigger = "pre_register";
const data = declaration.examples[trigger]?.["a password"];

/**
 * What a question costs with a receiver that takes next to no time of its own: from the call of `ask` to its answer, the
 * exchange included, at a steady load over many tenants.
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
    const ask = (number: number) => app.ask(declaration.id, trigger, { tenant: `proj_${number % tenantCount}`, data });
    for (let number = 0; number < 200; number += 1) await ask(number);
    const wholes: number[] = [];
    const startedAt = performance.now();
    const asks: Promise<void>[] = [];
    for (let number = 0; number < perSecond * seconds; number += 1) {
      const aheadMs = startedAt + (number * 1000) / perSecond - performance.now();
      if (aheadMs > 0) await wait(aheadMs);
      const at = performance.now();
      asks.push(
        ask(number).then(({ status }) => {
          if (status !== declaration.statuses.allowed) throw new Error(`A question came to ${status}.`);
          wholes.push(performance.now() - at);
        }),
      );
    }
    await Promise.all(asks);
    await app.close();
    receivers.close();
    await database.drop();
    rows.push([name, String(wholes.length), ...[0.5, 0.99].map((q) => quantile(wholes, q).toFixed(1))]);
  }
  printTable(
    `Questions at ${perSecond}/s, to a receiver that answers at once`,
    ["", "questions", "p50 ms", "p99 ms"],
    rows,
  );
}
