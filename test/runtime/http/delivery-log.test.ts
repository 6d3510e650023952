import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHttpHarness, operatorKey, settleAttempt, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => (http = await openHttpHarness()));
afterEach(() => http.close());

interface Line {
  readonly id: string;
  readonly eventId: string;
  readonly tenant: string;
  readonly state: string;
  readonly status: string;
  readonly attemptCount: number;
  readonly lastResponseStatus: number | null;
}
interface Page {
  readonly deliveries: readonly Line[];
  readonly nextCursor: string | null;
  readonly lookedBackTo: string | null;
}

async function get<Answer = Page>(path: string, key = operatorKey): Promise<Answer> {
  const { status, text } = await http.call({ method: "GET", path, key });
  expect(`${path} ${status} ${status === 200 ? "" : text}`).toBe(`${path} 200 `);
  return JSON.parse(text);
}

type Outcome = Parameters<typeof settleAttempt>[2];
const delivered: Outcome = { result: "delivered", status: 200 };
const rejected: Outcome = { result: "rejected", status: 404 };
const retried: Outcome = { result: "retry", status: 503, dueAt: start + 60_000 };

/** An endpoint of the tenant and an event for each outcome. */
async function happen(tenant: string, outcomes: readonly Outcome[]): Promise<readonly string[]> {
  const { id } = await http.endpoint(tenant);
  const endpoint = await http.store.endpoints.get({ tenant, id });
  const ids: string[] = [];
  for (const outcome of outcomes) {
    const eventId = await http.emit(tenant);
    const event = await http.store.feeds.event({ tenant, id: eventId });
    await settleAttempt(http, { endpointKey: endpoint?.key ?? 0, position: event?.position ?? 0 }, outcome);
    ids.push(eventId);
  }
  return ids;
}

const acme = "/v1/orgs/acme/deliveries";

