import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorTable } from "../../../runtime/errors.ts";
import { openapiDocument } from "../../../runtime/http/openapi-document.ts";
import { deployment, metricsKey, openHttpHarness, operatorKey, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let isReady: boolean;
beforeEach(async () => {
  isReady = true;
  http = await openHttpHarness({ isReady: () => isReady });
});
afterEach(() => http.close());

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}
interface Document {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: object;
  readonly components: Readonly<Record<string, object>>;
}

async function document(): Promise<Document> {
  return JSON.parse((await http.call({ method: "GET", path: "/openapi.json", key: null })).text);
}

const ofOperators = ["counts", "deliveries", "endpoints", "overview", "tenants"].map((name) => `get /v1/${name}`);

describe("the OpenAPI document", () => {
  test("has every route, each described, with its error answers", async () => {
    const { openapi, paths, tags } = await document();
    expect(openapi).toBe("3.1.0");
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, ...operation })),
    );
    expect(operations.map(({ name }) => name).sort()).toEqual(
      [
        "get /.well-known/orgs/{tenant}/webhook-endpoints/{id}/jwks.json",
        "get /healthz",
        "get /llms.txt",
        "get /metrics",
        "get /openapi.json",
        "get /readyz",
        "get /v1/event-types",
        "get /v1/event-types/{type}",
        "delete /v1/orgs/{tenant}/api-keys/{id}",
        "get /v1/orgs/{tenant}/api-keys",
        "post /v1/orgs/{tenant}/api-keys",
        "delete /v1/orgs/{tenant}/actions/{id}",
        "get /v1/orgs/{tenant}/actions",
        "get /v1/orgs/{tenant}/actions/{id}",
        "get /v1/orgs/{tenant}/actions/{id}/invocations",
        "patch /v1/orgs/{tenant}/actions/{id}",
        "post /v1/orgs/{tenant}/actions",
        "post /v1/orgs/{tenant}/actions/{id}/reenable",
        "post /v1/orgs/{tenant}/actions/{id}/rotate-secret",
        "post /v1/orgs/{tenant}/actions/{id}/test",
        "post /v1/orgs/{tenant}/actions/{trigger}/ask",
        "post /v1/orgs/{tenant}/mcp",
        "post /v1/orgs/{tenant}/portal-tokens",
        "get /v1/orgs/{tenant}/audit",
        "get /v1/orgs/{tenant}/events",
        "post /v1/orgs/{tenant}/events",
        "post /v1/orgs/{tenant}/events/batch",
        "get /v1/orgs/{tenant}/log-streams",
        "post /v1/orgs/{tenant}/log-streams",
        "delete /v1/orgs/{tenant}/log-streams/{id}",
        "get /v1/orgs/{tenant}/log-streams/{id}",
        "patch /v1/orgs/{tenant}/log-streams/{id}",
        "post /v1/orgs/{tenant}/log-streams/{id}/pause",
        "get /v1/orgs/{tenant}/log-streams/{id}/report",
        "post /v1/orgs/{tenant}/log-streams/{id}/resume",
        "post /v1/orgs/{tenant}/log-streams/{id}/rewind",
        "get /v1/orgs/{tenant}/signing-keys",
        "post /v1/orgs/{tenant}/signing-keys",
        "delete /v1/orgs/{tenant}/signing-keys/{id}",
        "get /v1/orgs/{tenant}/events/export",
        "get /v1/orgs/{tenant}/events/{id}",
        "get /v1/orgs/{tenant}/events/{id}/body",
        "get /v1/orgs/{tenant}/counts",
        "get /v1/orgs/{tenant}/filters/try",
        "get /v1/orgs/{tenant}/webhook-endpoints/{id}/history",
        "get /v1/orgs/{tenant}/deliveries",
        ...ofOperators,
        "get /v1/session",
        "get /v1/orgs/{tenant}/feeds",
        "delete /v1/orgs/{tenant}/feeds/{name}",
        "get /v1/orgs/{tenant}/feeds/{name}",
        "put /v1/orgs/{tenant}/feeds/{name}",
        "post /v1/orgs/{tenant}/feeds/{name}/commit",
        "post /v1/orgs/{tenant}/feeds/{name}/seek",
        "get /v1/orgs/{tenant}/events/{id}/deliveries",
        "post /v1/orgs/{tenant}/events/{id}/erase",
        "get /v1/orgs/{tenant}/webhook-endpoints",
        "post /v1/orgs/{tenant}/webhook-endpoints",
        "delete /v1/orgs/{tenant}/webhook-endpoints/{id}",
        "get /v1/orgs/{tenant}/webhook-endpoints/{id}",
        "patch /v1/orgs/{tenant}/webhook-endpoints/{id}",
        "get /v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries",
        "post /v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries",
        "get /v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries/{delivery}",
        "post /v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries/{delivery}/redeliver",
        "get /v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries",
        "post /v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries",
        "get /v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries/{redelivery}",
        "post /v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries/{redelivery}/cancel",
        "post /v1/orgs/{tenant}/webhook-endpoints/{id}/rotate-secret",
        "post /v1/orgs/{tenant}/webhook-endpoints/{id}/test",
      ].sort(),
    );
    const known = tags.map(({ name }) => name);
    for (const operation of operations) {
      expect(operation.summary, operation.name).toMatch(/\S/);
      expect(known, operation.name).toEqual(expect.arrayContaining([...operation.tags]));
      const answers = Object.entries(operation.responses);
      for (const [status, { description }] of answers) expect(description, `${operation.name} ${status}`).toMatch(/\S/);
      expect(JSON.stringify(operation.responses), operation.name).not.toContain("Default Response");
      const isOfTenant = operation.path.startsWith("/v1/") && operation.path.includes("{tenant}");
      const hasKey = ["get /metrics", "get /v1/session", ...ofOperators].includes(operation.name);
      const isPublic = !isOfTenant && !hasKey;
      expect(operation.security, operation.name).toEqual(isPublic ? [] : [{ bearer: [] }]);
      expect("401" in operation.responses, operation.name).toBe(!isPublic);
    }
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  test("has the webhooks, and every reference in it leads somewhere", async () => {
    const whole = await document();
    expect(Object.keys(whole.webhooks)).toContain("deployment.created");
    const references = [...JSON.stringify(whole).matchAll(/"\$ref":"#\/components\/([^"/]+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(50);
    for (const [, kind = "", name = ""] of references) expect(whole.components[kind], name).toHaveProperty([name]);
    expect(whole.components["securitySchemes"]).toHaveProperty(["bearer"]);
  });

  test("lists the codes of each error answer from the table", async () => {
    const { paths } = await document();
    const responses = paths["/v1/orgs/{tenant}/events"]?.["post"]?.responses ?? {};
    for (const [code, { status }] of Object.entries(errorTable)) {
      const answer = responses[String(status)];
      if (answer !== undefined) expect(answer.description).toContain(`\`${code}\``);
    }
    expect(Object.keys(responses)).toEqual([
      "200",
      "202",
      "400",
      "401",
      "403",
      "404",
      "409",
      "413",
      "415",
      "429",
      "500",
      "503",
    ]);
  });

  test("two components of one name are refused", () => {
    const generated = { components: { schemas: { Endpoint: {} } } };
    expect(() => openapiDocument(generated, generated)).toThrow("components.schemas has Endpoint twice");
  });
});

