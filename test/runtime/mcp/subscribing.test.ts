import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { mcpEvents } from "../../../catalog/presets.ts";
import { olderThan } from "../../../runtime/retention/ages.ts";
import type { McpAnswer } from "../../../runtime/mcp/answer.ts";
import type { McpEventMethod } from "../../../runtime/mcp/mcp-events.ts";
import type { McpCaller } from "../../../runtime/mcp/parts.ts";
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import { openHttpHarness } from "../http/harness.ts";
import { generateHarbor, temporaryFolder } from "../harbor/place.ts";
import { echo, openPlace, type Delivered, type Place } from "./place.ts";

const folder = temporaryFolder();
let place: Place;
let tenants = 0;
let tenant = "";
beforeAll(async () => {
  const catalog = await generateHarbor(folder.path, "test/runtime/mcp/catalog/index.ts");
  place = await openPlace(catalog, `${folder.path}/subscribing.db`);
}, 60_000);
afterAll(async () => {
  await place.close();
  folder.dispose();
});
beforeEach(() => {
  tenant = `team-${(tenants += 1)}`;
  place.delivered.length = 0;
  place.receive(echo);
});

const hourMs = 3600 * 1000;
const incident = { incidentId: "inc_7", severity: "P1", service: "billing", assignee: null, isDrill: false, notes: [] };
const secretOf = (bytes: number, fill = 7) => `whsec_${Buffer.alloc(bytes, fill).toString("base64")}`;

const call = (method: McpEventMethod, params: object, more: Partial<McpCaller> = {}): Promise<McpAnswer> =>
  place.app.mcp.call(method, params, { tenant, may: ["poll", "subscribe"], ...more });

interface Asked {
  readonly name?: string;
  readonly arguments?: object;
  readonly url?: string;
  readonly secret?: string;
  readonly ttlMs?: number | null;
  readonly cursor?: string | null;
  readonly maxAgeMs?: number;
}

const paramsOf = ({
  name = "incident.created",
  url = place.receiverUrl,
  secret = secretOf(32),
  ...rest
}: Asked = {}) => ({
  ...{ name, delivery: { mode: "webhook", url, secret } },
  ...rest,
});
const subscribe = (asked?: Asked, more?: Partial<McpCaller>) => call("events/subscribe", paramsOf(asked), more);

interface Granted {
  readonly id: string;
  readonly refreshBefore: string;
  readonly cursor: string;
  readonly truncated: boolean;
  readonly deliveryStatus?: object;
}

async function granted(asked?: Asked, more?: Partial<McpCaller>): Promise<Granted> {
  const answer = await subscribe(asked, more);
  if ("error" in answer) throw new Error(JSON.stringify(answer.error));
  return answer.result as Granted;
}

const errorOf = (answer: McpAnswer) => ("error" in answer ? answer.error : expect.unreachable("It has a result."));
const events = () => place.delivered.filter(({ body }) => !body.includes('"type":"verification"'));
/** In the order of their texts: deliveries that are due together come in any order. */
const ids = () =>
  events()
    .map(({ headers }) => headers["webhook-id"])
    .toSorted();
const challenges = () => place.delivered.filter(({ body }) => body.includes('"type":"verification"'));

/** Standard Webhooks 1.0, in words of our own: the base64 of HMAC-SHA256 over id, time and body, joined by full stops. */
function signatureOf(secret: string, { headers, body }: Delivered): string {
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return `v1,${createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
    .update(content)
    .digest("base64")}`;
}

async function emitted(): Promise<string> {
  const id = await place.emit(tenant, "incident.created", incident);
  await place.settle();
  return id;
}

