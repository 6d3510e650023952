import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRedelivering } from "../../../runtime/endpoints/redelivering.ts";
import { openHttpHarness, settleAttempt, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let id: string;
let collection: string;
let endpointKey: number;
beforeEach(async () => {
  http = await openHttpHarness();
  id = (await http.endpoint("acme")).id;
  collection = `/v1/orgs/acme/webhook-endpoints/${id}/redeliveries`;
  endpointKey = (await http.store.endpoints.get({ tenant: "acme", id }))?.key ?? 0;
});
afterEach(() => http.close());

const post = (body: object, more: { key?: string; headers?: Record<string, string> } = {}) =>
  http.call({ method: "POST", path: collection, body, ...more });
const get = (path = "") => http.call({ method: "GET", path: collection + path });

/** So many events, each with a delivery that ended so. */
async function ended(count: number, result: "delivered" | "rejected" | "exhausted"): Promise<string[]> {
  const ids = [];
  for (let made = 0; made < count; made += 1) ids.push(await http.emit("acme"));
  const of = { tenant: "acme", contract: "stech", types: null, after: 0, limit: 500 };
  for (const { id: eventId, position } of await http.store.events.list(of)) {
    if (ids.includes(eventId)) await settleAttempt(http, { endpointKey, position }, { result, status: 400 });
  }
  return ids;
}

/** What works redeliveries, with the leases of this process as they are taken. */
async function openWorker(log: (error: object) => void = () => {}) {
  const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
  const { store, clock } = http;
  return createRedelivering({
    store: store.redeliveries,
    leases: () => shards,
    clock,
    wake: () => (wakes += 1),
    log: { error: log },
  });
}
let wakes = 0;

const pendingCount = () => http.store.counts.pending(10_000);

describe("a dry run", () => {
  test("says how many there are, and the oldest five, and changes nothing", async () => {
    const failed = await ended(6, "rejected");
    await ended(2, "delivered");
    const before = await http.dump();
    const { status, body } = await post({ undelivered: true, dryRun: true });
    expect([status, body.found, body.isWhole]).toEqual([200, 6, true]);
    expect(body.examples.map(({ eventId, status: state }) => [eventId, state])).toEqual(
      failed.slice(0, 5).map((eventId) => [eventId, "gave_up"]),
    );
    expect(await http.dump()).toBe(before);
    expect((await post({ status: "delivered", dryRun: true })).body.found).toBe(2);
    expect((await post({ from: "2026-05-08T14:00:00.000Z", dryRun: true })).body.found).toBe(8);
    expect((await post({ until: "2026-05-08T14:00:00.000Z", dryRun: true })).body.found).toBe(0);
    expect((await post({ from: "2026-05-08T16:00:00+02:00", dryRun: true })).body.found).toBe(8);
    expect((await post({ until: "2026-05-08T14:00:00Z", dryRun: true })).body.found).toBe(0);
    expect((await post({ types: ["deployment.failed"], dryRun: true })).body.found).toBe(0);
  });
});

describe("a bulk redelivery", () => {
  test("is answered 202 at once, worked in the background, and says how far it has come", async () => {
    const [first = ""] = await ended(3, "exhausted");
    const { status, body } = await post({ undelivered: true, types: ["deployment.created"], ratePerSecond: 100 });
    expect(status).toBe(202);
    const begun = {
      id: expect.stringMatching(/^rdl_/),
      endpointId: id,
      state: "running",
      filter: {
        types: ["deployment.created"],
        statuses: ["gave_up", "failed"],
        from: null,
        until: null,
        missed: false,
      },
      ...{ ratePerSecond: 100, found: 0, counted: false },
      ...{ redelivered: 0, delivered: 0, failed: 0, waiting: 0, remaining: 0 },
      startedAt: "2026-05-08T14:00:00.000Z",
      finishedAt: null,
    };
    expect(body.redelivery).toEqual(begun);
    const worker = await openWorker();
    await worker.settled();
    const made = { found: 3, counted: true, redelivered: 3, waiting: 3, state: "finished" };
    expect((await get(`/${body.redelivery.id}`)).body.redelivery).toEqual({
      ...begun,
      ...made,
      finishedAt: "2026-05-08T14:00:00.000Z",
    });
    const list = await http.call({
      method: "GET",
      path: `/v1/orgs/acme/webhook-endpoints/${id}/deliveries?status=pending`,
    });
    expect(list.body.deliveries).toHaveLength(3);
    expect(list.body.deliveries.at(-1)).toMatchObject({ eventId: first, attemptCount: 0 });
    const { position } = (await http.store.feeds.event({ tenant: "acme", id: first })) ?? expect.unreachable();
    await settleAttempt(http, { endpointKey, position, run: 1 }, { result: "delivered", status: 200 });
    expect((await get()).body.redeliveries).toMatchObject([{ delivered: 1, failed: 0, waiting: 2, remaining: 0 }]);
  });

  test("makes as many in a second as it may, and wakes the engine each time, by the clock", async () => {
    await ended(40, "rejected");
    const { body } = await post({ undelivered: true, ratePerSecond: 10 });
    const worker = await openWorker();
    wakes = 0;
    const counts = [];
    for (let time = start; time <= start + 4000; time += 100) {
      http.clock.moveTo(time);
      await worker.settled();
      counts.push(await pendingCount());
    }
    // One at the start, and one each tenth of a second.
    expect(counts).toEqual([...Array.from({ length: 40 }, (_, index) => index + 1), 40]);
    expect(wakes).toBe(40);
    expect((await get(`/${body.redelivery.id}`)).body.redelivery.state).toBe("finished");
  });

  test("goes on by itself once its worker is started, and not after it is stopped", async () => {
    await ended(5, "rejected");
    await post({ undelivered: true, ratePerSecond: 20 });
    const worker = await openWorker();
    worker.start();
    const past = async (count: number) => {
      for (let step = 0; (await pendingCount()) < count && step < 200; step += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        http.clock.moveTo(http.clock.now() + 10);
      }
    };
    await past(3);
    expect(await pendingCount()).toBeGreaterThanOrEqual(3);
    await worker.stop();
    const made = await pendingCount();
    await past(made + 1);
    expect(await pendingCount()).toBe(made);
  });

  test("is left alone for a second where the database does not take a step, and goes on then", async () => {
    await ended(1, "rejected");
    await post({ undelivered: true });
    const errors: object[] = [];
    const { step } = http.store.redeliveries;
    const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
    let faults = 1;
    const worker = createRedelivering({
      store: {
        due: http.store.redeliveries.due,
        step: (of) => ((faults -= 1) >= 0 ? Promise.reject(new Error("The database is away.")) : step(of)),
      },
      leases: () => shards,
      clock: http.clock,
      wake: () => {},
      log: { error: (error: object) => void errors.push(error) },
    });
    await worker.settled();
    expect([errors.length, await pendingCount()]).toEqual([1, 0]);
    http.clock.moveTo(start + 999);
    await worker.settled();
    expect(await pendingCount()).toBe(0);
    http.clock.moveTo(start + 1000);
    await worker.settled();
    expect(await pendingCount()).toBe(1);
  });

  test("that is cancelled makes no more; cancelled again, and once it has ended, it stays as it is", async () => {
    await ended(3, "rejected");
    const { redelivery } = (await post({ undelivered: true, ratePerSecond: 10 })).body;
    const worker = await openWorker();
    await worker.settled();
    const cancel = () => http.call({ method: "POST", path: `${collection}/${redelivery.id}/cancel` });
    const cancelled = await cancel();
    expect([cancelled.status, cancelled.body.redelivery]).toMatchObject([
      200,
      { state: "cancelled", redelivered: 1, found: 3, remaining: 0, finishedAt: "2026-05-08T14:00:00.000Z" },
    ]);
    http.clock.moveTo(start + 5000);
    await worker.settled();
    expect((await cancel()).body).toEqual(cancelled.body);
    expect(await pendingCount()).toBe(1);
  });

  test("stands in the audit feed with who started and who cancelled it", async () => {
    const key = await http.key("acme", "admin");
    const { redelivery } = (await post({ undelivered: true }, { key })).body;
    for (let count = 0; count < 2; count += 1)
      await http.call({ method: "POST", path: `${collection}/${redelivery.id}/cancel` });
    const { entries } = (await http.call({ method: "GET", path: "/v1/orgs/acme/audit" })).body;
    const about = entries.filter(({ action }) => action.startsWith("redelivery."));
    expect(about).toMatchObject([
      {
        action: "redelivery.started",
        actorId: expect.stringMatching(/^key_/),
        details: { redeliveryId: redelivery.id, states: ["rejected", "exhausted"], ratePerSecond: null },
      },
      { action: "redelivery.cancelled", actorId: "operator", details: { redeliveryId: redelivery.id, endpointId: id } },
    ]);
  });

  test("is started once with an Idempotency-Key", async () => {
    const headers = { "idempotency-key": "once" };
    const first = await post({ undelivered: true }, { headers });
    expect((await post({ undelivered: true }, { headers })).body).toEqual(first.body);
    expect((await get()).body.redeliveries).toHaveLength(1);
  });

  test("wants the role that redelivering one wants", async () => {
    const member = await http.key("acme", "member");
    expect((await post({ undelivered: true }, { key: member })).status).toBe(403);
    expect((await http.call({ method: "GET", path: collection, key: member })).status).toBe(200);
  });

  test("at an endpoint that is disabled leaves its deliveries waiting; at one that was deleted there is none", async () => {
    await ended(2, "rejected");
    const path = `/v1/orgs/acme/webhook-endpoints/${id}`;
    await http.call({ method: "PATCH", path, body: { enabled: false } });
    const first = (await post({ undelivered: true })).body.redelivery;
    const worker = await openWorker();
    await worker.settled();
    expect((await get(`/${first.id}`)).body.redelivery).toMatchObject({
      state: "finished",
      redelivered: 2,
      waiting: 2,
    });
    expect(
      await http.store.log.nextDueAt({ shards: Array.from({ length: 16 }, (_, shard) => shard), except: [] }),
    ).toBeNull();
    const second = (await post({ status: "delivered" })).body.redelivery;
    await http.call({ method: "DELETE", path });
    await worker.settled();
    expect((await get(`/${second.id}`)).body.redelivery).toMatchObject({ state: "failed", redelivered: 0 });
    expect((await post({ undelivered: true })).status).toBe(404);
  });

  test("pages go from the newest to the oldest with before and limit", async () => {
    const made = [];
    for (let count = 0; count < 3; count += 1) made.push((await post({ undelivered: true })).body.redelivery.id);
    const page = async (query: string) => {
      const { redeliveries, hasMore } = (await get(query)).body;
      return [...redeliveries.map((each) => each.id), hasMore];
    };
    expect(await page("?limit=2")).toEqual([made[2], made[1], true]);
    expect(await page(`?limit=2&before=${made[1]}`)).toEqual([made[0], false]);
    expect((await get("?before=rdl_none")).body.error.path).toBe("before");
    expect((await get("?limit=201")).status).toBe(400);
  });

  test.each([
    ["nothing that chooses", {}, "expected one of types, status, undelivered, missed, from and until"],
    ["nothing that chooses in a dry run", { dryRun: true, ratePerSecond: 5 }, "expected one of types"],
    ["what waits", { status: "pending" }, "which come anyway"],
    ["an unknown state", { status: "lost" }, "pending, delivered, gave_up, failed"],
    ["an unknown type", { types: ["deployment.lost"] }, "deployment.lost"],
    ["a rate of none", { undelivered: true, ratePerSecond: 0 }, "ratePerSecond"],
    ["an unknown field", { undelivered: true, colour: "red" }, "colour"],
  ])("is refused with %s, and nothing is written", async (_, body, message) => {
    const before = await http.dump();
    const answer = await post(body);
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining(message)]);
    expect(await http.dump()).toBe(before);
  });
});
