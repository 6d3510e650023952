import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { sql } from "kysely";
import { pino } from "pino";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createApi } from "../../runtime/api.ts";
import { createApp, type App } from "../../runtime/app.ts";
import { followCalls } from "../../runtime/cli/export-traces.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { keyHash } from "../../runtime/secrets/api-key.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { createSkippingClock } from "../demo/skipping-clock.ts";
import { createDatabase, sharedServer } from "../postgres/cluster.ts";
import { describePostgres } from "../postgres/describe-postgres.ts";
import { minting } from "./asking/project.ts";
import { operatorKey, deployment } from "./http/harness.ts";
import { temporaryFolder } from "./store/temporary-store.ts";
import { data as streamed } from "./streaming/place.ts";

const sealingKey = createHash("sha256").update("canary").digest();
const nextKey = createHash("sha256").update("the next canary").digest();
const exporter = new InMemorySpanExporter();
const parent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  followCalls();
});

/** Refuses the first request and repeats in every answer what it was sent, as a verdict that cannot be used. */
async function openEcho() {
  const received: { readonly path: string; readonly body: string }[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      received.push({ path: request.url ?? "", body });
      response.writeHead(received.length === 1 ? 503 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify({ decision: request.headers, body }));
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  return { received, port: (receiver.address() as AddressInfo).port };
}

/** A whole app on a database, with an API on a port, so that commands reach it, and a receiver. */
async function openWhole(database: string) {
  const echo = await openEcho();
  const logLines: string[] = [];
  const clock = createSkippingClock();
  const app = await createApp({
    database,
    catalog,
    keyRing: openKeyRing([{ id: "canary", key: sealingKey }]),
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.1/32", portMin: echo.port, portMax: echo.port }],
    log: pino({ level: "trace" }, { write: (line) => void logLines.push(line) }),
    clock,
  });
  const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
  await app.engine.start();
  const address = await api.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    await api.close();
    await app.close();
  });
  const answers: string[] = [];
  const call = async (method: string, path: string, key: string, body?: object, headers: object = {}) => {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, traceparent: parent, ...json, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    answers.push(JSON.stringify([...answer.headers]) + text);
    return answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text;
  };
  return { app, clock, ...echo, url: `http://127.0.0.1:${echo.port}`, logLines, address, answers, call };
}

type Whole = Awaited<ReturnType<typeof openWhole>>;
const org = "/v1/orgs/acme";

/** Everything that has a secret, and what shows it this once. */
async function makeSecrets({ call, url }: Whole) {
  const { key, apiKey } = await call("POST", `${org}/api-keys`, operatorKey, { role: "owner" });
  const { token } = await call("POST", `${org}/portal-tokens`, key, { scope: "manage" });
  const endpoints = `${org}/webhook-endpoints`;
  const created = await call("POST", endpoints, token, { url: `${url}/in`, events: ["*"] });
  const endpoint = `${endpoints}/${created.endpoint.id}`;
  const rotated = await call("POST", `${endpoint}/rotate-secret`, key);
  const keyed = { url: "https://a.invalid/", events: ["scim.group_added"] };
  const repeat = await call("POST", endpoints, key, keyed, { "idempotency-key": "once" });
  const signing = await call("POST", `${org}/signing-keys`, key, { contract: "authsignal" });
  const [authorization, notice] = [randomBytes(24).toString("base64url"), randomBytes(24).toString("base64url")];
  await call("POST", `${org}/log-streams`, key, { contract: "authsignal", settings: { url: `${url}/batch` } });
  const settings = {
    Webhook_URL: `${url}/batch`,
    Authorization: `Bearer ${authorization}`,
    SLACK_INCOMING_WEBHOOK_URL: `${url}/notice/${notice}`,
    SLACK_SEND_SUCCESS: true,
  };
  const stream = await call("POST", `${org}/log-streams`, key, { contract: "auth0", settings });
  const actions = `${org}/actions`;
  const sealed = await call("POST", actions, key, { trigger: "pre_token_mint", url: `${url}/ask` });
  const turned = await call("POST", `${actions}/${sealed.action.id}/rotate-secret`, key);
  const held = { trigger: "pre_register", url: `${url}/ask`, secretStorage: "memory" };
  const inMemory = await call("POST", actions, key, held);
  const shown = [created, rotated, repeat, sealed, turned, inMemory].map((each) => each.signingSecret);
  return {
    secrets: [operatorKey, key, token, ...shown, signing.key, authorization, notice],
    ...{ key, token, apiKey, endpoint, actionId: sealed.action.id, streamId: stream.logStream.id },
  };
}