describe("the subscriber's secret", () => {
  test.each([24, 32, 64])("of %i bytes is taken, and signs", async (bytes) => {
    const secret = secretOf(bytes);
    const { id } = await granted({ secret });
    const eventId = await emitted();
    const [delivery] = events();
    expect(delivery?.headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": eventId,
      "x-mcp-subscription-id": id,
      "webhook-signature": signatureOf(secret, delivery ?? expect.unreachable("Nothing came.")),
    });
  });

  test.each([
    ["of 23 bytes", secretOf(23)],
    ["of 65 bytes", secretOf(65)],
    ["without its prefix", secretOf(32).slice(6)],
    ["in hexadecimal digits", `whsec_${"ab".repeat(31)}!`],
    ["without padding", secretOf(32).replace(/=+$/, "")],
  ])("%s is refused, and shown to nobody", async (_name, secret) => {
    const error = errorOf(await subscribe({ secret }));
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining("24 to 64 random bytes") });
    expect(error.message).not.toContain(secret);
    expect(place.delivered).toEqual([]);
  });

  test("that is new at a renewal signs first, the one before it beside it for five minutes and then no more", async () => {
    const [before, after] = [secretOf(32, 1), secretOf(32, 2)];
    const { id } = await granted({ secret: before });
    expect((await granted({ secret: after })).id).toBe(id);
    await emitted();
    const [both] = events();
    expect(both?.headers["webhook-signature"]).toBe([after, before].map((each) => signatureOf(each, both!)).join(" "));
    place.clock.skipTo(place.clock.now() + 301_000);
    await emitted();
    const one = events()[1];
    expect(one?.headers["webhook-signature"]).toBe(signatureOf(after, one!));
  });
});

describe("the id of a subscription", () => {
  test("is the same for the same subscriber, URL, event and arguments in any order, and for nothing else", async () => {
    const same = { arguments: { severity: "P1", isDrill: false } };
    const { id } = await granted(same);
    expect((await granted({ arguments: { isDrill: false, severity: "P1" }, secret: secretOf(40) })).id).toBe(id);
    const others = [
      await granted({ arguments: { severity: "P1" } }),
      await granted({ arguments: { severity: "P1", isDrill: true } }),
      await granted({ ...same, url: `${place.receiverUrl}/2` }),
      await granted({ name: "incident.resolved" }),
      await granted(same, { subscriber: "user_2" }),
      await granted(same, { tenant: `${tenant}-other` }),
    ];
    expect(new Set([id, ...others.map((each) => each.id)]).size).toBe(7);
    expect(await place.app.store.endpoints.list({ tenant, contract: "incidents" })).toHaveLength(6);
  });
});

describe("the challenge", () => {
  test("is signed with the subscriber's secret, in the headers of a delivery, and another one each time", async () => {
    const secret = secretOf(48);
    const { id } = await granted({ secret });
    await granted({ secret, url: `${place.receiverUrl}/2` });
    const [first, second] = challenges();
    expect(first?.headers).toMatchObject({
      "webhook-id": expect.stringMatching(/^msg_verification_[0-9a-f]{32}$/),
      "webhook-signature": signatureOf(secret, first!),
      "x-mcp-subscription-id": id,
    });
    const bodies = [first, second].map((each) => JSON.parse(each?.body ?? ""));
    expect(bodies[0]).toEqual({ type: "verification", challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) });
    expect(bodies[1].challenge).not.toBe(bodies[0].challenge);
  });

  test("is asked once of a URL and a subscriber, for a day", async () => {
    await granted();
    await granted();
    await granted({ name: "incident.resolved" });
    expect(challenges()).toHaveLength(1);
    await granted({}, { subscriber: "user_2" });
    expect(challenges()).toHaveLength(2);
    place.clock.skipTo(place.clock.now() + 12 * hourMs);
    await granted();
    expect(challenges()).toHaveLength(2);
    place.clock.skipTo(place.clock.now() + 12 * hourMs);
    await granted();
    expect(challenges()).toHaveLength(3);
  });

  test.each([
    ["says something else", () => Response.json({ challenge: "other" }), "challenge_failed"],
    ["says nothing", () => new Response(null, { status: 204 }), "challenge_failed"],
    ["answers 404", () => new Response(null, { status: 404 }), "http_4xx"],
    ["answers 500", () => new Response(null, { status: 500 }), "http_5xx"],
    ["leads elsewhere", () => new Response(null, { status: 302, headers: { location: "/x" } }), "challenge_failed"],
  ])("that a URL %s subscribes nobody", async (_name, answer, reason) => {
    place.receive(answer);
    expect(errorOf(await subscribe())).toMatchObject({ code: -32015, data: { reason } });
    expect(await place.app.store.endpoints.list({ tenant, contract: "incidents" })).toEqual([]);
    await emitted();
    expect(events()).toEqual([]);
  });

  test("that cannot be sent says no more than that", async () => {
    const url = place.receiverUrl.replace(/:\d+/, ":9");
    expect(errorOf(await subscribe({ url }))).toMatchObject({ code: -32602 });
    expect(errorOf(await subscribe({ url: "http://192.0.2.1.nip.example/in" }))).toMatchObject({
      code: -32015,
      data: { reason: "connection_refused" },
    });
  });
});

