import { afterEach, describe, expect, test } from "vitest";
import { answer, deployment, openHarness, start, type Harness, type Receiver } from "./harness.ts";

let harness: Harness;
const open = async (receive: Receiver) => (harness = await openHarness(receive));
afterEach(() => harness.close());

const emitOne = (tenant = "org_1") => harness.emit("stech", "deployment.created", { tenant, data: deployment });
const deliveries = (endpointKey: number) => harness.store.deliveries.list({ endpointKey, before: null, limit: 200 });

/** Lets the engine do all there is to do now, then jumps to the next retry, until none is left. */
async function throughRetries(): Promise<void> {
  await harness.untilIdle();
  for (let due = harness.engine().nextDueAt(); due !== null; due = harness.engine().nextDueAt()) {
    harness.clock.moveTo(due);
    await harness.untilIdle();
  }
}

describe("retry plan", () => {
  test("a receiver that always answers 500 is asked at exactly the table's times, then the delivery is exhausted (R-STECH-59 to R-STECH-61)", async () => {
    await open(() => answer(500));
    const { key } = await harness.createEndpoint();
    await harness.startEngine();
    await emitOne();
    await throughRetries();
    const times = harness.received.map(({ at }) => at);
    const waits = times.slice(1).map((at, index) => (at - times[index]!) / 1000);
    expect(waits).toEqual([60, 300, 1500, 7200, 43_200, 86_400]);
    const [delivery] = await deliveries(key);
    expect(delivery?.attempts.map(({ number, result }) => [number, result])).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((number) => [number, "retry"]),
      [7, "exhausted"],
    ]);
    expect(delivery?.dueAt).toBeNull();
  });

  test.each([408, 429, 500, 599])("%d is tried again (R-STECH-54, R-STECH-57)", async (status) => {
    await open((request) => answer(request.at < start + 60_000 ? status : 204));
    const { key } = await harness.createEndpoint();
    await harness.startEngine();
    await emitOne();
    await throughRetries();
    expect((await deliveries(key))[0]?.attempts.map(({ result }) => result)).toEqual(["retry", "delivered"]);
  });

  test.each([
    [400, null],
    [410, null],
    [301, "redirect_blocked"],
  ])("%d ends the delivery at once (R-STECH-55, R-STECH-56)", async (status, error) => {
    await open(() => answer(status));
    const { key } = await harness.createEndpoint();
    await harness.startEngine();
    await emitOne();
    await throughRetries();
    const [delivery] = await deliveries(key);
    expect(delivery?.attempts).toMatchObject([{ result: "rejected", status, error }]);
  });

  test("a forbidden address ends the delivery at once (R-STECH-84), and a timeout is tried again (R-STECH-58)", async () => {
    await open(({ url }) => ({
      kind: url.pathname.includes("blocked") ? "address_blocked" : "timeout",
      detail: "",
      durationMs: 0,
    }));
    const blocked = await harness.createEndpoint({ url: "https://hooks.example/blocked" });
    const slow = await harness.createEndpoint();
    await harness.startEngine();
    await emitOne();
    await harness.untilIdle();
    expect((await deliveries(blocked.key))[0]?.attempts).toMatchObject([{ result: "rejected", error: "ssrf_blocked" }]);
    expect((await deliveries(slow.key))[0]?.attempts).toMatchObject([{ result: "retry", error: "timeout" }]);
  });
});

describe("what is sent", () => {
  test("every attempt has the stored bytes and the same event id, and a new attempt id, timestamp and signature", async () => {
    await open(() => answer(503));
    await harness.createEndpoint();
    await harness.startEngine();
    const event = await emitOne();
    await throughRetries();
    const headers = harness.received.map((request) => request.headers);
    expect(new Set(harness.received.map(({ body }) => body))).toEqual(new Set([event.body]));
    for (const name of ["X-Stech-Delivery", "X-Stech-Timestamp", "X-Stech-Signature"]) {
      expect(new Set(headers.map((each) => each[name])).size).toBe(7);
    }
    expect(Object.keys(headers[0]!).filter((name) => name.startsWith("X-Stech"))).toHaveLength(4);
  });

  test("an endpoint gets the events after its creation that it subscribed to, of its own tenant (R-STECH-91)", async () => {
    await open(() => answer(200));
    await harness.startEngine();
    await emitOne();
    const one = await harness.createEndpoint({ events: ["deployment.created"] });
    await harness.createEndpoint({ events: ["scim.user_added"] });
    await harness.createEndpoint({ tenant: "org_2" });
    const event = await emitOne();
    await harness.untilIdle();
    expect(harness.received.map(({ url }) => url.href)).toEqual([one.url]);
    expect((await deliveries(one.key)).map((delivery) => delivery.event.id)).toEqual([event.id]);
  });

  test("who gets an event is decided by its place in the log, not by when it is read", async () => {
    await open(() => answer(200));
    const endpoint = await harness.createEndpoint({ events: ["deployment.created"] });
    await emitOne();
    const change = { events: ["scim.user_added"] };
    await harness.store.endpoints.update({ tenant: "org_1", id: endpoint.id, at: start }, change, (after) =>
      harness.renderFact("endpoint.updated", after, { url: after.url, events: after.events, enabled: after.enabled }),
    );
    await emitOne();
    await harness.startEngine();
    await harness.untilIdle();
    expect(harness.received).toHaveLength(1);
  });

  test("a deleted endpoint gets nothing any more, not even what was pending", async () => {
    await open(() => answer(500));
    const endpoint = await harness.createEndpoint();
    await harness.startEngine();
    await emitOne();
    await harness.untilIdle();
    await harness.store.endpoints.remove({ tenant: "org_1", id: endpoint.id, at: harness.clock.now() }, (of) =>
      harness.renderFact("endpoint.deleted", of, {}),
    );
    harness.engine().endpointsChanged("org_1");
    await emitOne();
    await throughRetries();
    expect(harness.received).toHaveLength(1);
  });
});