test("llms.txt is what was generated, for anybody, and answers 304 to its ETag", async () => {
  const { status, text, headers } = await http.call({ method: "GET", path: "/llms.txt", key: null });
  expect([status, headers["content-type"]]).toEqual([200, "text/plain; charset=utf-8"]);
  expect(text).toBe(readFileSync("runtime/generated/llms.txt", "utf8"));
  const again = { method: "GET", path: "/llms.txt", key: null, headers: { "if-none-match": String(headers["etag"]) } };
  expect((await http.call({ ...again, method: "GET" })).status).toBe(304);
  // Its links lead to routes of this API.
  const links = [...text.matchAll(/\]\((\/[^)]*)\)/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(10);
  for (const path of links) expect((await http.call({ method: "GET", path, key: null })).status, path).toBe(200);
});

describe("health", () => {
  test("healthz says that the process is up, ready or not", async () => {
    isReady = false;
    expect((await http.call({ method: "GET", path: "/healthz", key: null })).body).toEqual({ status: "ok" });
  });

  test("readyz says whether the engine runs", async () => {
    const ready = () => http.call({ method: "GET", path: "/readyz", key: null });
    expect((await ready()).status).toBe(200);
    isReady = false;
    const { status, body } = await ready();
    expect([status, body.error.code]).toEqual([503, "not_ready"]);
  });

  test("readyz asks the database", async () => {
    await http.store.close();
    expect((await http.call({ method: "GET", path: "/readyz", key: null })).status).toBe(503);
  });
});

