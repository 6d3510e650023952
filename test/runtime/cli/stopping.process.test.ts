import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adminKey, emitTo, openSocket, startServer, temporaryDirectory, until } from "./serve-harness.ts";

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
