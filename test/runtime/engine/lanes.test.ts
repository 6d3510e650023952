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
  readonly end: () => void;
}

/** Lanes whose tasks end when the test says so. */
function open(limits: Partial<LaneLimits>, rules: Partial<LaneRules<LaneTask>> = {}) {
  const sent: Sent[] = [];
  const send = (task: LaneTask) => {
    const { promise, resolve } = Promise.withResolvers<() => void>();
    sent.push(Object.assign(task, { end: () => resolve(() => {}) }));
    return promise;
  };
  const lanes = createLanes<LaneTask>({ ...roomy, ...limits }, { ...unlimited(), send, ...rules });
  return { lanes, sent };
}

const roomy: LaneLimits = { slotsMax: 100, slowMax: 100, slowAfterMs: 250, perEndpointMax: 16 };
const unlimited = () => ({
  capOf: () => Infinity,
  budgetOf: () => "quick" as const,
  slowed: () => {},
  swept: () => {},
  pass: () => 0,
  clock: createFakeClock(0),
});

/** A delivery to an endpoint, whose tenant has no other unless it is named. */
function task(endpointKey: number, lane: Lane = "live", tenant = `org_${endpointKey}`): LaneTask {
  return { endpointKey, lane, tenant, progress: "waiting" };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("an endpoint at its cap leaves the slots to the others", () => {
  const { lanes, sent } = open({ slotsMax: 8, perEndpointMax: 2 });
  for (let i = 0; i < 20; i += 1) lanes.add(task(1, "live", "org"));
  for (let i = 0; i < 3; i += 1) lanes.add(task(2, "live", "org"));
  lanes.start();
  expect(sent.map((each) => each.endpointKey)).toEqual([1, 1, 2, 2]);
});

test("an endpoint is asked for no more than its cap of pending deliveries, however busy it is with new ones", async () => {
  const { lanes, sent } = open({ slotsMax: 8, perEndpointMax: 2 });
  for (let i = 0; i < 5; i += 1) lanes.add(task(1, "live"));
  expect(lanes.saturated()).toEqual([]);
  const pending = [task(1, "pending"), task(1, "pending")];
  for (const each of pending) lanes.add(each);
  expect(lanes.saturated()).toEqual([1]);
  lanes.withdraw(pending[0]!);
  expect(lanes.saturated()).toEqual([]);
  lanes.start();
  for (let index = 0; index < 6; index += 1) {
    sent[index]?.end();
    await settled();
  }
  expect(sent.at(-1)).toBe(pending[1]);
  expect(lanes.saturated()).toEqual([]);
});

test("when one of an endpoint ends, the next of it is sent", async () => {
  const { lanes, sent } = open({ slotsMax: 8, perEndpointMax: 1 });
  const [first, second] = [task(1), task(1)];
  lanes.add(first);
  lanes.add(second);
  lanes.start();
  expect(second.progress).toBe("waiting");
  sent[0]?.end();
  await settled();
  expect(sent).toEqual([first, second]);
});

test("pending deliveries get at most half of the slots, and new ones never all while some are pending", () => {
  const { lanes, sent } = open({ slotsMax: 4, perEndpointMax: 1 });
  for (let endpoint = 0; endpoint < 10; endpoint += 1) lanes.add(task(endpoint, "pending"));
  for (let endpoint = 10; endpoint < 20; endpoint += 1) lanes.add(task(endpoint, "live"));
  lanes.start();
  expect(sent.map((each) => each.lane)).toEqual(["pending", "pending", "live", "live"]);
});

test("what a task concludes is called once its place is free", async () => {
  const seen: (readonly number[])[] = [];
  const send = async () => {
    seen.push(lanes.saturated());
    return () => seen.push(lanes.saturated());
  };
  const lanes = createLanes<LaneTask>({ ...roomy, slotsMax: 8, perEndpointMax: 1 }, { ...unlimited(), send });
  lanes.add(task(1, "pending"));
  lanes.start();
  await settled();
  expect(seen).toEqual([[1], []]);
});

test("a withdrawn task is never sent and gives its place to the next", () => {
  const { lanes, sent } = open({ slotsMax: 8, perEndpointMax: 1 });
  const tasks = [task(1), task(1), task(1)];
  for (const each of tasks) lanes.add(each);
  lanes.withdraw(tasks[1]!);
  lanes.withdraw(tasks[0]!);
  lanes.start();
  expect(sent).toEqual([tasks[2]]);
});

test("whatever the order of starts and ends, the caps hold and every task is sent once", async () => {
  const order = fc.array(
    fc.record({ endpoint: fc.nat(4), lane: fc.constantFrom<Lane>("live", "pending"), ends: fc.nat(3) }),
  );
  await fc.assert(
    fc.asyncProperty(order, async (steps) => {
      const { lanes, sent } = open({ slotsMax: 5, perEndpointMax: 2 });
      const open_ = new Set<Sent>();
      let seen = 0;
      const endSome = async (count: number) => {
        for (; seen < sent.length; seen += 1) open_.add(sent[seen]!);
        expect(open_.size).toBeLessThanOrEqual(5);
        for (let endpoint = 0; endpoint <= 4; endpoint += 1)
          expect([...open_].filter((each) => each.endpointKey === endpoint).length).toBeLessThanOrEqual(2);
        for (const each of [...open_].slice(0, count)) {
          open_.delete(each);
          each.end();
        }
        await settled();
      };
      for (const step of steps) {
        lanes.add(task(step.endpoint, step.lane));
        lanes.start();
        await endSome(step.ends);
      }
      for (let turns = 0; turns <= steps.length; turns += 1) await endSome(5);
      expect(sent.length).toBe(steps.length);
      expect(new Set(sent).size).toBe(steps.length);
      expect(lanes.inFlightCount()).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test("what waits for its endpoint's rate is asked about again when it said, and holds up nobody else", () => {
  let mayPass = 1;
  const timers: { ms: number; callback: () => void }[] = [];
  const rules = {
    pass: ({ endpointKey }: LaneTask) => (endpointKey !== 1 || (mayPass -= 1) >= 0 ? 0 : 40),
    clock: {
      monotonic: () => 0,
      after: (ms: number, callback: () => void) => {
        if (ms === 40) timers.push({ ms, callback });
        return () => {};
      },
    },
  };
  const { lanes, sent } = open({ slotsMax: 8, perEndpointMax: 4 }, rules);
  for (const key of [1, 1, 1, 2]) lanes.add(task(key));
  lanes.start();
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 2]);
  expect([lanes.isPaced(1), lanes.isPaced(2), timers.map(({ ms }) => ms)]).toEqual([true, false, [40]]);
  mayPass = 1;
  timers[0]?.callback();
  expect(sent.map(({ endpointKey }) => endpointKey)).toEqual([1, 2, 1]);
});

test("an endpoint's own cap holds where it is lower", () => {
  const { lanes, sent } = open({ slotsMax: 8, perEndpointMax: 4 }, { capOf: () => 2 });
  for (let i = 0; i < 4; i += 1) lanes.add(task(1));
  lanes.start();
  expect(sent).toHaveLength(2);
});