describe("health", () => {
  test("fifty failures in a row disable the endpoint; what is pending waits for its enabling (R-STECH-66, D-STECH-05)", async () => {
    let status = 500;
    await open(() => answer(status));
    const { id, key } = await harness.createEndpoint();
    for (let count = 0; count < 60; count += 1) await emitOne();
    await harness.startEngine({ perEndpointMax: 1 });
    await harness.untilIdle();
    expect(harness.received).toHaveLength(50);
    const disabled = await harness.store.endpoints.get({ tenant: "org_1", id });
    expect(disabled).toMatchObject({ enabled: false, failureCount: 50, lastFailureStatus: 500 });
    const facts = await harness.store.log.facts({ tenants: ["org_1"], upTo: 1000 });
    expect(facts.map((fact) => fact.type)).toEqual(["endpoint.created", "endpoint.disabled"]);
    harness.clock.moveTo(start + 3600_000);
    await emitOne();
    await harness.untilIdle();
    expect(harness.received).toHaveLength(50);

    status = 200;
    await harness.store.endpoints.update({ tenant: "org_1", id, at: harness.clock.now() }, { enabled: true }, (after) =>
      harness.renderFact("endpoint.updated", after, { events: after.events, enabled: true }),
    );
    harness.engine().endpointsChanged("org_1");
    await harness.untilIdle();
    expect(harness.received).toHaveLength(50 + 60);
    const after = await deliveries(key);
    expect(after.filter(({ dueAt }) => dueAt !== null)).toEqual([]);
    expect(await harness.store.endpoints.get({ tenant: "org_1", id })).toMatchObject({
      enabled: true,
      failureCount: 0,
    });
  });

  test("failures that are not tried again count too, and a delivery in between sets the count back (R-STECH-65, R-STECH-67)", async () => {
    let count = 0;
    await open(() => answer((count += 1) % 50 === 0 ? 200 : 400));
    const { id } = await harness.createEndpoint();
    await harness.startEngine({ perEndpointMax: 1 });
    for (let sent = 0; sent < 120; sent += 1) await emitOne();
    await harness.untilIdle();
    expect(harness.received).toHaveLength(120);
    expect(await harness.store.endpoints.get({ tenant: "org_1", id })).toMatchObject({
      enabled: true,
      failureCount: 20,
    });
  });
});

describe("stop, crash and takeover", () => {
  test("an engine that dies without a word is followed by one that sends what was not settled, with the same ids", async () => {
    let hangs = true;
    await open(() => (hangs ? new Promise(() => {}) : answer(200)));
    const { key } = await harness.createEndpoint();
    await harness.startEngine();
    for (let count = 0; count < 30; count += 1) await emitOne();
    for (let step = 0; step < 20; step += 1) await new Promise((resolve) => setImmediate(resolve));
    const first = harness.received.splice(0);
    expect(first.length).toBeGreaterThan(0);
    hangs = false;
    await harness.startEngine();
    await harness.untilIdle();
    expect(harness.received).toHaveLength(30);
    expect(new Set(harness.received.map(({ body }) => body)).size).toBe(30);
    for (const request of first) {
      const again = harness.received.find(({ body }) => body === request.body);
      expect(again?.headers["X-Stech-Delivery"]).toBe(request.headers["X-Stech-Delivery"]);
    }
    expect((await deliveries(key)).every(({ attempts }) => attempts.length === 1)).toBe(true);
  });

  test("a stop waits for what is under way, gives the rest back, and nothing is sent twice or lost", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await open(async () => {
      await promise;
      return answer(200);
    });
    const { key } = await harness.createEndpoint();
    const engine = await harness.startEngine({ perEndpointMax: 4, unprovenMax: 4 });
    for (let count = 0; count < 20; count += 1) await emitOne();
    for (let step = 0; step < 20; step += 1) await new Promise((done) => setImmediate(done));
    expect(harness.received).toHaveLength(4);
    let stopped = false;
    void engine.stop().then(() => (stopped = true));
    resolve();
    while (!stopped) {
      await new Promise((done) => setImmediate(done));
      harness.clock.moveTo(harness.clock.now() + 5);
    }
    expect(harness.received).toHaveLength(4);
    const given = await deliveries(key);
    expect(given.filter(({ dueAt }) => dueAt !== null)).toHaveLength(16);
    await harness.startEngine();
    await harness.untilIdle();
    expect(harness.received).toHaveLength(20);
    expect(new Set(harness.received.map(({ body }) => body)).size).toBe(20);
  });

  test("an engine whose lease was taken writes nothing more and says so", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let isFirst = true;
    await open(async () => {
      if (isFirst) await promise;
      return answer(200);
    });
    await harness.createEndpoint();
    const engine = await harness.startEngine();
    await emitOne();
    for (let step = 0; step < 20; step += 1) await new Promise((done) => setImmediate(done));
    isFirst = false;
    await harness.startEngine();
    await harness.untilIdle();
    resolve();
    const failure = expect(engine.failed).rejects.toMatchObject({ code: "lease_lost" });
    for (let step = 0; step < 20; step += 1) {
      await new Promise((done) => setImmediate(done));
      harness.clock.moveTo(harness.clock.now() + 10);
    }
    await failure;
  });
});

