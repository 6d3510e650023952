import { afterEach, expect, test } from "vitest";
import { answer, deployment, openHarness, type Harness } from "./harness.ts";

let harness: Harness;
afterEach(() => harness.close());

/** The events about deliveries that ended, by their data. */
async function told(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const of = { tenant: "org_1", contract: "hookwright", types: ["delivery.rejected", "delivery.exhausted"] };
  const events = await harness.store.events.list({ ...of, after: 0, limit: 100 });
  return events.map(({ type, body }) => ({ type, ...JSON.parse(body).data }));
}

const emit = (count: number) =>
  Promise.all(
    Array.from({ length: count }, () =>
      harness.emit("stech", "deployment.created", { tenant: "org_1", data: deployment }),
    ),
  );

async function throughRetries(): Promise<void> {
  await harness.untilIdle();
  for (let due = harness.engine().nextDueAt(); due !== null; due = harness.engine().nextDueAt()) {
    harness.clock.moveTo(due);
    await harness.untilIdle();
  }
}

test("a delivery that was refused is told with its endpoint, its event and why", async () => {
  harness = await openHarness(() => answer(301));
  const { id } = await harness.createEndpoint();
  await harness.startEngine();
  const [event] = await emit(1);
  await harness.untilIdle();
  const [delivery] = harness.received;
  expect(await told()).toEqual([
    {
      type: "delivery.rejected",
      endpointId: id,
      contract: "stech",
      deliveryCount: 1,
      deliveryId: delivery?.headers["X-Stech-Delivery"]?.replace("dla_", "dlv_").replace(/_0_1$/, ""),
      eventId: event?.id,
      eventType: "deployment.created",
      attemptCount: 1,
      lastStatus: 301,
      error: "redirect_blocked",
    },
  ]);
});

test("one that was tried as often as the contract says is told once, at its end", async () => {
  harness = await openHarness(() => answer(500));
  await harness.createEndpoint();
  await harness.startEngine();
  await emit(1);
  await harness.untilIdle();
  expect(await told()).toEqual([]);
  await throughRetries();
  expect(await told()).toMatchObject([{ type: "delivery.exhausted", attemptCount: 7, lastStatus: 500, error: null }]);
});

test("many that end together are told in one event for each endpoint, with their number", async () => {
  harness = await openHarness(() => answer(404));
  const endpoints = [await harness.createEndpoint(), await harness.createEndpoint()];
  await emit(40);
  await harness.startEngine();
  await harness.untilIdle();
  const events = await told();
  expect(events.length).toBeLessThan(20);
  for (const { id } of endpoints) {
    const counts = events
      .filter(({ endpointId }) => endpointId === id)
      .map(({ deliveryCount }) => Number(deliveryCount));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
  }
});

test("those of our own events are not told: each would tell of the one before it, without end", async () => {
  harness = await openHarness(() => answer(410));
  const { id } = await harness.createEndpoint();
  const operators = await harness.createEndpoint({ contract: "hookwright" });
  await harness.startEngine();
  await emit(1);
  await harness.untilIdle();
  expect(harness.received.filter(({ url }) => url.href === operators.url).length).toBeGreaterThan(0);
  expect((await told()).map(({ endpointId }) => endpointId)).toEqual([id]);
});

test("what is delivered is told by nobody", async () => {
  harness = await openHarness(() => answer(200));
  await harness.createEndpoint();
  await harness.startEngine();
  await emit(3);
  await harness.untilIdle();
  expect(await told()).toEqual([]);
});