describe("the end of a subscription", () => {
  const lasts = async (ttlMs?: number | null) => {
    const { refreshBefore } = await granted(ttlMs === undefined ? {} : { ttlMs });
    return Math.round((Date.parse(refreshBefore) - place.clock.now()) / 1000);
  };

  test.each([
    [undefined, 24 * 3600],
    [null, 7 * 24 * 3600],
    [1, 300],
    [600_000, 600],
    [1e12, 7 * 24 * 3600],
  ])("asked for %s ms is granted %i s", async (asked, seconds) => {
    expect(await lasts(asked)).toBe(seconds);
  });

  test("is put off by subscribing again; one that nobody renews gets nothing more, and can be had again", async () => {
    const { id } = await granted({ ttlMs: hourMs });
    place.clock.skipTo(place.clock.now() + 0.9 * hourMs);
    await granted({ ttlMs: hourMs });
    place.clock.skipTo(place.clock.now() + 0.9 * hourMs);
    await emitted();
    expect(events()).toHaveLength(1);
    place.clock.skipTo(place.clock.now() + 0.2 * hourMs);
    await expect.poll(() => place.app.store.endpoints.get({ tenant, id })).toBeNull();
    await emitted();
    expect(events()).toHaveLength(1);
    expect((await granted()).id).toBe(id);
    const again = await emitted();
    expect(events().map(({ headers }) => headers["webhook-id"])).toContain(again);
    expect(events()).toHaveLength(2);
    const facts = await place.app.store.log.facts({ tenants: [tenant], upTo: Number.MAX_SAFE_INTEGER });
    expect(facts.map(({ type }) => type)).toEqual(["endpoint.created", "endpoint.deleted", "endpoint.created"]);
  });

  test("comes at once when the subscriber wants it, and once", async () => {
    await granted();
    const { delivery, name } = paramsOf();
    const params = { name, delivery: { url: delivery.url } };
    expect(errorOf(await call("events/unsubscribe", params, { subscriber: "user_2" }))).toMatchObject({ code: -32011 });
    expect(await call("events/unsubscribe", params)).toEqual({ result: { resultType: "complete" } });
    expect(errorOf(await call("events/unsubscribe", params))).toMatchObject({ data: { kind: "subscription" } });
    await emitted();
    expect(events()).toEqual([]);
  });
});

