import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountsText } from "../../../runtime/cli/event-outcome.ts";
import { createRedelivering } from "../../../runtime/endpoints/redelivering.ts";
import { settlement } from "../store/suite/harness.ts";
import { openHttpHarness, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let id: string;
let path: string;
beforeEach(async () => {
  http = await openHttpHarness();
  id = (await http.endpoint("acme")).id;
  path = `/v1/orgs/acme/webhook-endpoints/${id}`;
});
afterEach(() => http.close());

const from = new Date(start).toISOString();
const post = (to: string, body: object) => http.call({ method: "POST", path: path + to, body });
const patch = (body: object) => http.call({ method: "PATCH", path, body });

/** What the engine does when nobody is to get any of it. */
async function settleLog() {
  const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
  const cursor = await http.store.feeds.end();
  await http.store.log.settle(shards.map((lease) => settlement(lease, { cursor })));
  return shards;
}

async function missedWhileDisabled(count: number): Promise<readonly string[]> {
  await settleLog();
  await patch({ enabled: false });
  const ids: string[] = [];
  for (let each = 0; each < count; each += 1) ids.push(await http.emit("acme"));
  await patch({ enabled: true });
  await settleLog();
  return ids;
}

async function explained(event: string) {
  const answer = await http.call({ method: "GET", path: `/v1/orgs/acme/events/${event}/deliveries` });
  const accounts = JSON.parse(answer.text);
  return { text: accountsText(accounts), account: accounts.endpoints[0] };
}

/** Not also what stech tells of the changes to its endpoints. */
const emitted = ["deployment.created"];

describe("what an endpoint missed", () => {
  test("is counted by a dry run with the oldest five, and changes nothing", async () => {
    const ids = await missedWhileDisabled(7);
    const before = await http.dump();
    const { status, text } = await post("/redeliveries", { missed: true, from, types: emitted, dryRun: true });
    expect([status, JSON.parse(text)]).toEqual([
      200,
      {
        dryRun: true,
        found: 7,
        isWhole: true,
        examples: [],
        events: ids.slice(0, 5).map((event) => ({ id: event, type: "deployment.created", createdAt: from })),
      },
    ]);
    expect(await http.dump()).toBe(before);
    expect(
      (await post("/redeliveries", { missed: true, from, until: from, types: emitted, dryRun: true })).body.found,
    ).toBe(0);
    const types = ["deployment.failed"];
    expect((await post("/redeliveries", { missed: true, from, types, dryRun: true })).body.found).toBe(0);
  });

  test("is sent in bulk, in the background; the why-view says so afterwards, and it is missed no more", async () => {
    const [event = ""] = await missedWhileDisabled(3);
    expect(await explained(event)).toMatchObject({ account: { outcome: "disabled", deliveries: [] } });
    const { status, body } = await post("/redeliveries", { missed: true, from, types: emitted });
    expect([status, body.redelivery.filter]).toEqual([
      202,
      { types: emitted, statuses: [], from, until: null, missed: true },
    ]);
    const shards = await settleLog();
    const { redeliveries: store } = http.store;
    const worker = createRedelivering({
      ...{ store, clock: http.clock, wake: () => {}, log: { error: () => expect.unreachable() } },
      leases: () => shards,
    });
    worker.start();
    await worker.settled();
    await worker.stop();
    const { text } = await http.call({ method: "GET", path: `${path}/redeliveries/${body.redelivery.id}` });
    expect(JSON.parse(text).redelivery).toMatchObject({ state: "finished", found: 3, redelivered: 3, waiting: 3 });
    const { account, text: told } = await explained(event);
    expect(account).toMatchObject({
      outcome: "sent_later",
      reason:
        "It missed the event, and was sent it since: `deliveries` has what came of it. It was disabled when the event happened.",
      decidedBy: { type: "endpoint.updated" },
      deliveries: [{ status: "pending", attemptCount: 0 }],
    });
    expect(told).toContain("sent_later");
    expect(told).toContain("0 attempts");
    expect((await post("/redeliveries", { missed: true, from, types: emitted, dryRun: true })).body.found).toBe(0);
    const facts = await http.store.events.list({
      ...{ tenant: "acme", contract: "hookwright", types: ["redelivery.started"], after: 0, limit: 9 },
    });
    expect(facts.map((fact) => JSON.parse(fact.body).data)).toMatchObject([{ states: [], missed: true, from }]);
  });

  test("is asked for with a time from which on, and without a state", async () => {
    for (const body of [
      { missed: true },
      { missed: true, from, undelivered: true },
      { missed: true, from, status: "delivered" },
    ])
      expect(await post("/redeliveries", body)).toMatchObject({ status: 400, body: { error: { path: "missed" } } });
  });

  test("is sent by the id of its event, once, whatever the endpoint is subscribed to", async () => {
    const [event = "", other = ""] = await missedWhileDisabled(2);
    await patch({ events: ["deployment.failed"] });
    const dry = await post("/deliveries", { eventId: event, dryRun: true });
    expect([dry.status, JSON.parse(dry.text)]).toEqual([200, { dryRun: true, eventId: event }]);
    const wakes = http.wakeCount();
    const sent = await post("/deliveries", { eventId: event });
    expect([sent.status, sent.body.delivery]).toMatchObject([
      202,
      { eventId: event, status: "pending", attemptCount: 0 },
    ]);
    expect(http.wakeCount()).toBe(wakes + 1);
    const again = await post("/deliveries", { eventId: event });
    expect([again.status, again.body.error]).toMatchObject([400, { path: "eventId" }]);
    expect(again.body.error.message).toContain("has a delivery of");
    const none = await post("/deliveries", { eventId: "evt_none" });
    expect([none.status, none.body.error.code]).toEqual([404, "not_found"]);
    const late = await post("/deliveries", { eventId: await http.emit("acme") });
    expect(late.body.error.message).toContain("has still to come to");
    expect((await explained(event)).account.outcome).toBe("sent_later");
    expect((await explained(other)).account.outcome).toBe("disabled");
  });

  test("is not for another tenant to send, or to see", async () => {
    const [event = ""] = await missedWhileDisabled(1);
    const other = (await http.endpoint("other")).id;
    const foreign = `/v1/orgs/other/webhook-endpoints/${other}/deliveries`;
    const answer = await http.call({ method: "POST", path: foreign, body: { eventId: event } });
    expect(answer.status).toBe(404);
    const key = await http.key("acme", "member");
    const denied = await http.call({ method: "POST", path: `${path}/deliveries`, body: { eventId: event }, key });
    expect(denied.status).toBe(403);
  });
});
