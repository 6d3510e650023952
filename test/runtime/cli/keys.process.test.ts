import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setInterval } from "node:timers/promises";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { createApi } from "../../../runtime/api.ts";
import { createApp } from "../../../runtime/app.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { countSealed } from "../../../runtime/secrets/reseal.ts";
import { keyHash } from "../../../runtime/secrets/api-key.ts";
import { parseKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { Webhook } from "../../../sdks/typescript/src/contracts/stech.ts";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { openReceiver, type ReceivedRequest } from "../../receiver.ts";
import { minting } from "../asking/project.ts";
import { deployment, operatorKey } from "../http/harness.ts";
import { temporaryFolder } from "../store/temporary-store.ts";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
const [older, newer] = ["older", "newer"].map((id) => `${id}:${randomBytes(32).toString("base64")}`);
const rings = { before: `${older}`, both: `${newer},${older}`, after: `${newer}` };

/** `hookwright keys …` as a process of its own. */
function keys(database: string, ring: string, ...args: readonly string[]) {
  const env = { PATH: process.env["PATH"], HOOKWRIGHT_DATABASE_URL: database, HOOKWRIGHT_SECRET_KEYS: ring };
  const child = spawn(process.execPath, [command, "keys", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, output })),
  );
  return { child, ended };
}

/** A whole app with these keys, beside whatever else runs on the database. */
async function openApp(database: string, ring: string) {
  const app = await createApp({
    database,
    catalog,
    keyRing: parseKeyRing(ring),
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.1/32", portMin: 1024, portMax: 65_535 }],
    log: pino({ level: "silent" }),
  });
  const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
  await app.start();
  const post = async (path: string, payload: object, headers: object = {}) => {
    const authorization = `Bearer ${operatorKey}`;
    const url = `/v1/orgs/acme/${path}`;
    return (await api.inject({ method: "POST", url, headers: { authorization, ...headers }, payload })).json();
  };
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await api.close();
    await app.close();
  };
  onTestFinished(close);
  return { app, post, close };
}

type Running = Awaited<ReturnType<typeof openApp>>;

/** So many endpoints of somebody else, as after years: a rotation that takes long enough to be killed. */
async function addOthers({ app }: Running, count: number): Promise<void> {
  const ring = parseKeyRing(rings.before);
  const ids = Array.from({ length: count }, (_, index) => `whe_other_${index}`);
  const rows = ids.map((id) => ({
    ...{
      id,
      contract: "stech",
      tenant: "other",
      shard: 0,
      url: "https://example.com/",
      events: "[]",
      enabled: 0 as const,
    },
    ...{ sealed_secret: ring.seal(`secret of ${id}`, `other|${id}|signing_secret`), failure_count: 0 },
    ...{ created_at: 1, updated_at: 1 },
  }));
  await app.store.database.insertInto("hookwright_endpoints").values(rows).execute();
}

/** Emits fifty times a second until it is told to stop, and gives how many that were. */
function emitOn({ app }: Running): () => Promise<number> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const emitting = (async () => {
    let count = 0;
    for await (const _ of setInterval(20)) {
      if (stop.signal.aborted) break;
      await app.emit("stech", "deployment.created", { tenant: "acme", data: deployment });
      count += 1;
    }
    return count;
  })();
  return () => {
    stop.abort();
    return emitting;
  };
}

/** While a process serves that does not know the newer key, nothing is sealed with it, unless somebody insists. */
async function refused(database: string, { app }: Running): Promise<void> {
  const { sealed } = app.store;
  const counts = () => countSealed(sealed, parseKeyRing(rings.both));
  const before = await counts();
  const rotated = await keys(database, rings.both, "rotate").ended;
  expect(rotated.code).toBe(1);
  expect(rotated.output).toMatch(
    /^error: 1 of 1 live process does not know the key newer:\n {2}\S+, pid \d+, which knows older\n/,
  );
  expect(rotated.output).toContain(`pid ${process.pid},`);
  expect(rotated.output).toContain("--force");
  expect(await counts()).toEqual(before);
  const status = await keys(database, rings.both, "status").ended;
  expect(status.output).toMatch(/^newer +0  seals, known to 0 of 1 live process\nolder +\d+  opens, known to 1 of 1/);
  expect(await keys(database, rings.both, "rotate", "--dry-run").ended).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^warning: 1 of 1 live process does not know[^]*would be sealed/),
  });
  // What is sealed with a key that is in no ring stays as it is, and is no reason to refuse.
  expect(await keys(database, rings.after, "rotate", "--force").ended).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^warning: 1 of 1 live process does not know[^]*0 sealed with the key newer/),
  });
}

