import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createLanes,
  type Lane,
  type LaneLimits,
  type LaneRules,
  type LaneTask,
} from "../../../runtime/engine/send/lanes.ts";
import { createFakeClock } from "../../fake-clock.ts";

interface Sent extends LaneTask {
  readonly startedAt: number;
  readonly end: () => void;
}

const limitsOf = (limits: Partial<LaneLimits>): LaneLimits => {
  return { slotsMax: 12, slowMax: 12, slowAfterMs: 250, perEndpointMax: 4, ...limits };
};

/** Lanes by a fake clock; endpoints are slow from when an attempt was until one ends quickly. */
function open(given: Partial<LaneLimits> = {}, rules: Partial<LaneRules<LaneTask>> = {}) {
  const limits = limitsOf(given);
  const clock = createFakeClock(0);
  const sent: Sent[] = [];
  const slow = new Set<number>();
  const lanes = createLanes<LaneTask>(limits, {
    send: (task) => {
      const { promise, resolve } = Promise.withResolvers<() => void>();
      const startedAt = clock.monotonic();
      const end = () => {
        if (clock.monotonic() - startedAt < limits.slowAfterMs) slow.delete(task.endpointKey);
        resolve(() => {});
      };
      sent.push(Object.assign(task, { startedAt, end }));
      return promise;
    },
    capOf: () => Infinity,
    budgetOf: ({ endpointKey }) => (slow.has(endpointKey) ? "slow" : "quick"),
    slowed: (tasks) => tasks.forEach(({ endpointKey }) => slow.add(endpointKey)),
    swept: () => {},
    pass: () => 0,
    clock,
    ...rules,
  });
  const add = (endpointKey: number, tenant: string, lane: Lane = "live") => {
    const task: LaneTask = { endpointKey, tenant, lane, progress: "waiting" };
    lanes.add(task);
    return task;
  };
  return { lanes, clock, sent, add, slow };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const countOf = (sent: readonly Sent[], tenant: string) => sent.filter((each) => each.tenant === tenant).length;

test("an attempt that is under way for 250 ms gives its quick place to another one", () => {
  const { lanes, clock, sent, add } = open({ slotsMax: 3 });
  for (let key = 1; key <= 3; key += 1) add(key, `org_${key}`);
  add(9, "org_9");
  lanes.start();
  expect(sent).toHaveLength(3);
  clock.moveTo(249);
  expect(sent).toHaveLength(3);
  clock.moveTo(250);
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 2, 3, 9]);
  expect(lanes.inFlightCount()).toBe(4);
});

test("without room among the slow places it keeps its quick place until there is some", async () => {
  const { lanes, clock, sent, add } = open({ slotsMax: 2, slowMax: 1 });
  for (let key = 1; key <= 5; key += 1) add(key, `org_${key}`);
  lanes.start();
  clock.moveTo(250);
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 2, 3]);
  sent[0]?.end();
  await settled();
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 2, 3, 4]);
});

test("one timer looks after all attempts, and none is left when there are none", async () => {
  const { lanes, clock, sent, add } = open();
  for (let key = 1; key <= 6; key += 1) {
    add(key, `org_${key}`);
    lanes.start();
    clock.moveTo(clock.monotonic() + 10);
    expect(clock.timerCount()).toBe(1);
  }
  for (const each of sent) each.end();
  await settled();
  clock.moveTo(1000);
  expect(clock.timerCount()).toBe(0);
});

test("a tenant alone gets two thirds of the quick places, and the next one finds room at once", () => {
  const { lanes, sent, add } = open({ slotsMax: 12 });
  for (let key = 1; key <= 20; key += 1) add(key, "many");
  lanes.start();
  expect(countOf(sent, "many")).toBe(8);
  for (let key = 21; key <= 24; key += 1) add(key, "few");
  lanes.start();
  expect(countOf(sent, "few")).toBe(3);
});

test("a tenant alone gets two thirds of the slow places, also of those that its attempts move to", () => {
  const slow = open({ slowMax: 12 }, { budgetOf: () => "slow" });
  for (let key = 1; key <= 20; key += 1) slow.add(key, "many");
  slow.lanes.start();
  expect(countOf(slow.sent, "many")).toBe(8);
  for (let key = 21; key <= 24; key += 1) slow.add(key, "few");
  slow.lanes.start();
  expect(countOf(slow.sent, "few")).toBe(3);

  const moved = open({ slotsMax: 30, slowMax: 12 });
  for (let key = 1; key <= 20; key += 1) moved.add(key, "many");
  moved.lanes.start();
  moved.clock.moveTo(250);
  // 8 moved, 12 have quick places still: 8 more make that the share of 30.
  for (let key = 21; key <= 40; key += 1) moved.add(key, "many");
  moved.lanes.start();
  expect(countOf(moved.sent, "many")).toBe(28);
});

test("tenants have their turns, so that one with many does not stand before another with one", () => {
  const { lanes, sent, add } = open({ slotsMax: 100 });
  for (let key = 1; key <= 5; key += 1) add(key, "many");
  add(6, "one");
  add(7, "two");
  lanes.start();
  expect(sent.map(({ tenant }) => tenant)).toEqual(["many", "one", "two", "many", "many", "many", "many"]);
});

