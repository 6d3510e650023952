import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deployment, openHttpHarness, operatorKey, start, type Call, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => (http = await openHttpHarness()));
afterEach(() => http.close());

const keys = "/v1/orgs/acme/api-keys";
const endpoints = "/v1/orgs/acme/webhook-endpoints";
const tokens = "/v1/orgs/acme/portal-tokens";
const audit = "/v1/orgs/acme/audit";
const read = (key: string, path = endpoints) => http.call({ method: "GET", path, key });
const post = (path: string, body: unknown, key = operatorKey) => http.call({ method: "POST", path, body, key });

describe("an API key", () => {
  test("is refused from the instant on at which it expires", async () => {
    const expiresAt = "2026-05-08T15:00:00.000Z";
    const { apiKey, key } = (await post(keys, { role: "member", expiresAt })).body;
    expect(apiKey.expiresAt).toBe(expiresAt);
    http.clock.moveTo(Date.parse(expiresAt) - 1);
    expect((await read(key)).status).toBe(200);
    http.clock.moveTo(Date.parse(expiresAt));
    expect((await read(key)).status).toBe(401);
  });

  test("expires at a time that is given at any offset, and says so in UTC", async () => {
    const { apiKey } = (await post(keys, { role: "member", expiresAt: "2026-05-08T17:00:00+02:00" })).body;
    expect(apiKey.expiresAt).toBe("2026-05-08T15:00:00.000Z");
  });

  test.each(["2026-05-08T14:00:00.000Z", "2026-05-08T14:00:00Z", "yesterday", "2026-05-08"])(
    "cannot expire at %j",
    async (expiresAt) => {
      const { status, body } = await post(keys, { role: "member", expiresAt });
      expect([status, body.error.path]).toEqual([400, "expiresAt"]);
    },
  );

  test("has its last use noted, once a minute", async () => {
    const key = await http.key("acme", "member");
    const lastUsedAt = async () => (await read(operatorKey, keys)).body.apiKeys[0]?.lastUsedAt;
    expect(await lastUsedAt()).toBeNull();
    const first = "2026-05-08T14:00:00.000Z";
    expect((await read(key)).status).toBe(200);
    await expect.poll(lastUsedAt).toBe(first);
    http.clock.moveTo(start + 59_999);
    await read(key);
    // A refused request would be noted after this one, if any were.
    await read(key, "/v1/orgs/globex/webhook-endpoints");
    expect(await lastUsedAt()).toBe(first);
    http.clock.moveTo(start + 60_000);
    await read(key);
    await expect.poll(lastUsedAt).toBe("2026-05-08T14:01:00.000Z");
  });
});

describe("a portal token", () => {
  test("reads or manages its own tenant's endpoints, and is kept as a hash alone", async () => {
    const reading = (await post(tokens, { scope: "read" })).body;
    const managing = (await post(tokens, { scope: "manage", expiresInSeconds: 3600 })).body;
    expect([reading.expiresAt, managing.expiresAt]).toEqual(["2026-05-08T14:15:00.000Z", "2026-05-08T15:00:00.000Z"]);
    const endpoint = { url: "https://a.example/", events: ["*"] };
    expect((await read(reading.token)).status).toBe(200);
    expect((await post(endpoints, endpoint, reading.token)).status).toBe(403);
    expect((await post(endpoints, endpoint, managing.token)).status).toBe(201);
    expect((await read(managing.token, "/v1/orgs/globex/webhook-endpoints")).status).toBe(404);
    for (const { token } of [reading, managing]) expect(await http.dump()).not.toContain(token.split("_").at(-1));
  });

  test("lasts an hour at most, to the instant", async () => {
    expect((await post(tokens, { scope: "read", expiresInSeconds: 3601 })).status).toBe(400);
    const { token } = (await post(tokens, { scope: "read", expiresInSeconds: 3600 })).body;
    http.clock.moveTo(start + 3_599_999);
    expect((await read(token)).status).toBe(200);
    http.clock.moveTo(start + 3_600_000);
    expect((await read(token)).status).toBe(401);
  });

  test("never reaches the contract that tells of keys and audit", async () => {
    const { token } = (await post(tokens, { scope: "manage" })).body;
    const own = { url: "https://a.example/", contract: "hookwright", events: ["*"] };
    expect((await post(endpoints, own, token)).body.error).toMatchObject({ code: "forbidden", path: "contract" });
    expect((await read(token, `${endpoints}?contract=hookwright`)).status).toBe(403);
    const { id } = (await post(endpoints, own)).body.endpoint;
    for (const path of [`${endpoints}/${id}`, `${endpoints}/${id}/deliveries`])
      expect([(await read(token, path)).status, (await read(operatorKey, path)).status]).toEqual([404, 200]);
    expect((await post(`${endpoints}/${id}/rotate-secret`, {}, token)).status).toBe(404);
    const body = { url: "https://b.example/" };
    expect((await http.call({ method: "PATCH", path: `${endpoints}/${id}`, key: token, body })).status).toBe(404);
  });

  test("is made by those who may change what it reaches", async () => {
    expect((await post(tokens, { scope: "read" }, await http.key("acme", "member"))).status).toBe(403);
    expect((await post(tokens, { scope: "read" }, await http.key("acme", "admin"))).status).toBe(201);
  });
});

