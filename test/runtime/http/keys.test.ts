import fastify from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { completeRoutes } from "../../../runtime/http/route-rules.ts";
import { deployment, openHttpHarness, operatorKey, type Call, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let id: string;
beforeEach(async () => {
  http = await openHttpHarness();
  id = (await http.endpoint("acme")).id;
});
afterEach(() => http.close());

const keys = "/v1/orgs/acme/api-keys";
const endpoints = "/v1/orgs/acme/webhook-endpoints";
const make = (role: string, key = operatorKey) =>
  http.call({ method: "POST", path: keys, body: { role, description: `for ${role}` }, key });

describe("API keys", () => {
  test("are shown once; only the SHA-256 is kept", async () => {
    const { status, body } = await make("admin");
    expect(status).toBe(201);
    expect(body.key).toMatch(new RegExp(`^hwk_${body.apiKey.id}_[\\w-]{43}$`));
    expect(body.apiKey).toEqual({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      role: "admin",
      description: "for admin",
      createdAt: "2026-05-08T14:00:00.000Z",
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(await http.dump()).not.toContain(body.key.split("_").slice(2).join("_"));
    const listed = await http.call({ method: "GET", path: keys });
    expect(listed.body).toEqual({ apiKeys: [body.apiKey] });
  });

  test("work until they are revoked", async () => {
    const { apiKey, key } = (await make("member")).body;
    const read = () => http.call({ method: "GET", path: endpoints, key });
    expect((await read()).status).toBe(200);
    expect((await http.call({ method: "DELETE", path: `${keys}/${apiKey.id}` })).status).toBe(204);
    expect((await read()).status).toBe(401);
    expect((await http.call({ method: "DELETE", path: `${keys}/${apiKey.id}` })).status).toBe(404);
  });

  test("the operator's key is an owner's everywhere, whatever the case of Bearer", async () => {
    const headers = { authorization: `bearer ${operatorKey}` };
    expect((await http.call({ method: "GET", path: "/v1/orgs/anyone/api-keys", key: null, headers })).status).toBe(200);
  });

  test.each([operatorKey.slice(1), `${operatorKey}x`, operatorKey.toUpperCase(), "", "hwk_"])(
    "%j is not the operator's key",
    async (key) => {
      expect((await http.call({ method: "GET", path: endpoints, key })).status).toBe(401);
    },
  );
});

describe("roles (R-STECH-03, D-STECH-09)", () => {
  const reads = (): readonly Call[] => [
    { method: "GET", path: endpoints },
    { method: "GET", path: `${endpoints}/${id}` },
    { method: "GET", path: `${endpoints}/${id}/deliveries` },
    { method: "GET", path: "/v1/orgs/acme/events" },
    { method: "HEAD", path: endpoints },
  ];
  const writes = (): readonly Call[] => [
    { method: "POST", path: endpoints, body: { url: "https://a.example/", events: ["*"] } },
    { method: "PATCH", path: `${endpoints}/${id}`, body: { enabled: false } },
    { method: "POST", path: `${endpoints}/${id}/rotate-secret` },
    { method: "POST", path: "/v1/orgs/acme/events", body: { type: "deployment.created", data: deployment } },
    { method: "DELETE", path: `${endpoints}/${id}` },
  ];
  const keyCalls = (): readonly Call[] => [
    { method: "GET", path: keys },
    { method: "POST", path: keys, body: { role: "member" } },
  ];

  const statuses = async (key: string, calls: readonly Call[]) => {
    const answers = [];
    for (const call of calls) answers.push((await http.call({ ...call, key })).status);
    return answers;
  };

  test("a member reads, and changes nothing", async () => {
    const key = await http.key("acme", "member");
    expect(await statuses(key, reads())).toEqual([200, 200, 200, 200, 200]);
    const before = await http.dump();
    expect(await statuses(key, [...writes(), ...keyCalls()])).toEqual([403, 403, 403, 403, 403, 403, 403]);
    expect(
      (await http.call({ method: "POST", path: `${endpoints}/${id}/deliveries/dlv_1/redeliver`, key })).status,
    ).toBe(403);
    expect(await http.dump()).toBe(before);
  });

  test("an admin changes too, and manages no keys", async () => {
    const key = await http.key("acme", "admin");
    expect(await statuses(key, [...reads(), ...writes()])).toEqual([200, 200, 200, 200, 200, 201, 200, 200, 202, 204]);
    expect(await statuses(key, keyCalls())).toEqual([403, 403]);
  });

  test("an owner manages keys as well", async () => {
    const key = await http.key("acme", "owner");
    expect(await statuses(key, [...reads(), ...writes(), ...keyCalls()])).toEqual([
      200, 200, 200, 200, 200, 201, 200, 200, 202, 204, 200, 201,
    ]);
  });
});

test("a route that does not say who may use it cannot be registered, so none is open by oversight", () => {
  const app = fastify();
  completeRoutes(app);
  const schema = { summary: "Open", response: { 200: {} } };
  expect(() => app.get("/open", { schema }, async () => "anything")).toThrow("GET /open: expected config.access");
  expect(() => app.get("/said", { schema, config: { access: "public" } }, async () => "anything")).not.toThrow();
});
