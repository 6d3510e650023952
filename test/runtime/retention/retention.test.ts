import { olderThan } from "../../../runtime/retention/ages.ts";
import { createNewId } from "../../../runtime/contracts/identifier.ts";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { dataOf } from "../../../runtime/contracts/envelope.ts";
import { createRender } from "../../../runtime/events.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { createRetention } from "../../../runtime/retention/retention.ts";
import { systemTenant } from "../../../runtime/contracts/reserved-tenant.ts";
import type { PruneStep } from "../../../runtime/seams/store.ts";
import { openStore } from "../../../runtime/store/open-store.ts";
import { deployment, openHarness, answer, start } from "../engine/harness.ts";

const day = 24 * 3600 * 1000;

/** Stands still, and waits no longer than others need to come to their turn. */
const clock = {
  now: () => start,
  monotonic: () => 0,
  after: (_: number, callback: () => void) => {
    void setImmediate().then(callback);
    return () => {};
  },
};

type Answer = { readonly eventCount: number; readonly attemptCount: number; readonly isLast: boolean };

/** A log of which each step drops what is said here. */
async function open(answers: readonly (Answer | Error)[]) {
  const store = await openStore({ database: ":memory:" });
  onTestFinished(store.close);
  const steps: PruneStep[] = [];
  let wakeCount = 0;
  const retention = createRetention({
    catalog,
    clock,
    renderFact: createRender({
      catalog,
      clock,
      newId: createNewId((bytes) => crypto.getRandomValues(new Uint8Array(bytes))),
    }),
    wake: () => (wakeCount += 1),
    store: {
      log: store.log,
      retention: {
        prune: async (step) => {
          const answer = answers[steps.push(step) - 1] ?? expect.unreachable();
          if (answer instanceof Error) throw answer;
          const { isLast, ...counts } = answer;
          return { payloadCount: 0, ...counts, keptCount: 1, next: isLast ? null : { shard: 0, after: steps.length } };
        },
      },
    },
  });
  const recorded = async () => {
    const facts = await store.events.list({
      tenant: systemTenant,
      contract: "hookwright",
      types: null,
      after: 0,
      limit: 99,
    });
    return facts.map(({ type, body }) => [type, dataOf(catalog.hookwright.declaration.envelope, body)]);
  };
  return { retention, steps, recorded, wakeCount: () => wakeCount };
}

const step = (eventCount: number, over: Partial<Answer> = {}): Answer => ({
  eventCount,
  attemptCount: 2 * eventCount,
  isLast: false,
  ...over,
});

test("a run goes on where its last step ended, and is recorded once, with what it dropped", async () => {
  const { retention, steps, recorded, wakeCount } = await open([step(3), step(0), step(4, { isLast: true })]);
  const soFar: number[] = [];
  const pruned = await retention.prune({
    ages: olderThan(30 * day),
    does: "drop",
    onStep: ({ eventCount }) => soFar.push(eventCount),
  });
  expect(pruned).toEqual({ horizon: start - 30 * day, eventCount: 7, attemptCount: 14, payloadCount: 0, keptCount: 3 });
  expect(steps.map(({ before, from }) => [before, from?.after])).toEqual([
    [start - 30 * day, undefined],
    [start - 30 * day, 1],
    [start - 30 * day, 2],
  ]);
  expect(soFar).toEqual([3, 3, 7]);
  const data = { horizon: "2026-04-08T14:00:00.000Z", eventCount: 7, attemptCount: 14 };
  expect(await recorded()).toEqual([["log.pruned", data]]);
  expect(wakeCount()).toBe(1);
});

test("a run that drops nothing, or only counts, leaves no trace", async () => {
  const nothing = await open([step(0, { isLast: true })]);
  await nothing.retention.prune({ ages: olderThan(day), does: "drop" });
  expect(await nothing.recorded()).toEqual([]);
  const counting = await open([step(5, { isLast: true })]);
  expect(await counting.retention.prune({ ages: olderThan(day), does: "count" })).toMatchObject({ eventCount: 5 });
  expect(counting.steps.map(({ does }) => does)).toEqual(["count"]);
  expect(await counting.recorded()).toEqual([]);
});

test("what was dropped is recorded also when a later step fails, or the run is ended", async () => {
  const failing = await open([step(3), new Error("no connection")]);
  await expect(failing.retention.prune({ ages: olderThan(day), does: "drop" })).rejects.toThrow("no connection");
  expect(await failing.recorded()).toMatchObject([["log.pruned", { eventCount: 3 }]]);
  const ended = await open([step(2), step(2), step(2)]);
  const stopping = new AbortController();
  const { signal } = stopping;
  const onStep = () => ended.steps.length === 2 && stopping.abort();
  expect(await ended.retention.prune({ ages: olderThan(day), does: "drop", signal, onStep })).toMatchObject({
    eventCount: 4,
  });
  expect(await ended.recorded()).toMatchObject([["log.pruned", { eventCount: 4 }]]);
});

test("steps grow to what was asked for, and shrink where events have many attempts", async () => {
  const many = step(1, { attemptCount: 40_000 });
  const steps = [step(1), step(1), step(1), step(1), many, many, step(1, { isLast: true })];
  const { retention, steps: taken } = await open(steps);
  await retention.prune({ ages: olderThan(day), stepMax: 300, does: "drop" });
  expect(taken.map(({ limit }) => limit)).toEqual([50, 100, 200, 300, 300, 75, 18]);
});

test("who gets what is the same after events were dropped, also for an engine that starts then", async () => {
  const harness = await openHarness(() => answer(200));
  onTestFinished(harness.close);
  const { store, emit, received, untilIdle } = harness;
  const alive = await harness.createEndpoint();
  const deleted = await harness.createEndpoint();
  await harness.startEngine();
  await emit("stech", "deployment.created", { tenant: "org_1", data: deployment });
  await untilIdle();
  const of = { tenant: "org_1", id: deleted.id, at: harness.clock.now() };
  await store.endpoints.remove(of, (endpoint) => harness.renderFact("endpoint.deleted", endpoint, {}));
  await emit("stech", "deployment.created", { tenant: "org_1", data: deployment });
  await untilIdle();
  expect(received).toHaveLength(3);
  await harness.engine().stop();
  harness.clock.moveTo(harness.clock.now() + 31 * day);
  const now = harness.clock.now();
  const later = { ...clock, now: () => now };
  const renderFact = createRender({ catalog, clock: later, newId: createNewId((bytes) => new Uint8Array(bytes)) });
  const retention = createRetention({ store, catalog, clock: later, renderFact, wake: () => {} });
  const pruned = await retention.prune({ ages: olderThan(30 * day), does: "drop" });
  // One event with two attempts, the two facts of the deleted endpoint, and the three administrators' actions that all
  // facts were told by; the other one's fact and the newest event stay.
  expect(pruned).toMatchObject({ eventCount: 6, attemptCount: 2, keptCount: 2 });
  await harness.startEngine();
  await emit("stech", "deployment.created", { tenant: "org_1", data: deployment });
  await untilIdle();
  expect(received.slice(3).map(({ url }) => String(url))).toEqual([alive.url]);
});