describe("rates", () => {
  beforeEach(async () => {
    await http.close();
    http = await openHttpHarness({ rateLimits: { perKey: 2, perTenant: 3 } });
  });

  test("of a key: 429 with Retry-After, until there is room again", async () => {
    const key = await http.key("acme", "member");
    const statuses = async (count: number) => {
      const answers = [];
      for (let each = 0; each < count; each += 1) answers.push((await read(key)).status);
      return answers;
    };
    expect(await statuses(3)).toEqual([200, 200, 429]);
    const { body, headers } = await read(key);
    expect([body.error.code, headers["retry-after"]]).toEqual(["rate_limited", "1"]);
    http.clock.moveTo(start + 500);
    expect(await statuses(2)).toEqual([200, 429]);
    http.clock.moveTo(start + 60_000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  test("of a tenant, over all its keys; others and the operator are not held up", async () => {
    const [one, two] = [await http.key("acme", "member"), await http.key("acme", "owner")];
    for (const key of [one, one, two]) expect((await read(key)).status).toBe(200);
    const { status, body } = await read(two);
    expect([status, body.error.message]).toEqual([429, expect.stringContaining("tenant may make 3")]);
    const other = await http.key("globex", "member");
    expect((await read(other, "/v1/orgs/globex/webhook-endpoints")).status).toBe(200);
    for (let count = 0; count < 10; count += 1) expect((await read(operatorKey)).status).toBe(200);
  });
});

describe("the audit feed", () => {
  test("says who did what, in order, in pages", async () => {
    const { apiKey, key } = (await post(keys, { role: "owner" })).body;
    const { endpoint } = (await post(endpoints, { url: "https://a.example/", events: ["*"] }, key)).body;
    const path = `${endpoints}/${endpoint.id}`;
    const acts: readonly Call[] = [
      { method: "PATCH", path, body: { enabled: false }, key },
      { method: "POST", path: `${path}/rotate-secret`, key },
      { method: "POST", path: tokens, body: { scope: "read" }, key },
      { method: "DELETE", path, key },
      { method: "DELETE", path: `${keys}/${apiKey.id}` },
    ];
    for (const act of acts) expect((await http.call(act)).status).toBeLessThan(300);
    await http.emit("acme");
    await http.key("globex", "owner");

    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 4; page += 1) {
      const { body } = await http.call({ method: "GET", path: `${audit}?limit=2${cursor}` });
      seen.push(...body.entries.map(({ actorId, action }) => `${action} by ${actorId}`));
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual([
      "api_key.created by operator",
      ...[
        "endpoint.created",
        "endpoint.updated",
        "endpoint.secret_rotated",
        "portal_token.created",
        "endpoint.deleted",
      ].map((action) => `${action} by ${apiKey.id}`),
      "api_key.revoked by operator",
    ]);
    // It says nothing of how long the log is, and opens for its tenant alone.
    const { body } = await http.call({ method: "GET", path: `${audit}?limit=1` });
    expect(body.nextCursor).toMatch(/^v1\./);
    const elsewhere = { method: "GET", path: `/v1/orgs/globex/audit?cursor=${body.nextCursor}` } as const;
    expect(await http.call(elsewhere)).toMatchObject({ status: 400, body: { error: { path: "cursor" } } });
  });

  test("D-STECH-09: is read by every member of its tenant, and by no portal token", async () => {
    expect((await read(await http.key("acme", "member"), audit)).status).toBe(200);
    expect((await read(await http.key("globex", "owner"), audit)).status).toBe(404);
    const { token } = (await post(tokens, { scope: "manage" })).body;
    expect((await read(token, audit)).status).toBe(403);
  });
});

describe("tenants whose names begin with _hookwright", () => {
  test.each(["_hookwright", "_hookwright.eu"])(
    "%s has no keys, no tokens and no events of the product",
    async (tenant) => {
      const refused = { code: "invalid_request", path: "tenant" };
      const event = { type: "deployment.created", data: deployment };
      const posts = [
        ["api-keys", { role: "member" }],
        ["portal-tokens", { scope: "read" }],
        ["events", event],
        ["actions/pre_register/ask", { data: { user: null, session: null, request: {}, metadata: {} } }],
      ] as const;
      const before = await http.dump();
      for (const [path, body] of posts) {
        const answer = await post(`/v1/orgs/${tenant}/${path}`, body);
        expect([path, answer.status, answer.body.error]).toMatchObject([path, 400, refused]);
      }
      expect(await http.dump()).toBe(before);
      expect((await read(operatorKey, `/v1/orgs/${tenant}/audit`)).status).toBe(200);
    },
  );
});
