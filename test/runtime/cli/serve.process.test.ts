import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReceiver } from "../../receiver.ts";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hookwright-serve-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** A server of its own process on a free port; resolves once it listens. */
async function serve(environment: Record<string, string> = {}) {
  const env = {
    PATH: process.env["PATH"],
    HOOKWRIGHT_DATABASE_URL: join(folder, "hookwright.db"),
    HOOKWRIGHT_PORT: "0",
    ...environment,
  };
  const child = spawn(process.execPath, [command, "serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let output = "";
  const address = await new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("close", () => reject(new Error(`The server ended: ${output}`)));
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, address, ended, output: () => output };
}

test("the operator's key is printed at the first start alone, and opens the API at every later one", async () => {
  const first = await serve();
  const key = /hwk_\S+/.exec(first.output())?.[0] ?? "";
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  const second = await serve();
  expect(second.output()).not.toContain("hwk_");
  const list = await fetch(`${second.address}/v1/orgs/acme/webhook-endpoints`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(list.status).toBe(200);
  for (const file of ["hookwright.db.keys", "hookwright.db.admin"]) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  }
});

test("an event that comes over HTTP is delivered, signed, to an endpoint that was made over HTTP", async () => {
  const headers: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const receiver = await openReceiver((request) => {
    headers.push(request.headers);
    resolve();
    return 200;
  });
  const key = "k".repeat(32);
  const server = await serve({
    HOOKWRIGHT_ADMIN_KEY: key,
    HOOKWRIGHT_ALLOW_TARGETS: `127.0.0.0/8:${receiver.port}`,
  });
  const post = (path: string, body: object) =>
    fetch(`${server.address}/v1/orgs/acme/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect((await post("webhook-endpoints", { url: receiver.url, events: ["*"] })).status).toBe(201);
  const data = { groupId: "grp_1", externalId: null, displayName: "Support", memberCount: 2 };
  expect((await post("events", { type: "scim.group_added", data })).ok).toBe(true);
  await promise;
  expect(headers[0]).toMatchObject({ "x-stech-event": "scim.group_added", "x-stech-signature": /^sha256=/ });
  await receiver.close();
});

test("with OTEL_EXPORTER_OTLP_ENDPOINT the caller's trace leads over the emit to the attempt, at the collector, by the time the server has stopped", async () => {
  interface Exported {
    readonly resourceSpans: readonly {
      readonly resource: { readonly attributes: readonly object[] };
      readonly scopeSpans: readonly {
        readonly spans: readonly Record<"name" | "traceId" | "parentSpanId" | "spanId", string>[];
      }[];
    }[];
  }
  const exported: Exported[] = [];
  const collector = await openReceiver(({ path, body }) => {
    if (path === "/v1/traces") exported.push(JSON.parse(body.toString()));
    return 200;
  });
  const delivered = Promise.withResolvers<void>();
  const receiver = await openReceiver(() => {
    delivered.resolve();
    return 200;
  });
  const key = "k".repeat(32);
  const server = await serve({
    HOOKWRIGHT_ADMIN_KEY: key,
    HOOKWRIGHT_ALLOW_TARGETS: `127.0.0.0/8:${receiver.port}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
  });
  const traceId = "c".repeat(32);
  const post = (path: string, body: object) =>
    fetch(`${server.address}/v1/orgs/acme/${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        traceparent: `00-${traceId}-${"d".repeat(16)}-01`,
      },
      body: JSON.stringify(body),
    });
  expect((await post("webhook-endpoints", { url: receiver.url, events: ["scim.group_added"] })).status).toBe(201);
  const data = { groupId: "grp_1", externalId: null, displayName: "Support", memberCount: 2 };
  expect((await post("events", { type: "scim.group_added", data })).status).toBe(202);
  await delivered.promise;
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  const resources = exported.flatMap(({ resourceSpans }) => resourceSpans);
  const spans = resources.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  const byName = Object.fromEntries(spans.map((span) => [span.name, span]));
  const [answer, emit, attempt] = ["POST /v1/orgs/:tenant/events", "hookwright.emit", "hookwright.attempt"].map(
    (name) => byName[name],
  );
  expect([answer, emit, attempt].map((span) => span?.traceId)).toEqual([traceId, traceId, traceId]);
  expect([answer, emit, attempt].map((span) => span?.parentSpanId)).toEqual([
    "d".repeat(16),
    answer?.spanId,
    emit?.spanId,
  ]);
  expect(resources[0]?.resource.attributes).toEqual(
    expect.arrayContaining([
      { key: "service.name", value: { stringValue: "hookwright" } },
      { key: "deployment.environment.name", value: { stringValue: "test" } },
    ]),
  );
  await Promise.all([collector.close(), receiver.close()]);
});

test("every problem of the configuration is told at once, without a stack trace, and nothing is made", () => {
  const env = {
    PATH: process.env["PATH"],
    HOOKWRIGHT_MODE: "production",
    HOOKWRIGHT_PORT: "eighty",
    HOOKWRIGHT_DATABSE_URL: join(folder, "x.db"),
  };
  const { status, stderr } = spawnSync(process.execPath, [command, "serve"], { env, encoding: "utf8", cwd: folder });
  expect(status).toBe(1);
  for (const name of [
    "HOOKWRIGHT_PORT",
    "HOOKWRIGHT_ADMIN_KEY",
    "HOOKWRIGHT_SECRET_KEYS",
    "HOOKWRIGHT_DATABASE_URL?",
  ]) {
    expect(stderr).toContain(name);
  }
  expect(stderr).not.toContain("    at ");
});
