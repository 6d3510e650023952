import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultSettings } from "../../../runtime/contracts/stream-settings.ts";
import { streamStanding } from "../../../runtime/endpoints/event-deliveries.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { readAttempts } from "../../../runtime/cli/attempts-text.ts";
import { accountsText } from "../../../runtime/cli/event-outcome.ts";
import { openHttpHarness, settleAttempt, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => {
  http = await openHttpHarness();
});
afterEach(() => http.close());

interface Accounts {
  readonly event: { readonly id: string; readonly type: string; readonly createdAt: string };
  readonly endpoints: readonly {
    readonly endpointId: string;
    readonly outcome: string;
    readonly reason: string;
    readonly decidedBy: { readonly type: string } | null;
    readonly heldBackBy: string | null;
    readonly deliveries: readonly { readonly id: string; readonly status: string }[];
  }[];
}

async function explain(id: string, tenant = "acme"): Promise<Accounts> {
  const { status, text } = await http.call({ method: "GET", path: `/v1/orgs/${tenant}/events/${id}/deliveries` });
  expect(status).toBe(200);
  return JSON.parse(text);
}

const outcomes = async (id: string) =>
  (await explain(id)).endpoints.map(({ endpointId, outcome, decidedBy }) => [endpointId, outcome, decidedBy?.type]);

const endpointPath = (id: string) => `/v1/orgs/acme/webhook-endpoints/${id}`;
const patch = (id: string, body: object) => http.call({ method: "PATCH", path: endpointPath(id), body });

describe("why an endpoint got an event or not", () => {
  test("each reason, by the fact that it follows from, at the event's place in the log", async () => {
    const [all, others, disabled, deleted] = [
      await http.endpoint("acme"),
      await http.endpoint("acme", ["agent_run.completed"]),
      await http.endpoint("acme"),
      await http.endpoint("acme"),
    ];
    const authn = await http.call({
      method: "POST",
      path: "/v1/orgs/acme/webhook-endpoints",
      body: { url: "https://hooks.acme.example/in", events: ["*"], contract: "authn" },
    });
    await patch(disabled.id, { enabled: false });
    await http.call({ method: "DELETE", path: endpointPath(deleted.id) });
    const event = await http.emit("acme");
    const later = await http.endpoint("acme");
    expect(await outcomes(event)).toEqual([
      [all.id, "waiting", "endpoint.created"],
      [others.id, "not_subscribed", "endpoint.created"],
      [disabled.id, "disabled", "endpoint.updated"],
      [deleted.id, "deleted", "endpoint.deleted"],
      [authn.body.endpoint.id, "contract_differs", "endpoint.created"],
      [later.id, "created_later", "endpoint.created"],
    ]);
  });

  test("holds for events of the past, whatever the endpoints are now", async () => {
    const { id } = await http.endpoint("acme", ["agent_run.completed"]);
    const before = await http.emit("acme");
    await patch(id, { events: ["deployment.created"] });
    const between = await http.emit("acme");
    await patch(id, { enabled: false });
    const after = await http.emit("acme");
    const of = async (event: string) => (await outcomes(event))[0]?.[1];
    expect([await of(before), await of(between), await of(after)]).toEqual(["not_subscribed", "waiting", "disabled"]);
    await http.call({ method: "DELETE", path: endpointPath(id) });
    expect([await of(before), await of(between), await of(after)]).toEqual(["not_subscribed", "dropped", "disabled"]);
  });

  test("who got it has its delivery, in the contract's words, and the redeliveries after it", async () => {
    const { id } = await http.endpoint("acme");
    const event = await http.emit("acme");
    const [endpoint] = await http.store.log.endpointsOf(["acme"]);
    const stored = await http.store.feeds.event({ tenant: "acme", id: event });
    const of = { endpointKey: endpoint?.key ?? 0, position: stored?.position ?? 0 };
    await settleAttempt(http, of, { result: "delivered", status: 200 });
    const [first] = (await explain(event)).endpoints;
    expect(first).toMatchObject({ outcome: "delivering", deliveries: [{ status: "delivered" }] });
    const redeliver = `${endpointPath(id)}/deliveries/${first?.deliveries[0]?.id}/redeliver`;
    expect((await http.call({ method: "POST", path: redeliver })).status).toBe(202);
    const [again] = (await explain(event)).endpoints;
    expect(again?.deliveries.map(({ status }) => status)).toEqual(["delivered", "pending"]);
  });

  test("an event that the tenant does not have is not found, whoever has it", async () => {
    const event = await http.emit("other");
    await http.endpoint("acme");
    const key = await http.key("acme", "member");
    for (const rest of ["", "/deliveries"]) {
      for (const id of [event, "none"]) {
        const { status, body } = await http.call({ method: "GET", path: `/v1/orgs/acme/events/${id}${rest}`, key });
        expect([status, body.error.code]).toEqual([404, "not_found"]);
      }
    }
  });
});

