import fc from "fast-check";
import { expect, test } from "vitest";
import { dropped, type Conclusion } from "../../../runtime/engine/send/conclude.ts";
import { createWindow } from "../../../runtime/engine/shard/window.ts";

interface Task {
  readonly name: string;
}

const conclusion: Conclusion = dropped;

test("the cursor stops before the first position that is not concluded", () => {
  const window = createWindow<Task>();
  const [slow, quick] = [{ name: "slow" }, { name: "quick" }];
  window.add(1, []);
  window.add(2, [slow]);
  window.add(3, [quick]);
  window.conclude(quick, conclusion);
  expect(window.take()).toEqual({ cursor: 1, concluded: [], waits: [] });
  expect(window.take()).toBeNull();
  window.conclude(slow, conclusion);
  expect(window.take()).toEqual({
    cursor: 3,
    concluded: [
      { task: slow, conclusion },
      { task: quick, conclusion },
    ],
    waits: [],
  });
  expect(window.size()).toBe(0);
});

test("a later conclusion replaces an earlier one until the position is taken, and is refused after it", () => {
  const window = createWindow<Task>();
  const task = { name: "parked" };
  window.add(1, [task]);
  const parked: Conclusion = {
    attempt: null,
    pending: { endpointKey: 1, position: 1, run: 0, attemptCount: 0, dueAt: 5 },
  };
  expect(window.conclude(task, parked)).toBe(true);
  expect(window.conclude(task, conclusion)).toBe(true);
  expect(window.take()?.concluded).toEqual([{ task, conclusion }]);
  expect(window.conclude(task, conclusion)).toBe(false);
});

test("in whatever order deliveries end, each conclusion is taken once and the cursor never passes an open position", () => {
  const fanOuts = fc.array(fc.nat(3), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fanOuts, fc.infiniteStream(fc.nat()), (sizes, chance) => {
      const window = createWindow<Task>();
      const open = sizes.flatMap((size, index) => {
        const tasks = Array.from({ length: size }, () => ({ name: String(index + 1) }));
        window.add(index + 1, tasks);
        return tasks;
      });
      let taken = 0;
      for (const pick of chance) {
        const settled = window.take();
        taken += settled?.concluded.length ?? 0;
        const firstOpen = Math.min(...open.map((task) => Number(task.name)));
        if (settled !== null) expect(settled.cursor).toBeLessThan(firstOpen);
        const [task] = open.splice(pick % Math.max(open.length, 1), 1);
        if (task === undefined) break;
        window.conclude(task, conclusion);
      }
      expect(taken).toBe(sizes.reduce((sum, size) => sum + size, 0));
      expect(window.size()).toBe(0);
    }),
    { numRuns: 100 },
  );
});
