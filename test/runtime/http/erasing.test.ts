import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttpHarness, settleAttempt, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => {
  http = await openHttpHarness();
});
afterEach(() => http.close());

const path = (event: string, tenant = "acme") => `/v1/orgs/${tenant}/events/${event}`;
const get = async (of: string) => http.call({ method: "GET", path: of });
const erase = (event: string, more: { tenant?: string; key?: string } = {}) =>
  http.call({ method: "POST", path: `${path(event, more.tenant)}/erase`, ...(more.key && { key: more.key }) });

async function emitted(): Promise<{ readonly event: string; readonly endpoint: string }> {
  const endpoint = (await http.endpoint("acme")).id;
  const event = await http.emit("acme");
  const { key = 0 } = (await http.store.endpoints.get({ tenant: "acme", id: endpoint })) ?? {};
  const { position = 0 } = (await http.store.feeds.event({ tenant: "acme", id: event })) ?? {};
  await settleAttempt(http, { endpointKey: key, position }, { result: "delivered", status: 200 });
  return { event, endpoint };
}

test("an event's payload is erased, it is told where it had gone, and a repeat tells the same", async () => {
  const { event, endpoint } = await emitted();
  expect(await http.dump()).toContain("support-triage");
  const answers = [await erase(event), await erase(event)];
  const told = { erased: { eventId: event, dropped: 0, sentTo: [endpoint], passedBy: [], frozenBy: [] } };
  expect(answers.map(({ status, text }) => [status, JSON.parse(text)])).toEqual([
    [200, told],
    [200, told],
  ]);
  expect(await http.dump()).not.toContain("support-triage");
  const { event: left } = JSON.parse((await get(path(event))).text);
  expect(left).toEqual({
    id: event,
    type: "deployment.created",
    contract: "stech",
    createdAt: expect.any(String),
    body: null,
  });
  const accounts = JSON.parse((await get(`${path(event)}/deliveries`)).text);
  expect(accounts.endpoints[0].deliveries[0].status).toBe("delivered");
  expect((await get("/v1/orgs/acme/events?types=deployment.created")).body.events).toEqual([]);
  expect((await get("/v1/orgs/acme/events/export?types=deployment.created")).text).toBe("");
  const [entry] = (await get("/v1/orgs/acme/audit")).body.entries.filter(({ action }) => action === "event.erased");
  expect(entry).toMatchObject({ actorId: "operator", details: { eventId: event, eventType: "deployment.created" } });
});

test("is for those who may write, of their tenant, and not of Hookwright's own facts", async () => {
  const { event } = await emitted();
  const before = await http.dump();
  expect((await erase(event, { key: await http.key("acme", "member") })).status).toBe(403);
  expect((await erase(event, { tenant: "other" })).status).toBe(404);
  expect((await erase("evt_none")).status).toBe(404);
  const of = { tenant: "acme", contract: "hookwright", types: ["endpoint.created"], after: 0, limit: 1 };
  const [fact] = await http.store.events.list(of);
  const refused = await erase(fact?.id ?? "");
  expect([refused.status, refused.body.error.path]).toEqual([400, "id"]);
  expect((await http.dump()).includes("support-triage")).toBe(before.includes("support-triage"));
});