async function rotateUnderTraffic(database: string): Promise<void> {
  const received: ReceivedRequest[] = [];
  const { url, close } = await openReceiver((request) => (received.push(request), 200));
  onTestFinished(close);
  const first = await openApp(database, rings.before);
  const endpoint = await first.post("webhook-endpoints", { url: `${url}/in`, events: ["deployment.created"] });
  const repeated = [
    "webhook-endpoints",
    { url: "https://example.com/", events: ["*"] },
    { "idempotency-key": "1" },
  ] as const;
  const answer = await first.post(...repeated);
  const action = { trigger: "pre_token_mint", url: `${url}/ask` };
  expect(await first.post("actions", action)).toHaveProperty("signingSecret");
  await addOthers(first, 600);
  await refused(database, first);
  await first.close();

  const running = await openApp(database, rings.both);
  const { sealed } = running.app.store;
  const ring = parseKeyRing(rings.both);
  const total = 600 + 4;
  const stop = emitOn(running);
  expect(await keys(database, rings.both, "rotate", "--dry-run").ended).toMatchObject({
    code: 0,
    output: `${total} would be sealed with the key newer, 0 were already.\n`,
  });
  // Killed in the middle, with nothing of what it holds written down.
  const { child, ended } = keys(database, rings.both, "rotate");
  const newOnes = async () => (await countSealed(sealed, ring))["newer"] ?? 0;
  while ((await newOnes()) === 0) expect(child.exitCode).toBeNull();
  child.kill("SIGKILL");
  expect((await ended).code).toBeNull();
  const half = await newOnes();
  expect(half).toBeLessThan(total);
  const status = await keys(database, rings.both, "status", "--json").ended;
  expect(JSON.parse(status.output).keys).toEqual([
    { id: "newer", count: half, isNewest: true, isKnown: true, processCount: 1, sealingProcessCount: 1 },
    { id: "older", count: total - half, isNewest: false, isKnown: true, processCount: 1, sealingProcessCount: 0 },
  ]);
  expect(JSON.parse(status.output).processCount).toBe(1);
  expect((await keys(database, rings.after, "status").ended).code).toBe(1);

  expect(await keys(database, rings.both, "rotate").ended).toMatchObject({
    code: 0,
    output: `${total - half} sealed with the key newer, ${half} were already.\n`,
  });
  expect((await keys(database, rings.both, "status").ended).output).toMatch(
    new RegExp(
      `^newer +${total}  seals, known to 1 of 1 live process\\nolder +0  can go, known to 1 of 1 live process\\n$`,
    ),
  );
  const emitCount = await stop();
  await expect.poll(() => received.filter(({ path }) => path === "/in").length, { timeout: 60_000 }).toBe(emitCount);
  await running.close();

  const last = await openApp(database, rings.after);
  expect(await last.post(...repeated)).toEqual(answer);
  await last.post("events", { type: "deployment.created", data: deployment });
  await expect
    .poll(() => received.filter(({ path }) => path === "/in").length, { timeout: 60_000 })
    .toBe(emitCount + 1);
  const webhook = new Webhook(endpoint.signingSecret);
  for (const { path, body, headers } of received) if (path === "/in") await webhook.verify(body, headers);
  const { outcome } = await last.post("actions/pre_token_mint/ask", { data: minting });
  expect(outcome).toMatchObject({ httpStatus: 200 });
  const others = await last.app.store.endpoints.list({ tenant: "other", contract: "stech" });
  const opened = others.map(({ id, sealedSecret }) =>
    parseKeyRing(rings.after).open(sealedSecret, `other|${id}|signing_secret`),
  );
  expect(opened).toEqual(others.map(({ id }) => `secret of ${id}`));
}

describe("keys rotate (R-STECH-52): while deliveries go on, killed in the middle, and gone on with; then the older key goes", () => {
  test("on SQLite", async () => {
    const folder = await temporaryFolder();
    onTestFinished(folder.dispose);
    await rotateUnderTraffic(join(folder.path, "hookwright.db"));
  }, 300_000);

  describePostgres("on PostgreSQL", () => {
    test("of its own database", async () => {
      const database = await createDatabase(await sharedServer());
      onTestFinished(database.drop);
      await rotateUnderTraffic(database.url);
    }, 300_000);
  });
});