type Made = Awaited<ReturnType<typeof makeSecrets>>;

/** Sends everything that can be sent, and asks for all that can be read, rightly and wrongly. */
async function useAll({ app, call, clock, received }: Whole, made: Made) {
  const { key, token, endpoint, actionId, streamId } = made;
  const { event } = await call("POST", `${org}/events`, key, { type: "deployment.created", data: deployment });
  for (const contract of ["authsignal", "auth0"] as const) {
    const type = contract === "auth0" ? "f" : "action.log_created";
    const named = contract === "auth0" ? {} : { tenantId: "acme" };
    await call("POST", `${org}/events`, key, { contract, type, data: { ...streamed[contract], ...named } });
  }
  const deliveries = async () => (await call("GET", `${endpoint}/deliveries`, token)).deliveries;
  await expect.poll(async () => (await deliveries())[0]?.attemptCount, { timeout: 20_000 }).toBeGreaterThan(0);
  await app.engine.idle();
  clock.skipTo(app.engine.nextDueAt() ?? 0);
  const [delivery] = await deliveries();
  await call("POST", `${endpoint}/deliveries/${delivery.id}/redeliver`, token);
  for (const path of ["", "/deliveries", `/deliveries/${delivery.id}`]) await call("GET", endpoint + path, token);
  await call("POST", `${endpoint}/test`, key, { type: "deployment.created" });
  const question = { data: minting };
  await call("POST", `${org}/actions/pre_token_mint/ask`, key, question);
  await call("POST", `${org}/actions/${actionId}/test`, key);
  const ofAction = ["", "/invocations"].map((path) => `actions/${actionId}${path}`);
  const ofStream = ["", "/report"].map((path) => `log-streams/${streamId}${path}`);
  const collections = ["webhook-endpoints", "events", "events?contract=hookwright", "audit", "api-keys", "none"];
  const more = ["actions", "log-streams", "signing-keys", "events/export", `events/${event.id}/deliveries`, "feeds"];
  for (const path of [...collections, ...more, ...ofAction, ...ofStream]) await call("GET", `${org}/${path}`, key);
  await call("PATCH", endpoint, key, { url: token, events: [key] });
  await call("PATCH", endpoint, key, { enabled: key });
  await call("PATCH", `${org}/log-streams/${streamId}`, key, { settings: { Schedule: "never" } });
  await call("GET", `/v1/orgs/globex/audit`, key);
  await call("GET", endpoint, `${key}x`);
  // Beyond the delay of the one stream and the schedule of the other.
  clock.skipTo(clock.now() + 1_000_000);
  await app.engine.idle();
  await app.streaming.settled();
  await expect.poll(() => received.filter(({ path }) => path.startsWith("/notice/")).length).toBeGreaterThan(0);
  return event.id as string;
}