describe("deliveries", () => {
  test.each([410, 413])("that are answered %i are not tried again, and the subscription stays", async (status) => {
    const { id } = await granted();
    place.receive(() => new Response(null, { status }));
    await emitted();
    place.clock.skipTo(place.clock.now() + hourMs);
    await place.settle();
    expect(events()).toHaveLength(1);
    expect(await place.app.store.endpoints.get({ tenant, id })).toMatchObject({ enabled: true });
  });

  test("that fail are tried five times within a quarter of an hour, with the same id and signed anew", async () => {
    const secret = secretOf(32);
    await granted({ secret });
    place.receive(() => new Response(null, { status: 500 }));
    const id = await emitted();
    for (const seconds of [11, 66, 198, 462, 3600]) {
      place.clock.skipTo(place.clock.now() + seconds * 1000);
      await place.settle();
    }
    expect(events().map(({ headers }) => headers["webhook-id"])).toEqual(Array(5).fill(id));
    for (const each of events()) expect(each.headers["webhook-signature"]).toBe(signatureOf(secret, each));
    expect(await granted({ secret })).toMatchObject({ deliveryStatus: { active: true, lastError: "http_5xx" } });
  });

  test("pass the arguments, which may be any member that is a text, a number, true, false or null", async () => {
    const given = { severity: "P2", service: 'a "b" \\ c', assignee: null, isDrill: true, attempt: 3 };
    await granted({ arguments: given });
    await place.emit(tenant, "incident.created", { ...incident, ...given });
    for (const [name, other] of Object.entries({
      severity: "P1",
      service: "b",
      assignee: "x",
      isDrill: false,
      attempt: 4,
    }))
      await place.emit(tenant, "incident.created", { ...incident, ...given, [name]: other });
    await place.settle();
    expect(events().map(({ body }) => JSON.parse(body).data)).toEqual([{ ...incident, ...given }]);
  });

  test.each([
    [{ severity: "P9" }, "arguments.severity"],
    [{ notes: [] }, "arguments.notes"],
    [{ color: "red" }, "arguments.color"],
  ])("are not asked for with %j", async (given, path) => {
    const error = errorOf(await subscribe({ arguments: given }));
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining(path) });
  });

  test("have 256 KiB at most: an event that has more is refused when it is emitted", async () => {
    const envelope = Buffer.byteLength(
      JSON.stringify({
        eventId: `evt_${"0".repeat(36)}`,
        name: "incident.created",
        timestamp: new Date(0),
        data: incident,
      }),
    );
    const fits = { ...incident, service: `billing${"x".repeat(256 * 1024 - envelope)}` };
    await granted();
    await place.emit(tenant, "incident.created", fits);
    await place.settle();
    expect(events().map(({ body }) => Buffer.byteLength(body))).toEqual([256 * 1024]);
    const longer = { ...fits, service: `${fits.service}x` };
    await expect(place.emit(tenant, "incident.created", longer)).rejects.toMatchObject({ code: "event_too_large" });
  });

  test("that wait hold back the cursor which is safe to keep", async () => {
    const { cursor } = await granted();
    place.receive(() => new Response(null, { status: 503 }));
    const first = await emitted();
    const renewed = await granted();
    const polled = await call("events/poll", { name: "incident.created", cursor: renewed.cursor });
    expect(polled).toMatchObject({ result: { events: [{ eventId: first }], truncated: false } });
    place.receive(echo);
    place.clock.skipTo(place.clock.now() + 12_000);
    await place.settle();
    const later = await granted({ cursor });
    const none = await call("events/poll", { name: "incident.created", cursor: later.cursor });
    expect(none).toMatchObject({ result: { events: [] } });
  });
});

