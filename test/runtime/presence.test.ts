import { pid } from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { createPresence } from "../../runtime/presence.ts";
import { openStore } from "../../runtime/store/open-store.ts";
import { createFakeClock } from "../fake-clock.ts";

async function openProcesses() {
  const store = await openStore({ database: ":memory:" });
  onTestFinished(store.close);
  const clock = createFakeClock(0);
  const open = (...keyIds: readonly string[]) => {
    const met: unknown[] = [];
    const warned: unknown[] = [];
    const presence = createPresence({
      ...{ store: store.processes, keyIds, clock },
      met: async (others, time) => void met.push([time, ...others.map((other) => other.keyIds.join())]),
      log: { warn: (...line: unknown[]) => void warned.push(line[0]) },
    });
    return { presence, met, warned };
  };
  /** Lets a beat run; what it asks is answered by an in-memory database. */
  const pass = async (ms: number) => {
    clock.moveTo(clock.now() + ms);
    await expect.poll(() => clock.timerCount()).toBe(2);
  };
  return { store, clock, open, pass };
}

test("a process says every ten seconds that it is there, meets the others, and leaves at its end", async () => {
  const { store, clock, open, pass } = await openProcesses();
  const [first, second] = [open("newer", "older"), open("older")];
  await first.presence.start();
  expect([first.met, await first.presence.others()]).toEqual([[["first"]], []]);
  await second.presence.start();
  expect(second.met).toEqual([["first", "newer,older"]]);
  expect(await first.presence.others()).toMatchObject([{ keyIds: ["older"], pid }]);
  await pass(9999);
  expect(first.met).toHaveLength(1);
  await pass(1);
  expect(first.met).toEqual([["first"], ["again", "older"]]);
  await second.presence.stop();
  expect(await first.presence.others()).toEqual([]);
  await first.presence.stop();
  expect([await store.processes.live(), clock.timerCount()]).toEqual([[], 0]);
});

test("it warns once of a key that another one seals with and it does not have", async () => {
  const { open, pass } = await openProcesses();
  const [first, second] = [open("older"), open("newer", "older")];
  await first.presence.start();
  await second.presence.start();
  for (let count = 0; count < 3; count += 1) await pass(10_000);
  expect(first.warned).toMatchObject([{ keyId: "newer", otherPid: pid }]);
  expect(second.warned).toEqual([]);
  for (const each of [first, second]) await each.presence.stop();
});

test("one that was not started leaves nothing, and one that could not start may try again", async () => {
  const { store, clock, open } = await openProcesses();
  const { presence } = open("older");
  await presence.stop();
  const other = open("older").presence;
  await other.start();
  await other.start();
  expect([(await store.processes.live()).length, clock.timerCount()]).toEqual([1, 1]);
  await other.stop();
  expect(await store.processes.live()).toEqual([]);
});