/** Commands, as whoever has the keys in the environment runs them; also with keys that cannot be used. */
async function runCommands(database: string, { address }: Whole, { key }: Made, eventId: string) {
  const keys = (...of: readonly (readonly [string, Buffer])[]) =>
    of.map(([id, bytes]) => `${id}:${bytes.toString("base64")}`).join(",");
  const ring = keys(["next", nextKey], ["canary", sealingKey]);
  const environment = {
    PATH: process.env["PATH"],
    HOOKWRIGHT_DATABASE_URL: database,
    HOOKWRIGHT_API_URL: address,
    HOOKWRIGHT_API_KEY: key,
    HOOKWRIGHT_TENANT: "acme",
  };
  const run = (ringText: string, ...args: readonly string[]) =>
    new Promise<string>((resolve) => {
      const command = join(import.meta.dirname, "../../runtime/cli/hookwright.ts");
      const env = { ...environment, HOOKWRIGHT_SECRET_KEYS: ringText };
      const child = spawn(process.execPath, [command, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
      let output = `${args.join(" ")}\n`;
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
      child.once("close", () => resolve(output));
    });
  return Promise.all([
    run(ring, "keys", "status"),
    run(ring, "keys", "rotate", "--dry-run"),
    run(keys(["next", nextKey]), "keys", "rotate"),
    run(
      `canary:${sealingKey.toString("base64").slice(0, 40)},canary:${sealingKey.toString("base64")}`,
      "keys",
      "status",
    ),
    run(ring, "prune", "--older-than", "30d", "--dry-run"),
    run(ring, "explain-event", eventId),
    run(ring, "resend", eventId),
    run(ring, "trigger", "deployment.created", "--wait", "1"),
  ]);
}

async function tablesOf({ store }: App): Promise<string> {
  const tables = await store.database.introspection.getTables({ withInternalKyselyTables: true });
  const ours = tables.filter(({ name, isView }) => name.startsWith("hookwright_") && !isView);
  const contents = [];
  for (const { name } of ours) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(
      store.database.withoutPlugins(),
    );
    const cells = rows.flatMap((row) => Object.values(row));
    const texts = cells.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString("latin1") : cell));
    contents.push(`${name} ${JSON.stringify(texts)}`);
  }
  return contents.join("\n");
}

async function findNoSecret(database: string): Promise<void> {
  exporter.reset();
  const whole = await openWhole(database);
  const { answers, call, logLines, received } = whole;
  const made = await makeSecrets(whole);
  const { secrets, key, token, apiKey, endpoint, actionId, streamId } = made;
  expect(secrets.filter((secret) => typeof secret !== "string" || secret.length <= 30)).toEqual([]);
  // Whatever showed a secret did so this once.
  answers.length = 0;

  const eventId = await useAll(whole, made);
  const output = await runCommands(database, whole, made, eventId);
  const tables = await tablesOf(whole.app);
  for (const path of [`actions/${actionId}`, `log-streams/${streamId}`]) await call("DELETE", `${org}/${path}`, key);
  await call("DELETE", endpoint, token);
  await call("DELETE", `${org}/api-keys/${apiKey.id}`, key);
  await call("GET", `${org}/audit`, key);
  const places = {
    log: logLines.join(""),
    answers: answers.join(""),
    metrics: await call("GET", "/metrics", operatorKey),
    tables: tables + (await tablesOf(whole.app)),
    spans: JSON.stringify(
      exporter.getFinishedSpans().map(({ name, attributes, status, events, links }) => {
        return { name, attributes, status, events, links };
      }),
    ),
    bodies: received.map(({ body }) => body).join(""),
    commands: output.join(""),
  };
  const words = {
    spans: ["hookwright.emit", "hookwright.attempt", "hookwright.batch", "hookwright.ask"],
    bodies: ["Logs processed", "deployment.created", "action.log_created", "pre_token_mint"],
    tables: ["hookwright_idempotency", "hookwright_actions", "hookwright_signing_keys", "action."],
    commands: ["opens", "would be sealed", "each id once", "would be dropped", "deployment.created"],
  };
  for (const [place, expected] of Object.entries(words))
    for (const word of expected)
      expect(places[place as keyof typeof words].includes(word), `${place} has ${word}`).toBe(true);
  const keys = [sealingKey, nextKey].flatMap((each) => [each.toString("base64"), each.toString("hex")]);
  for (const [place, text] of Object.entries(places)) {
    for (const secret of [...secrets, ...keys]) {
      // The end is chance in all of them; a prefix may stand anywhere.
      const parts = [secret.slice(-24), Buffer.from(secret.slice(-24)).toString("hex")];
      expect(
        parts.some((part) => text.includes(part)),
        `${place} has ${secret.slice(0, 6)}…`,
      ).toBe(false);
    }
  }
}

describe("no secret stands in a log line, an answer after the one that shows it, an error, a metric, a span, a notice, a body, a table or what a command prints (invariant 6)", () => {
  test("on SQLite", async () => {
    const folder = await temporaryFolder();
    onTestFinished(folder.dispose);
    await findNoSecret(join(folder.path, "hookwright.db"));
  }, 120_000);

  describePostgres("on PostgreSQL", () => {
    test("of its own database", async () => {
      const database = await createDatabase(await sharedServer());
      onTestFinished(database.drop);
      await findNoSecret(database.url);
    }, 120_000);
  });
});