describe("a cursor", () => {
  test("that a new subscription comes with begins it: what came since is sent, as far as the arguments ask for it", async () => {
    const start = await call("events/poll", { name: "incident.created", cursor: null });
    const { cursor } = ("result" in start ? start.result : {}) as Granted;
    const wanted = await emitted();
    await place.emit(tenant, "incident.created", { ...incident, severity: "P3" });
    await place.emit(tenant, "incident.resolved", { incidentId: "inc_7", at: "2026-05-08T14:00:00.000Z" });
    const also = await emitted();
    const asked = { cursor, arguments: { severity: "P1" } };
    expect(await granted(asked)).toMatchObject({ truncated: false });
    await place.settle();
    expect(ids()).toEqual([wanted, also].toSorted());
    const later = await emitted();
    expect(ids()).toEqual([wanted, also, later].toSorted());
  });

  test("that a new subscription comes with wakes the engine for what came since", async () => {
    const receive = ({ body }: OutboundRequest): Exchange => {
      const { challenge } = JSON.parse(String(body));
      return { kind: "response", status: 200, body: Buffer.from(JSON.stringify({ challenge })), durationMs: 1 };
    };
    const http = await openHttpHarness({ catalog: place.app.catalog, receive });
    const path = "/v1/orgs/sre/mcp";
    const send = async (method: string, params: object) =>
      Object((await http.call({ method: "POST", path, body: { jsonrpc: "2.0", id: 1, method, params } })).body).result;
    const { cursor } = await send("events/poll", { name: "incident.created" });
    const body = { type: "incident.created", data: incident };
    await http.call({ method: "POST", path: "/v1/orgs/sre/events", body });
    const before = http.wakeCount();
    await send("events/subscribe", { ...paramsOf({ url: "https://agents.example.com/hook" }), cursor });
    expect(http.wakeCount()).toBe(before + 1);
    await http.close();
  });

  test("of a subscription that has lapsed goes on with it, and what was sent before is not sent again", async () => {
    const { cursor } = await granted({ ttlMs: hourMs });
    const first = await emitted();
    place.clock.skipTo(place.clock.now() + 2 * hourMs);
    await expect.poll(() => place.app.store.endpoints.list({ tenant, contract: "incidents" })).toEqual([]);
    const missed = await emitted();
    await granted({ cursor });
    await granted({ cursor });
    await place.settle();
    expect(ids()).toEqual([first, missed].toSorted());
  });

  test("after which there is too much to look through says so, and begins at the end", async () => {
    const start = await granted({ name: "incident.resolved" });
    const { log } = place.app.store;
    const body = JSON.stringify({ data: incident });
    const many = Array.from({ length: 5001 }, (_, index) => ({
      ...{ id: `many_${tenant}_${index}`, contract: "incidents", type: "incident.created", tenant, body },
      ...{ time: place.clock.now(), idempotencyKey: null },
    }));
    for (let from = 0; from < many.length; from += 500) await log.append(many.slice(from, from + 500));
    place.app.engine.wake();
    await place.settle();
    const fresh = await granted({ cursor: start.cursor });
    await place.settle();
    expect(fresh.truncated).toBe(true);
    expect(events()).toEqual([]);
    expect(await call("events/poll", { name: "incident.created", cursor: fresh.cursor })).toMatchObject({
      result: { events: [] },
    });
    expect(await call("events/poll", { name: "incident.created", cursor: start.cursor })).toMatchObject({
      result: { hasMore: true },
    });
  });

  test("that a new subscription comes with may be before what retention has dropped, or older than it asks for", async () => {
    const { cursor } = await granted();
    await call("events/unsubscribe", paramsOf());
    await emitted();
    place.clock.skipTo(place.clock.now() + 48 * hourMs);
    const young = await emitted();
    expect(await granted({ cursor, maxAgeMs: hourMs })).toMatchObject({ truncated: true });
    await place.settle();
    expect(ids()).toEqual([young]);
    await call("events/unsubscribe", paramsOf());
    await place.app.retention.prune({ ages: olderThan(24 * hourMs), does: "drop" });
    expect(await granted({ cursor, arguments: { severity: "P1" } })).toMatchObject({ truncated: true });
  });

  test("before what retention has dropped says so, once", async () => {
    const start = await granted();
    await emitted();
    place.clock.skipTo(place.clock.now() + 48 * hourMs);
    await emitted();
    await place.app.retention.prune({ ages: olderThan(24 * hourMs), does: "drop" });
    const polled = await call("events/poll", { name: "incident.created", cursor: start.cursor });
    expect(polled).toMatchObject({ result: { events: [expect.anything()], truncated: true } });
    const { cursor } = ("result" in polled ? polled.result : {}) as Granted;
    expect(await call("events/poll", { name: "incident.created", cursor })).toMatchObject({
      result: { events: [], truncated: false },
    });
  });

  test("that is older than is asked for says so", async () => {
    const start = await granted();
    await emitted();
    place.clock.skipTo(place.clock.now() + hourMs);
    const young = await emitted();
    const poll = (maxAgeMs: number) =>
      call("events/poll", { name: "incident.created", cursor: start.cursor, maxAgeMs });
    expect(await poll(60_000)).toMatchObject({ result: { events: [{ eventId: young }], truncated: true } });
    expect(await poll(2 * hourMs)).toMatchObject({ result: { events: [{}, {}], truncated: false } });
  });

  test("of another tenant is refused", async () => {
    const { cursor } = await granted();
    const params = { name: "incident.created", cursor };
    expect(errorOf(await call("events/poll", params, { tenant: "globex" }))).toMatchObject({ code: -32602 });
    expect(errorOf(await subscribe({ cursor }, { tenant: "globex" }))).toMatchObject({ code: -32602 });
  });
});

