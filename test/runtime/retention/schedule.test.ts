import { olderThan } from "../../../runtime/retention/ages.ts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scheduleRetention } from "../../../runtime/retention/schedule.ts";
import type { PruneRun } from "../../../runtime/retention/retention.ts";

const hour = 3600 * 1000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-05-08T14:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Retention whose runs are ended by hand. */
function schedule() {
  const runs: (PruneRun & { readonly end: (outcome: Error | number) => void })[] = [];
  const lines: unknown[] = [];
  const prune = (run: PruneRun) =>
    new Promise<{ horizon: number; eventCount: number; attemptCount: number; payloadCount: number; keptCount: number }>(
      (resolve, reject) => {
        const end = (outcome: Error | number) => {
          if (outcome instanceof Error) reject(outcome);
          else resolve({ horizon: 1, eventCount: outcome, attemptCount: 0, payloadCount: 0, keptCount: 0 });
        };
        runs.push({ ...run, end });
      },
    );
  const log = { info: (...line: unknown[]) => lines.push(line), error: (...line: unknown[]) => lines.push(line) };
  return {
    runs,
    lines,
    schedule: scheduleRetention({ retention: { prune }, ages: olderThan(30 * 24 * hour), minute: 17, log }),
  };
}

test("prunes at once, and then every hour at its minute", async () => {
  const { runs, schedule: pruning } = schedule();
  expect(runs).toMatchObject([{ ages: olderThan(30 * 24 * hour), does: "drop" }]);
  runs[0]?.end(0);
  await vi.advanceTimersByTimeAsync(16 * 60_000);
  expect(runs).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toHaveLength(2);
  runs[1]?.end(0);
  await vi.advanceTimersByTimeAsync(2 * hour);
  runs[2]?.end(0);
  expect(runs).toHaveLength(3);
  await pruning.stop();
  await vi.advanceTimersByTimeAsync(3 * hour);
  expect(runs).toHaveLength(3);
});

test("a run that takes longer than an hour is not started a second time", async () => {
  const { runs, schedule: pruning } = schedule();
  await vi.advanceTimersByTimeAsync(3 * hour);
  expect(runs).toHaveLength(1);
  runs[0]?.end(0);
  await vi.advanceTimersByTimeAsync(hour);
  expect(runs).toHaveLength(2);
  runs[1]?.end(0);
  await pruning.stop();
});

test("says what was dropped, and what failed; the next run comes all the same", async () => {
  const { runs, lines, schedule: pruning } = schedule();
  const failure = new Error("no connection");
  runs[0]?.end(failure);
  await vi.advanceTimersByTimeAsync(hour);
  runs[1]?.end(5);
  await vi.advanceTimersByTimeAsync(hour);
  runs[2]?.end(0);
  await pruning.stop();
  expect(lines).toEqual([
    [{ err: failure }, expect.stringContaining("in an hour")],
    [{ horizon: 1, eventCount: 5, attemptCount: 0, payloadCount: 0, keptCount: 0 }, expect.stringContaining("Dropped")],
  ]);
});

test("stopping ends the run after its step, and waits for it", async () => {
  const { runs, schedule: pruning } = schedule();
  let isStopped = false;
  const stopped = pruning.stop().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(0);
  expect(runs[0]?.signal?.aborted).toBe(true);
  expect(isStopped).toBe(false);
  runs[0]?.end(0);
  await stopped;
});
