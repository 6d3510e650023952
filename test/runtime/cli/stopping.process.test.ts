import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { minting } from "../asking/project.ts";
import { adminKey, emitTo, headers, openSocket, startServer, temporaryDirectory, until } from "./serve-harness.ts";

const authorization = `Host: a\r\nAuthorization: Bearer ${adminKey}\r\n`;

test("a second server on a port that is taken ends with status 1 and takes nothing from the first", async () => {
  const database = join(temporaryDirectory(), "hookwright.db");
  const first = startServer({ HOOKWRIGHT_DATABASE_URL: database });
  const address = await first.ready();
  const before = leasesIn(database);
  const second = startServer({ HOOKWRIGHT_DATABASE_URL: database, HOOKWRIGHT_PORT: new URL(address).port });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain("EADDRINUSE");
  expect(leasesIn(database)).toEqual(before);
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
});

test("a second server on a file that is served waits for it, takes nothing, and serves once the first has ended", async () => {
  const database = join(temporaryDirectory(), "hookwright.db");
  const first = startServer({ HOOKWRIGHT_DATABASE_URL: database });
  const address = await first.ready();
  const before = leasesIn(database);
  const second = startServer({ HOOKWRIGHT_DATABASE_URL: database });
  await second.prints(/Waiting for the database, for 60 s at most: another process serves it\./);
  expect(leasesIn(database)).toEqual(before);
  expect((await emitTo(address)).status).toBe(202);
  first.child.kill("SIGKILL");
  await second.ready();
  second.child.kill("SIGTERM");
  expect(await second.ended).toBe(0);
});

test("a second server on a file that stays served ends with status 1", async () => {
  const database = join(temporaryDirectory(), "hookwright.db");
  const first = startServer({ HOOKWRIGHT_DATABASE_URL: database });
  const address = await first.ready();
  const second = startServer({ HOOKWRIGHT_DATABASE_URL: database, HOOKWRIGHT_DATABASE_WAIT_SECONDS: "1" });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain("Another process serves");
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
});

test.each([
  ["longer than its grace, with status 1", { timeoutMs: 5000, graceSeconds: "2" }, { status: 1, answered: null }],
  [
    "less than its grace, with status 0 and the answer",
    { timeoutMs: 1000, graceSeconds: "20" },
    { status: 0, answered: 200 },
  ],
] as const)("SIGTERM ends a server whose question waits %s", async (_, { timeoutMs, graceSeconds }, expected) => {
  const receiver = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  await once(receiver, "listening");
  const asked = once(receiver, "request");
  const { port } = receiver.address() as AddressInfo;
  const server = startServer({
    HOOKWRIGHT_DATABASE_URL: join(temporaryDirectory(), "hookwright.db"),
    HOOKWRIGHT_ALLOW_TARGETS: `127.0.0.0/8:${port}`,
    HOOKWRIGHT_GRACE_SECONDS: graceSeconds,
  });
  const address = await server.ready();
  const post = (path: string, body: object) =>
    fetch(`${address}/v1/orgs/acme/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const action = { trigger: "pre_token_mint", url: `http://127.0.0.1:${port}/`, timeoutMs };
  expect((await post("actions", action)).status).toBe(201);
  const answered = post("actions/pre_token_mint/ask", { data: minting }).then(
    ({ status }) => status,
    () => null,
  );
  await asked;
  server.child.kill("SIGTERM");
  expect({ status: await server.ended, answered: await answered }).toEqual(expected);
});

function leasesIn(database: string): unknown {
  const file = new DatabaseSync(database, { readOnly: true });
  const leases = file.prepare("select shard, owner, epoch from hookwright_shards").all();
  file.close();
  return leases;
}

test("SIGTERM ends a server with idle connections, half a request, a long poll and an export that nobody reads", async () => {
  const server = startServer({ HOOKWRIGHT_DATABASE_URL: join(temporaryDirectory(), "hookwright.db") });
  const address = await server.ready();
  const big = "x".repeat(200_000);
  for (let count = 0; count < 100; count += 1) expect((await emitTo(address, big)).status).toBe(202);
  await openSocket(address, "");
  await openSocket(address, "POST /v1/orgs/acme/events HTTP/1.1\r\nHost: a\r\n");
  await openSocket(address, `GET /v1/orgs/acme/events?cursor=end&wait=20 HTTP/1.1\r\n${authorization}\r\n`);
  const reader = await openSocket(address, `GET /v1/orgs/acme/events/export HTTP/1.1\r\n${authorization}\r\n`);
  await new Promise((resolve) => reader.once("readable", resolve));
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(server.output()).toContain("Stopped.");
});

test("SIGTERM ends a server whose database is locked with status 1, once its grace is over", async () => {
  const database = join(temporaryDirectory(), "hookwright.db");
  const server = startServer({ HOOKWRIGHT_DATABASE_URL: database, HOOKWRIGHT_GRACE_SECONDS: "1" });
  const address = await server.ready();
  const other = new DatabaseSync(database);
  other.exec("begin immediate");
  const emitted = emitTo(address).catch(() => null);
  await until(async () => (await fetch(`${address}/readyz`)).status === 503);
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(1);
  expect(server.output()).toContain("Not everything was written down");
  await emitted;
  other.close();
});

test("a drain serves requests while readyz says 503, and a second signal ends it", async () => {
  const server = startServer({
    HOOKWRIGHT_DATABASE_URL: join(temporaryDirectory(), "hookwright.db"),
    HOOKWRIGHT_DRAIN_SECONDS: "600",
  });
  const address = await server.ready();
  server.child.kill("SIGTERM");
  await until(async () => (await fetch(`${address}/readyz`)).status === 503);
  expect((await emitTo(address)).status).toBe(202);
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
});

test("metrics are served on a port of their own, and one that is taken ends the process before it takes work", async () => {
  const environment = { HOOKWRIGHT_METRICS_PORT: "0", HOOKWRIGHT_METRICS_KEY: "m".repeat(32) };
  const server = startServer({ HOOKWRIGHT_DATABASE_URL: join(temporaryDirectory(), "hookwright.db"), ...environment });
  const address = await server.ready();
  const [, port = ""] = await server.prints(/"metricsPort":(\d+)/);
  const metrics = `http://127.0.0.1:${port}/metrics`;
  const authorization = `Bearer ${"m".repeat(32)}`;
  expect((await fetch(metrics)).status).toBe(401);
  const text = await (await fetch(metrics, { headers: { authorization } })).text();
  expect(text).toMatch(/^hookwright_database_up 1$/m);
  expect(text).toMatch(/^process_cpu_seconds_total /m);
  expect((await fetch(`${address}/metrics`, { headers: { authorization } })).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(404);
  const database = join(temporaryDirectory(), "hookwright.db");
  const second = startServer({ HOOKWRIGHT_DATABASE_URL: database, HOOKWRIGHT_METRICS_PORT: port });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain("EADDRINUSE");
  expect(leasesIn(database)).toMatchObject([{ owner: null }]);
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
});
