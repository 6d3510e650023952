/**
 * The whole line on this machine: a server on SQLite with its HTTP API, and a receiver built on the generated SDK. Every
 * example of every event type is emitted, and every delivery is shown as it arrives.
 *
 *     npm run demo
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { stech, type StechEvents } from "../../catalog/stech/contract.ts";
import { createApi, createApp } from "../../runtime/app.ts";
import type { EmittedEvent } from "../../runtime/emitter.ts";
import { createEmitters } from "../../runtime/emitters.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { openDemoReceiver, type Behaviour } from "./receiver.ts";
import { createSkippingClock } from "./skipping-clock.ts";
import { isAccountedFor, printHead, printRow, printSkip, printSummary, type SummaryRow } from "./table.ts";

const eventTypes = Object.keys(stech.examples) as (keyof StechEvents)[];
const tenant = "acme";
const adminKey = randomBytes(24).toString("base64url");
const behaviours: Readonly<Record<string, Behaviour>> = {
  healthy: () => 200,
  flaky: (count) => (count <= 2 ? 503 : 200),
  gone: () => 410,
};

const folder = mkdtempSync(join(tmpdir(), "hookwright-demo-"));
const clock = createSkippingClock();
const receiver = await openDemoReceiver(behaviours, { now: clock.now, onReceipt: printRow });
const app = await createApp({
  database: join(folder, "hookwright.db"),
  catalog,
  keyRing: openKeyRing([{ id: "demo", key: randomBytes(32) }]),
  mode: "local",
  allowTargets: [{ cidr: "127.0.0.0/8", portMin: receiver.port, portMax: receiver.port }],
  log: pino({ level: "warn" }, pino.destination(2)),
  clock,
});
const adminKeyHash = createHash("sha256").update(adminKey).digest("hex");
const api = createApi(app, { adminKeyHash, isReady: () => true });
await app.engine.start();
const address = await api.listen({ host: "127.0.0.1", port: 0 });

console.log(`API on ${address}, receiver on ${receiver.url("")}, data in ${folder}\n`);
const endpoints = [
  await subscribe({ name: "healthy", events: ["*"], ends: stech.states.delivered }),
  await subscribe({ name: "flaky", events: ["deployment.failed"], ends: stech.states.delivered }),
  await subscribe({ name: "gone", events: ["scim.user_deactivated"], ends: stech.states.rejected }),
];

printHead();
const hooks = createEmitters(catalog, app);
const emitted: EmittedEvent[] = [];
for (const type of eventTypes) {
  for (const data of Object.values(stech.examples[type])) {
    emitted.push(await hooks.stech.emit(type, { tenant, data }));
    await app.engine.idle();
  }
}
for (let due = app.engine.nextDueAt(); due !== null; due = app.engine.nextDueAt()) {
  printSkip(due - clock.now());
  clock.skipTo(due);
  await app.engine.idle();
}

const rows = await Promise.all(endpoints.map(summarize));
printSummary(rows);
await api.close();
await app.close();
await receiver.close();
rmSync(folder, { recursive: true });
process.exitCode = rows.every(isAccountedFor) ? 0 : 1;

/** An endpoint that was made over the API, with what it is to get and how that is to end. */
interface DemoEndpoint {
  readonly name: string;
  readonly id: string;
  readonly events: readonly string[];
  readonly ends: string;
}

async function subscribe({ name, events, ends }: Omit<DemoEndpoint, "id">): Promise<DemoEndpoint> {
  const body = { url: receiver.url(name), description: `demo: ${name}`, events };
  const { endpoint, signingSecret } = await call("POST", "webhook-endpoints", body);
  receiver.trust(name, signingSecret);
  return { name, id: endpoint.id, events, ends };
}

/** What the delivery log says of an endpoint, beside what was emitted and what its receiver saw. */
async function summarize({ name, id, events, ends }: DemoEndpoint): Promise<SummaryRow> {
  const expected = emitted.filter(({ type }) => events.includes("*") || events.includes(type));
  const { deliveries } = await call("GET", `webhook-endpoints/${id}/deliveries?limit=200`);
  const receipts = receiver.receipts.filter((receipt) => receipt.endpoint === name);
  const statuses = Object.groupBy(deliveries, ({ status }) => status);
  return {
    endpoint: name,
    expected: expected.length,
    states: Object.entries(statuses).map(([status, some]) => `${some?.length ?? 0} ${status}`),
    pending: statuses[stech.states.pending]?.length ?? 0,
    attempts: receipts.length,
    verified: receipts.filter(({ isVerified }) => isVerified).length,
    missing: expected.filter(
      ({ id: eventId }) => !deliveries.some((row) => row.eventId === eventId && row.status === ends),
    ).length,
  };
}

interface Answers {
  readonly endpoint: { readonly id: string };
  readonly signingSecret: string;
  readonly deliveries: readonly { readonly eventId: string; readonly status: string }[];
}

async function call(method: "GET" | "POST", path: string, body?: object): Promise<Answers> {
  const response = await fetch(`${address}/v1/orgs/${tenant}/${path}`, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
