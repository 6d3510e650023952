import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plainOptions } from "../../../runtime/endpoints/settings.ts";
import { openHttpHarness, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => (http = await openHttpHarness()));
afterEach(() => http.close());

const collection = "/v1/orgs/acme/webhook-endpoints";
const alerting = {
  url: "https://hooks.acme.example/stech",
  description: "prod alerting",
  events: ["deployment.failed", "agent_run.failed"],
};
const create = (body: object = alerting) => http.call({ method: "POST", path: collection, body });
const facts = async () => {
  const events = await http.store.events.list({
    tenant: "acme",
    contract: "hookwright",
    types: null,
    after: 0,
    limit: 50,
  });
  return events.map(({ type, body }) => ({ type, data: JSON.parse(body).data }));
};

describe("the commands of the contract's page", () => {
  test("create answers the endpoint and a secret of whsec_ and 64 hex digits (R-STECH-02, R-STECH-04, D-STECH-07)", async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body.signingSecret).toMatch(/^whsec_[0-9a-f]{64}$/);
    expect(body.endpoint).toEqual({
      id: expect.stringMatching(/^whe_[0-9a-f-]{36}$/),
      contract: "stech",
      ...alerting,
      enabled: true,
      ...plainOptions,
      hasSecret: true,
      publicKey: null,
      previousSecretExpiresAt: null,
      failureCount: 0,
      lastFailedAt: null,
      breaker: null,
      lastFailureStatus: null,
      expiresAt: null,
      createdAt: "2026-05-08T14:00:00.000Z",
      updatedAt: "2026-05-08T14:00:00.000Z",
    });
  });

  test("reads say hasSecret and show neither the secret nor its ciphertext (R-STECH-05, R-STECH-16)", async () => {
    const { body } = await create();
    const { id } = body.endpoint;
    const sealed = (await http.store.endpoints.get({ tenant: "acme", id }))?.sealedSecret ?? "";
    expect(sealed).not.toContain(body.signingSecret);
    const later = [
      await http.call({ method: "GET", path: collection }),
      await http.call({ method: "GET", path: `${collection}/${id}` }),
      await http.call({ method: "PATCH", path: `${collection}/${id}`, body: { enabled: false } }),
      await http.call({ method: "GET", path: `${collection}/${id}/deliveries` }),
      await http.call({ method: "GET", path: "/v1/orgs/acme/events?contract=hookwright" }),
    ];
    for (const { status, text } of later) {
      expect(status).toBe(200);
      expect(text).not.toContain(body.signingSecret.slice("whsec_".length));
      expect(text).not.toContain(sealed);
    }
    expect(later[1]?.body.endpoint.hasSecret).toBe(true);
  });

  test("list has the tenant's endpoints in order of creation (R-STECH-07)", async () => {
    const first = (await create()).body.endpoint;
    const second = (await create({ ...alerting, url: "https://other.example/" })).body.endpoint;
    await http.endpoint("globex");
    const { status, body } = await http.call({ method: "GET", path: collection });
    expect(status).toBe(200);
    expect(body.endpoints).toEqual([first, second]);
  });

  test("list goes on after an endpoint, deleted meanwhile or not", async () => {
    const ids = [];
    for (let index = 0; index < 3; index += 1) ids.push((await create()).body.endpoint.id);
    const page = async (query: string) => (await http.call({ method: "GET", path: `${collection}?${query}` })).body;
    const first = await page("limit=2");
    expect([first.endpoints.map(({ id }) => id), first.hasMore]).toEqual([ids.slice(0, 2), true]);
    await http.call({ method: "DELETE", path: `${collection}/${ids[1]}` });
    const rest = await page(`limit=2&after=${ids[1]}`);
    expect([rest.endpoints.map(({ id }) => id), rest.hasMore]).toEqual([[ids[2]], false]);
    expect((await page("after=whe_other")).error.path).toBe("after");
    expect((await page("limit=201")).error.path).toBe("limit");
  });

  test("options are taken, shown, told in the facts, and changed one by one", async () => {
    const options = {
      paused: true,
      filter: 'data.agentName = "triage"',
      headers: { "X-Team": "billing" },
      metadata: { owner: "ops" },
      ratePerSecond: 5,
      inFlightMax: 2,
    };
    const { endpoint } = (await create({ ...alerting, ...options })).body;
    expect(endpoint).toMatchObject({ ...options, headers: { "x-team": "billing" } });
    const path = `${collection}/${endpoint.id}`;
    await http.call({ method: "PATCH", path, body: { paused: false, filter: null } });
    const { body } = await http.call({ method: "GET", path });
    expect(body.endpoint).toMatchObject({ paused: false, filter: null, ratePerSecond: 5, metadata: { owner: "ops" } });
    const [created, updated] = (await facts()).map(({ data }) => data);
    expect(created).toMatchObject({ paused: true, filter: options.filter });
    expect([Object.keys(updated).includes("paused"), Object.keys(updated).includes("filter")]).toEqual([false, false]);
  });

  test.each([
    [{ filter: "data.a = " }, "filter", "column 9"],
    [{ headers: { "X-Stech-Event": "mine" } }, 'headers["X-Stech-Event"]', "contract's"],
    [{ headers: { Authorization: "Bearer x" } }, "headers.Authorization", "credential"],
    [{ ratePerSecond: 0 }, "ratePerSecond", "ratePerSecond"],
    [{ inFlightMax: 1.5 }, "inFlightMax", "inFlightMax"],
    [{ metadata: Object.fromEntries([...Array(17).keys()].map((key) => [key, ""])) }, "metadata", "at most 16"],
  ])("the options %j are refused, and nothing is stored", async (options, path, message) => {
    const { status, body } = await create({ ...alerting, ...options });
    expect([status, body.error.code, body.error.path]).toEqual([400, "invalid_request", path]);
    expect(body.error.message).toContain(message);
    expect(await facts()).toEqual([]);
  });

  test("patch changes what it names and leaves the rest (R-STECH-08, R-STECH-15)", async () => {
    const { endpoint } = (await create()).body;
    http.clock.moveTo(start + 5000);
    const change = { enabled: false, events: ["*", "deployment.failed"] };
    const { status, body } = await http.call({ method: "PATCH", path: `${collection}/${endpoint.id}`, body: change });
    expect(status).toBe(200);
    expect(body.endpoint).toEqual({
      ...endpoint,
      enabled: false,
      events: ["*"],
      updatedAt: "2026-05-08T14:00:05.000Z",
    });
  });

  test("patch can clear the description and set the URL", async () => {
    const { endpoint } = (await create()).body;
    const change = { description: null, url: "https://new.example:8443/in?x=1" };
    const { body } = await http.call({ method: "PATCH", path: `${collection}/${endpoint.id}`, body: change });
    expect(body.endpoint).toMatchObject(change);
  });

  test("delete answers 204, and there is nothing afterwards (R-STECH-09)", async () => {
    const { endpoint } = (await create()).body;
    const path = `${collection}/${endpoint.id}`;
    const gone = await http.call({ method: "DELETE", path });
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect((await http.call({ method: "GET", path })).status).toBe(404);
    expect((await http.call({ method: "DELETE", path })).status).toBe(404);
    expect((await http.call({ method: "GET", path: collection })).body.endpoints).toEqual([]);
  });

  test("rotate answers a new secret without a body in the request (R-STECH-06)", async () => {
    const { endpoint, signingSecret } = (await create()).body;
    const path = `${collection}/${endpoint.id}/rotate-secret`;
    const { status, body } = await http.call({ method: "POST", path });
    expect(status).toBe(200);
    expect(body.signingSecret).toMatch(/^whsec_[0-9a-f]{64}$/);
    expect(body.signingSecret).not.toBe(signingSecret);
    expect(body.endpoint).toEqual(endpoint);
  });

  test("an empty body with a content type is as good as none", async () => {
    const { endpoint } = (await create()).body;
    const path = `${collection}/${endpoint.id}/rotate-secret`;
    const headers = { "content-type": "application/json" };
    expect((await http.call({ method: "POST", path, headers })).status).toBe(200);
  });
});