describe("the log", () => {
  test("holds no key, no secret and nothing of a URL's query, at any level", async () => {
    const canary = "CANARY-0123456789abcdef0123456789abcdef";
    const { id, signingSecret } = await http.endpoint("acme");
    const endpoint = `/v1/orgs/acme/webhook-endpoints/${id}`;
    const rotated = (await http.call({ method: "POST", path: `${endpoint}/rotate-secret` })).body.signingSecret;
    const made = (await http.call({ method: "POST", path: "/v1/orgs/acme/api-keys", body: { role: "admin" } })).body
      .key;
    await http.call({ method: "GET", path: endpoint, key: made });
    await http.call({ method: "GET", path: endpoint, key: canary });
    await http.call({
      method: "GET",
      path: `${endpoint}?key=${canary}`,
      headers: { cookie: canary, "x-api-key": canary },
    });
    await http.call({ method: "GET", path: `/${canary}` });
    await http.call({
      method: "POST",
      path: "/v1/orgs/acme/events",
      payload: `{"${canary}`,
      headers: { "content-type": "application/json" },
    });
    const data = { ...deployment, [canary]: canary };
    await http.call({ method: "POST", path: "/v1/orgs/acme/events", body: { type: "deployment.created", data } });
    await http.call({
      method: "POST",
      path: "/v1/orgs/acme/webhook-endpoints",
      body: { url: `https://u:${canary}@a.example/`, events: ["*"] },
    });
    await http.store.close();
    await http.call({ method: "GET", path: endpoint, key: canary });
    const text = http.logLines.join("");
    expect(http.logLines.length).toBeGreaterThanOrEqual(10);
    for (const secret of [canary, operatorKey, signingSecret, rotated, made]) expect(text).not.toContain(secret);
  });

  test("what is logged under a secret's name all the same is redacted", () => {
    http.app.log.info({ authorization: "CANARY", req: { headers: { authorization: "CANARY" } } }, "tried");
    http.app.log.info({ endpoint: { signingSecret: "CANARY", sealedSecret: "CANARY" }, key: "CANARY" }, "tried");
    expect(http.logLines.join("")).not.toContain("CANARY");
    expect(http.logLines.join("")).toContain("[redacted]");
  });

  test("each answer is one line with the route, the status and the id the caller has", async () => {
    const answer = await http.call({ method: "GET", path: "/v1/orgs/acme/webhook-endpoints?contract=stech" });
    const lines = http.logLines.map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({
        method: "GET",
        route: "/v1/orgs/:tenant/webhook-endpoints",
        status: 200,
        reqId: answer.headers["x-request-id"],
      }),
    ]);
  });
});

test("what succeeds is logged as debug, what is refused as info", async () => {
  await http.call({ method: "GET", path: "/v1/orgs/acme/webhook-endpoints" });
  await http.call({ method: "GET", path: "/v1/orgs/acme/webhook-endpoints", key: "nobody's" });
  const levels = http.logLines.map((line) => JSON.parse(line)).map(({ level, status }) => ({ level, status }));
  expect(levels).toEqual([
    { level: 20, status: 200 },
    { level: 30, status: 401 },
  ]);
});

test("answers are kept by nobody, unless they say so", async () => {
  const { headers } = await http.call({ method: "GET", path: "/v1/orgs/acme/webhook-endpoints" });
  expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
});

describe("metrics", () => {
  test("are for the operator's key, and for one that reads them and nothing else", async () => {
    const of = { method: "GET", path: "/metrics" } as const;
    const answer = await http.call(of);
    expect([answer.status, answer.text]).toEqual([200, "a_metric 1\n"]);
    expect(answer.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await http.call({ ...of, key: metricsKey })).status).toBe(200);
    const other = { method: "GET", path: "/v1/orgs/acme/webhook-endpoints", key: metricsKey } as const;
    expect((await http.call(other)).status).toBe(401);
    expect((await http.call({ ...of, key: null })).status).toBe(401);
    expect((await http.call({ ...of, key: await http.key("org_1", "owner") })).status).toBe(404);
  });
});
