/** The server under test: a process with the app, its HTTP API and its engine, put together as `hookwright serve` does. */
import { createHash } from "node:crypto";
import { pino } from "pino";
import { createApi } from "../../../runtime/api.ts";
import { createApp, type App } from "../../../runtime/app.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { sendWithoutDatabase } from "../ceiling.ts";
import { allowTargets } from "../setup.ts";
import { answerParent } from "./child.ts";
import { contract, data, eventType, inTurn, now, steadily, tenantOf } from "./work.ts";

const by = { actorId: "operator" };
const key = { role: "admin", description: null, expiresAt: null } as const;
let app: App | null = null;

function opened(): App {
  if (app === null) throw new Error("The app is not open.");
  return app;
}

export const serverQuestions = {
  /** Requests a second without a database. */
  ceiling: async ({ urls, count }: { readonly urls: readonly string[]; readonly count: number }) => {
    await sendWithoutDatabase(urls, count / 4);
    const startedAt = performance.now();
    await sendWithoutDatabase(urls, count);
    return count / ((performance.now() - startedAt) / 1000);
  },
  /** Emits and delivers on another database, so that what is measured is compiled; the engine is a new one afterwards. */
  warmUp: async ({ database, urls, count }: { database: string; urls: readonly string[]; count: number }) => {
    const scratch = await open(database);
    await subscribe(scratch, urls);
    await inTurn(count, async (number) => void (await emit(scratch, number)));
    await scratch.engine.start();
    await scratch.engine.idle();
    await scratch.close();
  },
  /** Opens the app, and listens. */
  open: async ({ database }: { readonly database: string }) => {
    app = await open(database);
    const adminKeyHash = createHash("sha256").update("bench").digest("hex");
    const api = createApi(app, { adminKeyHash, isReady: () => true });
    return { url: await api.listen({ host: "127.0.0.1", port: 0 }) };
  },
  /** An endpoint and an API key of each tenant. */
  subscribe: ({ urls }: { readonly urls: readonly string[] }) => subscribe(opened(), urls),
  start: async () => {
    await opened().start();
  },
  idle: () => opened().engine.idle(),
  /** Microseconds of the processor's time so far. */
  processorTime: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Emits here, each in a transaction of its own. */
  emit: ({ count }: { readonly count: number }) =>
    inTurn(count, async (number) => void (await emitInTransaction(opened(), number))),
  emitSteadily: async (pace: { readonly count: number; readonly perSecond: number }) => {
    const calledAt: [string, number][] = [];
    await steadily(pace, async (number) => {
      const at = now();
      calledAt.push([await emitInTransaction(opened(), number), at]);
    });
    return calledAt;
  },
};
answerParent(serverQuestions);

function open(database: string): Promise<App> {
  return createApp({
    database,
    catalog,
    keyRing: openKeyRing([{ id: "bench", key: createHash("sha256").update("bench").digest() }]),
    mode: "local",
    allowTargets,
    // As `hookwright serve` logs; its standard output goes nowhere here.
    log: pino({ name: "hookwright", level: "info" }),
  });
}

async function subscribe(to: App, urls: readonly string[]): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const [index, url] of urls.entries()) {
    const tenant = tenantOf(index);
    await to.endpoints.create({ tenant, contract: contract.id, url, description: null, events: ["*"] });
    keys.push((await to.keys.create({ ...by, tenant }, key)).key);
  }
  return keys;
}

async function emit({ emit }: App, number: number): Promise<string> {
  return (await emit(contract.id, eventType, { tenant: tenantOf(number), data })).id;
}

function emitInTransaction({ emit, store }: App, number: number): Promise<string> {
  return store.database.transaction().execute(async (tx) => {
    const { id } = await emit(contract.id, eventType, { tenant: tenantOf(number), data, tx });
    return id;
  });
}