describe("a tenant", () => {
  test("has as many subscriptions at the same time as the contract says; those it has are renewed all the same", async () => {
    const contract = place.app.catalog["incidents"] ?? expect.unreachable();
    const { declaration } = contract;
    const subscribers = { ...mcpEvents.subscribers, subscriptionsMax: 2 };
    const limited = { ...place.app.catalog, incidents: { ...contract, declaration: { ...declaration, subscribers } } };
    const small = await openPlace(limited, `${folder.path}/limited.db`);
    const ask = (name: string, url: string) =>
      small.app.mcp.call("events/subscribe", paramsOf({ name, url }), { tenant: "sre", may: ["subscribe"] });
    const [first, second, third] = [1, 2, 3].map((each) => `${small.receiverUrl}/${each}`);
    expect(await ask("incident.created", first!)).toHaveProperty("result.id");
    expect(await ask("incident.created", second!)).toHaveProperty("result.id");
    const refused = await ask("incident.created", third!);
    expect(errorOf(refused)).toMatchObject({ code: -32013, data: { limit: "subscriptions" } });
    expect(await ask("incident.created", first!)).toHaveProperty("result.id");
    await small.close();
  });
});

describe("what is not offered", () => {
  test("an event type that there is none of, push streams, and subscribing to a contract that takes no subscribers", async () => {
    expect(errorOf(await subscribe({ name: "incident.forgotten" }))).toMatchObject({
      code: -32011,
      data: { kind: "event" },
    });
    const { delivery, ...rest } = paramsOf();
    const pushed = await call("events/subscribe", { ...rest, delivery: { ...delivery, mode: "push" } });
    expect(errorOf(pushed)).toMatchObject({ code: -32014, data: { feature: "deliveryMode", value: "push" } });
    const others = await subscribe({ name: "ledger.entry_added" }, { contract: "ledger" });
    expect(errorOf(others)).toMatchObject({ code: -32014, data: { feature: "deliveryMode", value: "webhook" } });
    expect(place.delivered).toEqual([]);
  });

  test("a caller that may poll alone subscribes to nothing, and one that may subscribe alone polls nothing", async () => {
    const polled = await call("events/poll", { name: "incident.created" }, { may: ["subscribe"] });
    expect(errorOf(polled)).toMatchObject({ code: -32012 });
    expect(errorOf(await subscribe({}, { may: ["poll"] }))).toMatchObject({ code: -32012 });
    expect(errorOf(await call("events/unsubscribe", paramsOf(), { may: ["poll"] }))).toMatchObject({ code: -32012 });
  });
});