describe("subscriptions", () => {
  test("the wildcard absorbs the types beside it (R-STECH-40)", async () => {
    const { body } = await create({ ...alerting, events: ["deployment.failed", "*"] });
    expect(body.endpoint.events).toEqual(["*"]);
  });

  test("duplicates are dropped and the order is kept (D-STECH-10)", async () => {
    const events = ["deployment.failed", "agent_run.failed", "deployment.failed"];
    const { body } = await create({ ...alerting, events });
    expect(body.endpoint.events).toEqual(["deployment.failed", "agent_run.failed"]);
  });

  test("an unknown type is named with its place and what is near, beside the wildcard too (D-STECH-10)", async () => {
    const { status, body } = await create({ ...alerting, events: ["*", "deployment.faild"] });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "unknown_event_type", path: "events[1]" });
    expect(body.error.message).toContain('"deployment.faild"');
    expect(body.error.message).toContain('"deployment.failed"');
  });

  test("a type of another contract is unknown", async () => {
    const { body } = await create({ ...alerting, events: ["endpoint.disabled"] });
    expect(body.error.code).toBe("unknown_event_type");
    const other = await create({ ...alerting, contract: "hookwright", events: ["endpoint.disabled"] });
    expect(other.body.endpoint).toMatchObject({ contract: "hookwright", events: ["endpoint.disabled"] });
  });

  test("the list is of one contract, the catalog's first unless another is named", async () => {
    await create();
    await create({ ...alerting, contract: "hookwright", events: ["*"] });
    const of = async (query: string) =>
      (await http.call({ method: "GET", path: collection + query })).body.endpoints.map(({ contract }) => contract);
    expect(await of("")).toEqual(["stech"]);
    expect(await of("?contract=hookwright")).toEqual(["hookwright"]);
  });
});