describe("what holds back what is pending", () => {
  /** An endpoint whose contract declares a circuit breaker, and an event that it is to get. */
  async function failing(status: number, failureCount: number) {
    const path = "/v1/orgs/acme/webhook-endpoints";
    const body = { url: "https://hooks.acme.example/in", events: ["*"], contract: "hookwright" };
    const { id } = (await http.call({ method: "POST", path, body })).body.endpoint;
    await http.endpoint("acme");
    const list = { tenant: "acme", contract: "hookwright", types: null, after: 0, limit: 10 };
    const event = (await http.store.events.list(list)).at(-1);
    const endpointKey = (await http.store.log.endpointsOf(["acme"]))[0]?.key ?? 0;
    const of = { endpointKey, position: event?.position ?? 0 };
    await settleAttempt(http, of, { result: "retry", status, dueAt: start + 5000, failureCount });
    const { breaker } = (await http.call({ method: "GET", path: `${path}/${id}` })).body.endpoint;
    const account = { method: "GET", path: `/v1/orgs/acme/events/${event?.id}/deliveries` } as const;
    const text = async () => accountsText(JSON.parse((await http.call(account)).text));
    return { id, breaker, text, heldBackBy: async () => (await explain(event?.id ?? "")).endpoints[0]?.heldBackBy };
  }

  test.each([
    [503, 10, "open", "breaker_open"],
    [429, 11, "open", "breaker_open"],
    [503, 9, "closed", null],
    [404, 10, "closed", null],
  ])("an endpoint that answered %i, %i failures in a row: its breaker is %s", async (status, count, state, hold) => {
    const { breaker, heldBackBy } = await failing(status, count);
    expect([breaker, await heldBackBy()]).toEqual([state, hold]);
  });

  test("its owner, before anything else", async () => {
    const { id, heldBackBy, text } = await failing(503, 10);
    expect(await text()).toMatch(/next at \S+, held back: the endpoint fails, and is tried one delivery at a time\n/);
    await patch(id, { paused: true });
    expect(await heldBackBy()).toBe("paused");
    expect(await text()).toMatch(/next at \S+, held back: the endpoint is paused\n/);
    await patch(id, { enabled: false });
    expect(await heldBackBy()).toBe("disabled");
    await http.call({ method: "DELETE", path: endpointPath(id) });
    expect(await heldBackBy()).toBeNull();
  });
});

describe("the command", () => {
  test("prints each attempt with its headers, and nothing that steers a terminal", async () => {
    const { id } = await http.endpoint("acme");
    const eventId = await http.emit("acme");
    const position = (await http.store.feeds.event({ tenant: "acme", id: eventId }))?.position ?? 0;
    const endpointKey = (await http.store.log.endpointsOf(["acme"]))[0]?.key ?? 0;
    const responseHeaders = { server: "nginx\u009b2J", "x-long": "x".repeat(5000) };
    const failed = { result: "retry", status: 503, dueAt: start + 5000, responseHeaders } as const;
    await settleAttempt(http, { endpointKey, position }, failed);
    const read = async (path: string) =>
      JSON.parse((await http.call({ method: "GET", path: `/v1/orgs/acme${path}` })).text);
    const accounts = await read(`/events/${eventId}/deliveries`);
    const attempts = await readAttempts({ read }, accounts);
    const lines = accountsText(accounts, attempts).split("\n");
    const first = lines.findIndex((line) => line.startsWith("      attempt 1"));
    expect(lines[first - 1]).toContain(`${eventId}_`);
    expect(lines.slice(first)).toEqual([
      "      attempt 1  2026-05-08T14:00:00.000Z, 120 ms, status 503",
      "        > content-type: application/json",
      expect.stringMatching(/^        > user-agent: /),
      "        > X-Stech-Event: deployment.created",
      expect.stringMatching(/^        > X-Stech-Delivery: dla_/),
      "        > X-Stech-Timestamp: 1778248800",
      "        > X-Stech-Signature: ***",
      "        > accept-encoding: identity",
      "        < server: nginx\ufffd2J",
      "        and others that are not kept",
    ]);
    // What an endpoint got that is deleted is told without its attempts.
    await http.call({ method: "DELETE", path: endpointPath(id) });
    expect(accountsText(await read(`/events/${eventId}/deliveries`))).not.toContain("attempt 1 ");
  });
});

test("an event is given with its body as it is sent", async () => {
  const id = await http.emit("acme");
  const { status, text } = await http.call({ method: "GET", path: `/v1/orgs/acme/events/${id}` });
  const [stored] = await http.store.events.list({ tenant: "acme", contract: "stech", types: null, after: 0, limit: 1 });
  expect([status, JSON.parse(text)]).toEqual([
    200,
    {
      event: {
        id,
        type: "deployment.created",
        contract: "stech",
        createdAt: new Date(start).toISOString(),
        body: JSON.parse(stored?.body ?? ""),
      },
    },
  ]);
});

test("a log stream of the event's contract says how far it has come with it, by its filter as it is", () => {
  const stream = (position: number, upTo: number | null, types: readonly string[] = []) => {
    const batch = upTo === null ? null : { upTo, filter: { except: [] }, attemptCount: 0 };
    const cursor = { position, checkpoint: null, batch, dueAt: 0, generation: 0, runCount: 0, reportedAt: 0 };
    const settings = { ...defaultSettings(catalog.auth0.declaration), url: "https://acme.example", types };
    return { contract: "auth0", cursor, settings };
  };
  const standing = (of: ReturnType<typeof stream>, type = "f") => streamStanding(catalog, of, { position: 5, type });
  expect(standing(stream(4, null))).toBe("waiting");
  expect(standing(stream(3, 4))).toBe("waiting");
  expect(standing(stream(3, 5))).toBe("under_way");
  expect(standing(stream(5, null))).toBe("passed");
  expect(standing(stream(3, 5, ["fp"]))).toBe("filtered");
  expect(standing(stream(3, null), "sapi")).toBe("filtered");
});