describe("deliveries of many endpoints", () => {
  test("are of all the tenant's endpoints, newest event first, each with its last attempt", async () => {
    const one = await happen("acme", [delivered, rejected]);
    const two = await happen("acme", [retried]);
    await happen("globex", [delivered]);
    const { deliveries, nextCursor } = await get(acme);
    expect(
      deliveries.map(({ eventId, state, status, lastResponseStatus }) => [eventId, state, status, lastResponseStatus]),
    ).toEqual([
      [two[0], "pending", "pending", 503],
      [one[1], "failed", "gave_up", 404],
      [one[0], "delivered", "delivered", 200],
    ]);
    expect(nextCursor).toBeNull();
    expect((await get("/v1/deliveries")).deliveries.map(({ tenant }) => tenant)).toEqual([
      "globex",
      "acme",
      "acme",
      "acme",
    ]);
  });

  test("pass filters of state, type, time and text in the payload", async () => {
    const [good, bad, late] = await happen("acme", [delivered, rejected, retried]);
    const idsOf = async (query: string) => (await get(`${acme}?${query}`)).deliveries.map(({ eventId }) => eventId);
    expect(await idsOf("state=delivered")).toEqual([good]);
    expect(await idsOf("state=failed")).toEqual([bad]);
    expect(await idsOf("state=pending")).toEqual([late]);
    expect(await idsOf("types=deployment.failed")).toEqual([]);
    expect(await idsOf("types=deployment.failed,deployment.created")).toHaveLength(3);
    expect(await idsOf(`text=${bad}`)).toEqual([bad]);
    expect(await idsOf("text=SUPPORT-TRIAGE")).toEqual([]);
    expect(await idsOf("text=support-triage&state=failed")).toEqual([bad]);
    expect(await idsOf(`until=${new Date(start).toISOString()}`)).toEqual([]);
    expect(await idsOf(`from=${new Date(start).toISOString()}`)).toHaveLength(3);
    expect((await http.call({ method: "GET", path: `${acme}?state=lost` })).status).toBe(400);
  });

  test("come in pages that hold whole events, none left out and none twice", async () => {
    await happen(
      "acme",
      Array.from({ length: 25 }, (_, index) => (index % 3 === 0 ? rejected : delivered)),
    );
    for (const [query, total] of [
      ["", 25],
      ["&state=failed", 9],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | null = "";
      for (let pages = 0; cursor !== null; pages += 1) {
        expect(pages).toBeLessThan(30);
        const page: Page = await get(`${acme}?limit=4${query}${cursor === "" ? "" : `&cursor=${cursor}`}`);
        seen.push(...page.deliveries.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect([seen.length, new Set(seen).size]).toEqual([total, total]);
    }
  });

  test("of one endpoint are filtered by the same words, beside the contract's own", async () => {
    const [good, bad, late] = await happen("acme", [delivered, rejected, retried]);
    const { endpointId } =
      (await get<{ deliveries: { endpointId: string }[] }>(acme)).deliveries[0] ?? expect.unreachable();
    const idsOf = async (query: string) =>
      (await get(`/v1/orgs/acme/webhook-endpoints/${endpointId}/deliveries?${query}`)).deliveries.map(
        ({ eventId }) => eventId,
      );
    expect(await idsOf("state=delivered")).toEqual([good]);
    expect(await idsOf("state=failed")).toEqual([bad]);
    expect(await idsOf("state=pending")).toEqual([late]);
    expect(await idsOf("state=failed&status=delivered")).toEqual([]);
  });

  test("a cursor opens for its own tenant alone", async () => {
    await happen("acme", [delivered, delivered, delivered]);
    const { nextCursor } = await get(`${acme}?limit=1`);
    const path = `/v1/orgs/globex/deliveries?cursor=${nextCursor}`;
    expect(await http.call({ method: "GET", path })).toMatchObject({
      status: 400,
      body: { error: { path: "cursor" } },
    });
  });
});

interface Counts {
  readonly isWhole: boolean;
  readonly endpoints: readonly {
    readonly delivered: readonly number[];
    readonly retried: readonly number[];
    readonly failed: readonly number[];
  }[];
}

test("attempts are counted in pieces of the period, by endpoint and by what they came to", async () => {
  await happen("acme", [delivered, rejected, retried]);
  http.clock.moveTo(start + 2 * 3_600_000);
  await happen("acme", [delivered, delivered]);
  const { isWhole, endpoints } = await get<Counts>("/v1/orgs/acme/counts?period=24h");
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  expect(isWhole).toBe(true);
  expect(endpoints.map((each) => [sum(each.delivered), sum(each.retried), sum(each.failed)]).sort()).toEqual([
    [1, 1, 1],
    [2, 0, 0],
  ]);
  const [first] = endpoints.filter(({ failed }) => sum(failed) > 0);
  expect([first?.delivered.length, first?.delivered.indexOf(1)]).toEqual([24, 22]);
  const { endpoints: lately } = await get<Counts>("/v1/counts?period=1h");
  expect(lately.map(({ delivered: counts }) => sum(counts))).toEqual([2]);
});

describe("the operator's looks over all tenants", () => {
  test("list endpoints by condition and text, the newest first, in pages", async () => {
    const one = await http.endpoint("acme");
    const two = await http.endpoint("globex");
    await http.call({ method: "PATCH", path: `/v1/orgs/acme/webhook-endpoints/${one.id}`, body: { paused: true } });
    type Listed = {
      readonly endpoints: readonly { readonly tenant: string; readonly endpoint: { readonly id: string } }[];
      readonly nextCursor: string | null;
    };
    const idsOf = async (query: string) =>
      (await get<Listed>(`/v1/endpoints?${query}`)).endpoints.map(({ endpoint }) => endpoint.id);
    expect(await idsOf("")).toEqual([two.id, one.id]);
    expect(await idsOf("condition=paused")).toEqual([one.id]);
    expect(await idsOf("condition=disabled")).toEqual([]);
    expect(await idsOf("text=globex")).toEqual([two.id]);
    const first = await get<Listed>("/v1/endpoints?limit=1");
    expect(await idsOf(`cursor=${first.nextCursor}`)).toEqual([one.id]);
    expect(await get("/v1/tenants?limit=1")).toEqual({ tenants: ["acme"], hasMore: true });
    expect(await get("/v1/tenants?after=acme")).toEqual({ tenants: ["globex"], hasMore: false });
    const overview = { endpoints: { total: 2, failing: 0, paused: 1, disabled: 0, isWhole: true } };
    expect(await get("/v1/overview")).toMatchObject({
      ...overview,
      pending: { count: 0, isWhole: true },
      unserved: [],
    });
  });

  test("are for the operator's key alone: to any other there is nothing", async () => {
    const key = await http.key("acme", "owner");
    for (const path of ["/v1/deliveries", "/v1/counts", "/v1/endpoints", "/v1/tenants", "/v1/overview"])
      expect([path, (await http.call({ method: "GET", path, key })).status]).toEqual([path, 404]);
  });
});

test("a key learns whose it is and what it may do; one that is not known does not", async () => {
  const path = "/v1/session";
  const portal = { method: "POST", path: "/v1/orgs/acme/portal-tokens", body: { scope: "read" } } as const;
  const { token, expiresAt } = (await http.call(portal)).body;
  expect(await get(path)).toMatchObject({ kind: "operator", tenant: null, canChange: true, expiresAt: null });
  expect(await get(path, await http.key("acme", "member"))).toMatchObject({
    kind: "key",
    tenant: "acme",
    canChange: false,
  });
  expect(await get(path, token)).toMatchObject({ kind: "portal", tenant: "acme", canChange: false, expiresAt });
  expect((await http.call({ method: "GET", path, key: "unknown" })).status).toBe(401);
  expect((await http.call({ method: "GET", path, key: null })).status).toBe(401);
});

test("a portal token sees neither events nor endpoints nor deliveries of Hookwright's own contract", async () => {
  await happen("acme", [delivered]);
  const body = { url: "https://audit.example/", events: ["*"], contract: "hookwright" };
  const made = await http.call({ method: "POST", path: "/v1/orgs/acme/webhook-endpoints", body });
  const own = await http.store.events.list({ tenant: "acme", contract: "hookwright", types: null, after: 0, limit: 9 });
  const portal = { method: "POST", path: "/v1/orgs/acme/portal-tokens", body: { scope: "manage" } } as const;
  const { token } = (await http.call(portal)).body;
  const [fact] = own;
  const endpoint = await http.store.endpoints.get({ tenant: "acme", id: made.body.endpoint.id });
  await settleAttempt(http, { endpointKey: endpoint?.key ?? 0, position: fact?.position ?? 0 }, delivered);
  const listed = async (key: string) => [
    (await get(acme, key)).deliveries.length,
    (await get<Counts>("/v1/orgs/acme/counts", key)).endpoints.length,
  ];
  expect([await listed(operatorKey), await listed(token)]).toEqual([
    [2, 2],
    [1, 1],
  ]);
  for (const rest of ["", "/body", "/deliveries"]) {
    const path = `/v1/orgs/acme/events/${fact?.id}${rest}`;
    expect((await http.call({ method: "GET", path, key: operatorKey })).status).toBe(200);
    expect([rest, (await http.call({ method: "GET", path, key: token })).status]).toEqual([rest, 404]);
  }
  const [line] = (await get(acme, token)).deliveries;
  const explained = await get<{ endpoints: readonly { contract: string }[] }>(
    `/v1/orgs/acme/events/${line?.eventId}/deliveries`,
    token,
  );
  expect(explained.endpoints.map(({ contract }) => contract)).toEqual(["stech"]);
});

test("a filter is tried on stored events, and one that is none is told where it goes wrong", async () => {
  const [, last] = await happen("acme", [delivered, delivered]);
  await happen("globex", [delivered]);
  const path = "/v1/orgs/acme/filters/try?filter=";
  const passing = encodeURIComponent('data.agentName = "support-triage"');
  const tried = await get<{ looked: number; passed: number; examples: { id: string }[] }>(path + passing);
  expect([tried.looked, tried.passed, tried.examples[0]?.id]).toEqual([3, 2, last]);
  expect(await get(`${path}data.agentName%20%3D%20%22x%22`)).toEqual({ looked: 3, passed: 0, examples: [] });
  const { status, body } = await http.call({ method: "GET", path: `${path}data.agentName%20like%201` });
  expect([status, body.error.code]).toEqual([400, "invalid_request"]);
});

test("an endpoint's history says who changed it, the newest first, and nothing of other endpoints", async () => {
  const { id } = await http.endpoint("acme");
  await http.endpoint("acme");
  const path = `/v1/orgs/acme/webhook-endpoints/${id}`;
  await http.call({ method: "PATCH", path, body: { paused: true }, key: await http.key("acme", "admin") });
  interface Entry {
    readonly action: string;
    readonly actorId: string | null;
  }
  const { entries } = await get<{ entries: readonly Entry[] }>(`${path}/history`);
  expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([
    ["endpoint.updated", expect.stringMatching(/^key_/)],
    ["endpoint.created", "operator"],
  ]);
  const member = await http.key("acme", "member");
  expect((await http.call({ method: "GET", path: `${path}/history`, key: member })).status).toBe(403);
});

test("an event's body comes byte for byte", async () => {
  const [id] = await happen("acme", [delivered]);
  const event = await http.store.feeds.event({ tenant: "acme", id: id ?? "" });
  const answer = await http.call({ method: "GET", path: `/v1/orgs/acme/events/${id}/body` });
  expect([answer.text, answer.headers["content-type"]]).toEqual([event?.body, "text/plain; charset=utf-8"]);
});

describe("the dashboard's files", () => {
  test("are one page for every address under its two faces, framed by nobody", async () => {
    for (const path of ["/ui", "/ui/orgs/acme/endpoints/one", "/portal", "/portal/orgs/acme"]) {
      const { status, headers, text } = await http.call({ method: "GET", path, key: null });
      expect([status, text.startsWith("<!doctype html>")]).toEqual([200, true]);
      expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    }
    expect((await http.call({ method: "GET", path: "/ui/assets/..%2findex.html", key: null })).status).toBe(404);
  });

  test("may be framed by the origins that are named", async () => {
    await http.close();
    http = await openHttpHarness({ frameAncestors: ["https://app.acme.example"] });
    const { headers } = await http.call({ method: "GET", path: "/portal", key: null });
    expect(headers["content-security-policy"]).toMatch(/; frame-ancestors https:\/\/app\.acme\.example$/);
  });
});