test("what is settled while the database is asked what is due is not sent again", async () => {
  const asked = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  await open(() => (harness.received.length === 1 ? answer(500) : asked.promise.then(() => answer(200))));
  const { log } = harness.store;
  let claims = 0;
  await harness.createEndpoint();
  await harness.startEngine(
    {},
    {
      ...log,
      // The second answer tells of the delivery that is under way, and comes when that has been written down.
      due: async (claim) => {
        const due = await log.due(claim);
        claims += due.length;
        if (due.length > 0 && claims === 2) {
          asked.resolve();
          await written.promise;
        }
        return due;
      },
      settle: async (settlements) => {
        const settled = await log.settle(settlements);
        if (settlements.some(({ finished }) => finished.length > 0)) setImmediate(written.resolve);
        return settled;
      },
    },
  );
  await emitOne();
  await throughRetries();
  expect(claims).toBe(2);
  expect(harness.received).toHaveLength(2);
});

test("a shard that could not be handed over goes on with what was given back", async () => {
  const answered = Promise.withResolvers<void>();
  let isUp = false;
  await open(() => (isUp ? answered.promise.then(() => answer(200)) : answer(500)));
  const { log } = harness.store;
  let isSurplus = false;
  let isRefused = false;
  for (let count = 0; count < 2; count += 1) await harness.createEndpoint();
  await harness.startEngine(
    { slotsMax: 1, slowAfterMs: 60_000 },
    {
      ...log,
      lease: async (request) => {
        const leases = await log.lease(request);
        return { ...leases, shards: leases.shards.map((lease) => ({ ...lease, isSurplus })) };
      },
      settle: async (settlements) => {
        if (isRefused) throw new Error("The connection was lost.");
        return log.settle(settlements);
      },
    },
  );
  await emitOne();
  await harness.untilIdle();
  isUp = true;
  harness.clock.moveTo(harness.engine().nextDueAt() ?? 0);
  const steps = async (count: number) => {
    for (let step = 0; step < count; step += 1) {
      await new Promise((done) => setImmediate(done));
      harness.clock.moveTo(harness.clock.now() + 100);
    }
  };
  // Of the two that are due one is sent; then comes a renewal that finds the shard to be surplus.
  await steps(5);
  expect(harness.received).toHaveLength(3);
  isSurplus = true;
  await steps(40);
  [isSurplus, isRefused] = [false, true];
  answered.resolve();
  await steps(10);
  isRefused = false;
  await throughRetries();
  expect(harness.received).toHaveLength(4);
});

test("an endpoint that does not answer holds up neither the cursor nor the others", async () => {
  await open(({ url }) => (url.pathname === "/hangs" ? new Promise(() => {}) : answer(200)));
  const hanging = await harness.createEndpoint({ url: "https://hooks.example/hangs" });
  const healthy = await harness.createEndpoint();
  await harness.startEngine({ windowMax: 20, perEndpointMax: 2, slotsMax: 8 });
  for (let count = 0; count < 200; count += 1) await emitOne();
  for (let step = 0; step < 2000; step += 1) {
    await new Promise((done) => setImmediate(done));
    harness.clock.moveTo(harness.clock.now() + 5);
  }
  expect(harness.received.filter(({ url }) => url.href === healthy.url)).toHaveLength(200);
  expect(harness.received.filter(({ url }) => url.href === hanging.url)).toHaveLength(2);
  const { shards } = await harness.store.log.lease({ owner: "reader", leaseMs: 1000, takes: "share" });
  // Each endpoint is two events: what became of it, and that an administrator did it.
  expect(shards[0]?.cursor).toBe(204);
});