describe("what a change brings about", () => {
  test("each is a fact in the log, without the secret", async () => {
    const { id } = (await create()).body.endpoint;
    const path = `${collection}/${id}`;
    await http.call({ method: "PATCH", path, body: { enabled: false } });
    await http.call({ method: "POST", path: `${path}/rotate-secret` });
    await http.call({ method: "DELETE", path });
    const reference = { endpointId: id, contract: "stech", actorId: "operator" };
    const settings = { ...reference, url: alerting.url, events: alerting.events };
    expect(await facts()).toEqual([
      { type: "endpoint.created", data: { ...settings, enabled: true } },
      { type: "endpoint.updated", data: { ...settings, enabled: false } },
      {
        type: "endpoint.secret_rotated",
        data: { ...reference, previousSecretExpiresAt: null },
      },
      { type: "endpoint.deleted", data: reference },
    ]);
  });

  test("each is reported to the engine before the answer (R-STECH-71)", async () => {
    const { id } = (await create()).body.endpoint;
    const path = `${collection}/${id}`;
    for (const call of [
      { method: "PATCH", path, body: { enabled: false } },
      { method: "POST", path: `${path}/rotate-secret` },
      { method: "DELETE", path },
    ] as const) {
      http.changed.length = 0;
      await http.call(call);
      expect(http.changed).toEqual([id]);
    }
  });

  test("the database holds no secret in the clear (R-STECH-52)", async () => {
    const { signingSecret, endpoint } = (await create()).body;
    const path = `${collection}/${endpoint.id}/rotate-secret`;
    const rotated = (await http.call({ method: "POST", path })).body;
    const rows = await http.dump();
    expect(rows).toContain(endpoint.id);
    for (const secret of [signingSecret, rotated.signingSecret]) expect(rows).not.toContain(secret.slice(6));
  });
});

test("R-STECH-38: a contract that declares no prefixes takes none", async () => {
  const { status, body } = await create({ ...alerting, events: ["deployment.*"] });
  expect([status, body.error.code, body.error.path]).toEqual([400, "unknown_event_type", "events[0]"]);
  expect(body.error.message).toContain('the contract "stech" takes no prefixes');
});

describe("URLs in local mode", () => {
  beforeEach(async () => {
    await http.close();
    const allowTargets = [{ cidr: "127.0.0.0/8", portMin: 9000, portMax: 9001 }];
    http = await openHttpHarness({ mode: "local", allowTargets });
  });

  test("http:// is taken, and an address of this machine when it is allowed", async () => {
    expect((await create({ ...alerting, url: "http://hooks.acme.example/in" })).status).toBe(201);
    expect((await create({ ...alerting, url: "http://127.0.0.1:9000/in" })).status).toBe(201);
    expect((await create({ ...alerting, url: "http://127.0.0.1:9002/in" })).body.error.code).toBe("invalid_url");
  });
});

test.each(["https://a.example/?q={x}", "https://a.example/a|b", "https://a.example/%zz"])(
  "%s is refused as a URL: it is no URI, and the facts in the log hold URIs",
  async (url) => {
    const { status, body } = await create({ ...alerting, url });
    expect([status, body.error.code, body.error.path]).toEqual([400, "invalid_url", "url"]);
  },
);

test("a URL is stored in its normalised form", async () => {
  const { body } = await create({ ...alerting, url: "HTTPS://Hooks.Acme.example:443/a b/../ü" });
  expect(body.endpoint.url).toBe("https://hooks.acme.example/%C3%BC");
});
