import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createApi, createApp } from "../../runtime/app.ts";
import { systemClock } from "../../runtime/clock.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { keyHash } from "../../runtime/secrets/api-key.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { operatorKey, deployment } from "./http/harness.ts";
import { temporaryFolder } from "./store/temporary-store.ts";

const sealingKey = createHash("sha256").update("canary").digest();

/** A whole app on a file, with an API, and a receiver that refuses the first attempt and repeats what it was sent. */
async function openWhole() {
  const folder = await temporaryFolder();
  const received: Record<string, unknown>[] = [];
  const receiver = createServer((request, response) => {
    received.push({ ...request.headers });
    response.writeHead(received.length === 1 ? 503 : 204).end();
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const { port } = receiver.address() as AddressInfo;
  const logLines: string[] = [];
  const app = await createApp({
    database: `${folder.path}/hookwright.db`,
    catalog,
    keyRing: openKeyRing([{ id: "canary", key: sealingKey }]),
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.1/32", portMin: port, portMax: port }],
    log: pino({ level: "trace" }, { write: (line) => void logLines.push(line) }),
    clock: { ...systemClock, after: (ms, callback) => systemClock.after(Math.min(ms, 20), callback) },
  });
  const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
  await app.engine.start();
  onTestFinished(async () => {
    await api.close();
    await app.close();
    receiver.close();
    receiver.closeAllConnections();
    await folder.dispose();
  });
  return { app, api, received, logLines, url: `http://127.0.0.1:${port}/` };
}

test("no secret stands in a log line, an answer after the one that shows it, an error, a metric or a table (invariant 6)", async () => {
  const { app, api, received, logLines, url } = await openWhole();
  const answers: string[] = [];
  const call = async (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, key: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await api.inject({ method, url: path, headers, ...(body && { payload: body }) });
    answers.push(JSON.stringify(answer.headers) + answer.body);
    return answer.body === "" ? null : answer.json();
  };
  const org = "/v1/orgs/acme";
  const { key, apiKey } = await call("POST", `${org}/api-keys`, operatorKey, { role: "owner" });
  const { token } = await call("POST", `${org}/portal-tokens`, key, { scope: "manage" });
  const created = await call("POST", `${org}/webhook-endpoints`, token, { url, events: ["*"] });
  const endpoint = `${org}/webhook-endpoints/${created.endpoint.id}`;
  const rotated = await call("POST", `${endpoint}/rotate-secret`, key);
  const blocked = await call("POST", `${org}/webhook-endpoints`, key, { url: "https://a.invalid/", events: ["*"] });
  const secrets = [operatorKey, key, token, created.signingSecret, rotated.signingSecret, blocked.signingSecret];
  expect(secrets.every((secret) => typeof secret === "string" && secret.length > 30)).toBe(true);
  // Whatever showed a secret did so this once.
  answers.length = 0;

  await call("POST", `${org}/events`, key, { type: "deployment.created", data: deployment });
  await expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect
    .poll(async () => (await call("GET", `${endpoint}/deliveries`, token)).deliveries[0]?.attemptCount, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
  const [delivery] = (await call("GET", `${endpoint}/deliveries`, token)).deliveries;
  await call("POST", `${endpoint}/deliveries/${delivery.id}/redeliver`, token);
  for (const path of ["", "/deliveries", `/deliveries/${delivery.id}`]) await call("GET", endpoint + path, token);
  for (const path of ["webhook-endpoints", "events", "events?contract=hookwright", "audit", "api-keys", "none"])
    await call("GET", `${org}/${path}`, key);
  await call("PATCH", endpoint, key, { url: token, events: [key] });
  await call("PATCH", endpoint, key, { enabled: key });
  await call("GET", `/v1/orgs/globex/audit`, key);
  await call("GET", endpoint, `${key}x`);
  await call("DELETE", endpoint, token);
  await call("DELETE", `${org}/api-keys/${apiKey.id}`, key);
  await call("GET", `${org}/audit`, key);

  const metrics = (await api.inject({ url: "/metrics", headers: { authorization: `Bearer ${operatorKey}` } })).body;
  expect(metrics).toContain("hookwright_http_requests_total");
  const { rows: tables } = await sql<{ name: string }>`select name from sqlite_schema where type = 'table'`.execute(
    app.store.database,
  );
  const contents = [];
  for (const { name } of tables)
    contents.push(JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(app.store.database)).rows));
  const places = { log: logLines.join(""), answers: answers.join(""), metrics, tables: contents.join("") };
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(100);
    for (const secret of [...secrets, sealingKey.toString("base64"), sealingKey.toString("hex")]) {
      // The part that is chance: a prefix may stand anywhere.
      const random = secret.split("_").at(-1) ?? secret;
      expect(text.includes(random), `${place} has ${secret.slice(0, 6)}…`).toBe(false);
    }
  }
});
