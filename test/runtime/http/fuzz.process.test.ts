import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { createApi } from "../../../runtime/api.ts";
import { createApp } from "../../../runtime/app.ts";
import { systemClock } from "../../../runtime/seams/clock.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { keyHash } from "../../../runtime/secrets/api-key.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { postgresDatabase } from "../store/temporary-postgres.ts";
import { deployment, operatorKey } from "./harness.ts";
import { operationsOf, requestOf, type Operation, type OpenapiDocument } from "./fuzzed-requests.ts";

const requestsEach = 100;

async function openFuzzed(database: string) {
  const answers: string[] = [];
  const app = await createApp({
    database,
    catalog,
    keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.1/32", portMin: 1, portMax: 1 }],
    log: pino({ level: "error" }, { write: (line) => void answers.push(line) }),
    clock: systemClock,
    random: randomBytes,
  });
  const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
  onTestFinished(async () => {
    await api.close();
    await app.close();
  });
  const call = (request: { method: string; url: string; payload?: string }) =>
    api.inject({
      ...request,
      method: request.method as "GET",
      headers: {
        authorization: `Bearer ${operatorKey}`,
        ...(request.payload === undefined ? {} : { "content-type": "application/json" }),
      },
    });
  return { call, answers };
}

type Fuzzed = Awaited<ReturnType<typeof openFuzzed>>;

/** One of each kind of thing, so that routes find what they are asked for. */
async function furnish({ call }: Fuzzed): Promise<readonly string[]> {
  const url = "http://127.0.0.1:1/in";
  const make = async (method: string, path: string, body: object) => {
    const made = await call({ method, url: `/v1/orgs/acme/${path}`, payload: JSON.stringify(body) });
    expect([path, made.statusCode, made.body]).toEqual([path, expect.toSatisfy((status) => status < 300), made.body]);
    return [...made.body.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? "");
  };
  const ids = [
    await make("POST", "webhook-endpoints", { url, events: ["*"] }),
    await make("POST", "events", { type: "deployment.created", data: deployment }),
    await make("POST", "actions", { url, trigger: "pre_register", enabled: true }),
    await make("POST", "api-keys", { role: "member" }),
    await make("PUT", "feeds/billing", {}),
  ];
  return ["acme", "billing", "deployment.created", "pre_register", "*", ...ids.flat()];
}

async function faultsOf({ call, answers }: Fuzzed, operation: Operation, known: readonly string[]): Promise<string[]> {
  const requests = fc.sample(requestOf(operation, known), { seed: 7, numRuns: requestsEach });
  const faults = [];
  for (const request of requests) {
    answers.length = 0;
    const { statusCode, body } = await call(request);
    if (statusCode >= 500) faults.push(`${JSON.stringify(request)}: ${body} ${answers.join("")}`);
  }
  return faults;
}

async function fuzz(database: string): Promise<void> {
  const fuzzed = await openFuzzed(database);
  const document: OpenapiDocument = JSON.parse((await fuzzed.call({ method: "GET", url: "/openapi.json" })).body);
  const known = await furnish(fuzzed);
  const operations = operationsOf(document);
  expect(operations.length).toBeGreaterThan(50);
  const faults = [];
  for (const operation of operations) faults.push(...(await faultsOf(fuzzed, operation, known)).slice(0, 1));
  expect(faults).toEqual([]);
}

describe("whatever is asked of any route is never our fault", () => {
  test("on SQLite", () => fuzz(":memory:"));
});

describePostgres("whatever is asked of any route is never our fault", () => {
  const database = postgresDatabase();
  test("on PostgreSQL", async () => fuzz(await database.url()));
});