test("an endpoint that was slow takes slow places from the start, and quick ones once it was quick", async () => {
  const { lanes, clock, sent, add } = open({ slotsMax: 1, slowMax: 2, perEndpointMax: 2 });
  add(1, "org_1");
  lanes.start();
  clock.moveTo(250);
  // The slow place that is left, and the quick one.
  for (const key of [1, 2]) add(key, `org_${key}`);
  add(1, "org_1");
  lanes.start();
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 1, 2]);
  sent[1]?.end();
  await settled();
  // What stood ready for a slow place waits for a quick one now.
  expect(sent).toHaveLength(3);
  sent[2]?.end();
  await settled();
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 1, 2, 1]);
});

test("what stands ready for a quick place when its endpoint turns out to be slow takes a slow one", () => {
  const { lanes, clock, sent, add } = open({ slotsMax: 2, slowMax: 2 });
  add(1, "org_1");
  lanes.start();
  clock.moveTo(100);
  for (const key of [2, 3, 1]) add(key, `org_${key}`);
  lanes.start();
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 2]);
  clock.moveTo(250);
  expect(sent.map(({ endpointKey }) => endpointKey).toSorted()).toEqual([1, 1, 2, 3]);
});

test("a slow endpoint is asked for no more pending deliveries than its cap, another for as many as any may have", () => {
  const { lanes, clock, add } = open(
    { perEndpointMax: 4 },
    { capOf: ({ endpointKey }) => (endpointKey === 1 ? 1 : 2) },
  );
  add(1, "org_1", "pending");
  lanes.start();
  expect(lanes.saturated()).toEqual([]);
  clock.moveTo(250);
  expect([lanes.saturated(), lanes.isSaturated(1)]).toEqual([[1], true]);
  for (let count = 0; count < 3; count += 1) add(2, "org_2", "pending");
  expect(lanes.isSaturated(2)).toBe(false);
});

const steps = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant("adds"), endpoint: fc.nat(9), lane: fc.constantFrom<Lane>("live", "pending") }),
    fc.record({ does: fc.constant("ends"), index: fc.nat(30) }),
    fc.record({ does: fc.constant("withdraws"), index: fc.nat(30) }),
    fc.record({ does: fc.constant("waits"), ms: fc.integer({ min: 1, max: 400 }) }),
  ),
  { maxLength: 120 },
);
const someLimits = fc.record({
  slotsMax: fc.integer({ min: 1, max: 12 }),
  slowMax: fc.integer({ min: 1, max: 12 }),
  perEndpointMax: fc.integer({ min: 1, max: 4 }),
});

test("no budget, share or cap is exceeded, and nothing waits that may start", async () => {
  await fc.assert(
    fc.asyncProperty(steps, someLimits, async (all, limits) => {
      const { lanes, clock, sent, add, slow } = open(limits);
      const tasks: LaneTask[] = [];
      const ended = new Set<Sent>();
      const underWay = () => sent.filter((each) => !ended.has(each));
      const tenantOf = (endpoint: number) => `org_${endpoint % 3}`;
      for (const step of all) {
        const before = new Map([0, 1, 2].map((n) => [`org_${n}`, countOf(underWay(), `org_${n}`)]));
        if ("lane" in step) tasks.push(add(step.endpoint, tenantOf(step.endpoint), step.lane));
        if (step.does === "ends" && "index" in step) {
          const found = underWay()[step.index];
          if (found !== undefined) ended.add(found);
          found?.end();
        }
        if (step.does === "withdraws" && "index" in step) {
          const found = tasks.filter(({ progress }) => progress === "waiting" || progress === "ready")[step.index];
          if (found !== undefined) lanes.withdraw(found);
        }
        if ("ms" in step) clock.moveTo(clock.monotonic() + step.ms);
        await settled();
        lanes.start();
        const now = underWay();
        const young = now.filter(({ startedAt }) => clock.monotonic() - startedAt < 250);
        // Budgets: together never more, and young ones have quick places, or slow ones if their endpoint was slow.
        expect(lanes.inFlightCount()).toBe(now.length);
        expect(now.length).toBeLessThanOrEqual(limits.slotsMax + limits.slowMax);
        expect(young.filter(({ lane }) => lane === "pending").length).toBeLessThanOrEqual(
          Math.ceil(limits.slotsMax / 2) + limits.slowMax,
        );
        for (let endpoint = 0; endpoint <= 9; endpoint += 1) {
          const own = now.filter(({ endpointKey }) => endpointKey === endpoint).length;
          expect(own).toBeLessThanOrEqual(limits.perEndpointMax);
        }
        // Shares: who has started more than before has no more than its share of both budgets together.
        const share = (max: number) => Math.max(1, Math.ceil((2 * max) / 3));
        for (const [tenant, count] of before) {
          const after = countOf(now, tenant);
          if (after > count && after > share(limits.slotsMax) + share(limits.slowMax))
            expect(`${tenant} has ${after}`).toBe("no more than its share");
        }
        // Nothing waits while nothing is under way, of its endpoint or of the budget that it needs.
        for (const task of tasks.filter(({ progress }) => progress === "waiting" || progress === "ready")) {
          const own = tasks.filter(
            (each) =>
              each.endpointKey === task.endpointKey &&
              (each.progress === "ready" || now.some((started) => started === each)),
          );
          if (task.progress === "waiting") expect(own).toHaveLength(limits.perEndpointMax);
          else {
            // A budget that has no room for a tenant is in use to two thirds; pending deliveries get half of the quick one.
            const max = slow.has(task.endpointKey) ? limits.slowMax : limits.slotsMax;
            const least = task.lane === "pending" ? max / 2 : (2 * max) / 3;
            expect(now.length).toBeGreaterThanOrEqual(Math.ceil(least));
          }
        }
      }
    }),
    { numRuns: 200 },
  );
});
