import { setTimeout as wait } from "node:timers/promises";
import type { App } from "../../runtime/app.ts";
import {
  contract,
  data,
  eventType,
  openApp,
  openDatabase,
  openReceivers,
  printTable,
  quantile,
  type DatabaseName,
} from "./setup.ts";

/** Milliseconds that the p99 may be longer beside them, and the part of the rate that has to be left. */
const aims = { laterMsMax: 100, rateMin: 0.95 };

export interface SlowReceiversWork {
  readonly seconds: number;
  readonly databases: readonly DatabaseName[];
}

/** Endpoints that never answer, beside healthy ones of other tenants. */
export async function benchSlowReceivers({ seconds, databases }: SlowReceiversWork): Promise<void> {
  const rows: string[][] = [];
  for (const name of databases) rows.push(await besideOneTenant(name, seconds), await besideMany(name, seconds));
  printTable("Receivers that never answer", ["", "without", "beside them", "", "aim", ""], rows);
}

/** One tenant with 20 endpoints that hang is given 20 events; another one has 100 events a second. */
async function besideOneTenant(name: DatabaseName, seconds: number): Promise<string[]> {
  const p99 = async (floods: "floods" | "nothing") => {
    const scene = await open(name, { healthy: 1, hanging: 20, hangingTenants: 1 });
    if (floods === "floods") for (let count = 0; count < 20; count += 1) await emitFrom(scene.app, "hanging_0");
    const { lateMs } = await steadily(scene, { perSecond: 100, seconds });
    await scene.close();
    return quantile(lateMs, 0.99);
  };
  const [without, beside] = [await p99("nothing"), await p99("floods")];
  const isMet = beside - without <= aims.laterMsMax;
  const figures = [`${without.toFixed(1)} ms`, `${beside.toFixed(1)} ms`, `+${(beside - without).toFixed(1)} ms`];
  return [`${name}: p99 beside 20 hanging x 20 events`, ...figures, `+${aims.laterMsMax} ms`, isMet ? "met" : "missed"];
}

/** 1,000 endpoints of as many tenants, 300 of which hang, get events in turn. */
async function besideMany(name: DatabaseName, seconds: number): Promise<string[]> {
  const rate = async (hanging: number) => {
    const scene = await open(name, { healthy: 1000 - hanging, hanging, hangingTenants: hanging });
    const { perSecond } = await steadily(scene, { perSecond: 500, seconds });
    await scene.close();
    return perSecond / (1000 - hanging);
  };
  const [without, beside] = [await rate(0), await rate(300)];
  const ratio = beside / without;
  const figures = [`${without.toFixed(3)}/s each`, `${beside.toFixed(3)}/s each`, ratio.toFixed(2)];
  const isMet = ratio >= aims.rateMin;
  return [`${name}: healthy ones of 1,000, 300 hang`, ...figures, String(aims.rateMin), isMet ? "met" : "missed"];
}

interface Scene {
  readonly app: App;
  readonly tenants: readonly string[];
  readonly receivedAt: () => Promise<ReadonlyMap<string, number>>;
  readonly close: () => Promise<void>;
}

async function open(
  name: DatabaseName,
  counts: { readonly healthy: number; readonly hanging: number; readonly hangingTenants: number },
): Promise<Scene> {
  const database = await openDatabase(name);
  const healthy = await openReceivers(counts.healthy);
  const hanging = await openReceivers(counts.hanging, "hangs");
  const app = await openApp(database);
  const tenants: string[] = [];
  const create = async (tenant: string, url: string) => {
    if (!tenants.includes(tenant)) tenants.push(tenant);
    await app.endpoints.create({ tenant, contract: contract.id, url, description: null, events: ["*"] });
  };
  for (const [index, url] of hanging.urls.entries()) await create(`hanging_${index % counts.hangingTenants}`, url);
  for (const [index, url] of healthy.urls.entries()) await create(`healthy_${index}`, url);
  await app.engine.start();
  return {
    app,
    // One tenant that hangs is told by hand; many have their turns among the others.
    tenants: counts.hangingTenants === 1 ? tenants.filter((tenant) => tenant.startsWith("healthy")) : shuffled(tenants),
    receivedAt: healthy.receivedAt,
    close: async () => {
      // The hanging receivers go first, so that a stop has nothing to wait for.
      hanging.close();
      await app.close();
      healthy.close();
      await database.drop();
    },
  };
}

/** By a step that has no divisor with their number, so that those who hang are spread evenly. */
function shuffled(tenants: readonly string[]): readonly string[] {
  return tenants.map((_, index) => tenants[(index * 7) % tenants.length] ?? "");
}

function emitFrom(app: App, tenant: string): Promise<{ readonly id: string }> {
  return app.emit(contract.id, eventType, { tenant, data });
}

/** Emits to the tenants in turn. Gives what the healthy ones got within that time and a second, and how late it was. */
async function steadily(
  { app, tenants, receivedAt }: Scene,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<{ readonly lateMs: readonly number[]; readonly perSecond: number }> {
  await receivedAt();
  const emittedAt = new Map<string, number>();
  const emits: Promise<void>[] = [];
  const startedAt = performance.now();
  const now = () => performance.timeOrigin + performance.now();
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const aheadMs = startedAt + (number * 1000) / perSecond - performance.now();
    if (aheadMs > 0) await wait(aheadMs);
    const tenant = tenants[number % tenants.length] ?? "";
    const at = now();
    emits.push(emitFrom(app, tenant).then(({ id }) => void (tenant.startsWith("healthy") && emittedAt.set(id, at))));
  }
  await Promise.all(emits);
  await wait(1000);
  const received = await receivedAt();
  // What did not come counts as coming now.
  const lateMs = [...emittedAt].map(([id, at]) => (received.get(id) ?? now()) - at);
  return { lateMs, perSecond: [...emittedAt.keys()].filter((id) => received.has(id)).length / seconds };
}
