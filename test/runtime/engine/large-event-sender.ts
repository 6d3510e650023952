/*
 * Sends one event of 1 MB to so many endpoints of a tenant, in a process of its own, so that its memory is not that of the
 * receiver: once as it comes, and once as it has waited. Then writes what the process had beyond what it had before.
 *
 *   node --expose-gc large-event-sender.ts <port> <count>
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createApp, type App } from "../../../runtime/app.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";

/** The most at each of the two, in bytes. */
export interface Grown {
  readonly live: number;
  readonly pending: number;
}

const [port = 0, count = 0] = process.argv.slice(2).map(Number);
const [tenant, contract] = ["org_1", "stech"];
const folder = mkdtempSync(join(tmpdir(), "hookwright-large-"));
const app: App = await createApp({
  database: join(folder, "hookwright.db"),
  catalog,
  keyRing: openKeys(),
  mode: "local",
  allowTargets: [{ cidr: "127.0.0.1/32", portMin: port, portMax: port }],
  log: pino({ level: "silent" }),
});

function openKeys() {
  const key = createHash("sha256").update("test").digest();
  return openKeyRing([{ id: "test", key }]);
}

async function emit(size: number): Promise<void> {
  const base = { deploymentId: "d", agentId: "a", machineUrl: "https://a.example", deployedByUserId: null };
  await app.emit(contract, "deployment.created", { tenant, data: { ...base, agentName: "x".repeat(size) } });
}

async function sent(): Promise<void> {
  app.engine.wake();
  await app.engine.idle();
}

async function grownBy(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
  await work();
  clearInterval(watch);
  return Math.max(peak, process.memoryUsage.rss()) - before;
}

async function setPaused(paused: boolean): Promise<void> {
  for (const { id } of await app.endpoints.list({ tenant, contract })) {
    await app.endpoints.update({ tenant, id }, { paused });
  }
}

for (let index = 0; index < count; index += 1) {
  const url = `http://127.0.0.1:${port}/${index}`;
  await app.endpoints.create({ tenant, contract, url, description: null, events: ["deployment.created"] });
}
await app.engine.start();
for (let warm = 0; warm < 3; warm += 1) {
  await emit(100);
  await sent();
}
const live = await grownBy(async () => {
  await emit(1_000_000);
  await sent();
});
await setPaused(true);
await emit(1_000_000);
await sent();
const pending = await grownBy(async () => {
  await setPaused(false);
  await sent();
});
const grown: Grown = { live, pending };
process.stdout.write(`${JSON.stringify(grown)}\n`);
await app.close();
rmSync(folder, { recursive: true });
