import { beforeEach, expect, test } from "vitest";
import { createKeyCache, keyCacheMs, type KeyCache } from "../../../runtime/access/key-cache.ts";
import { createFakeClock, type FakeClock } from "../../fake-clock.ts";

const start = 1_000_000;
let clock: FakeClock;
let rows: Map<string, string>;
let reads: (readonly string[])[];
let failure: Error | null;
let cache: KeyCache<string>;

beforeEach(() => {
  clock = createFakeClock(start);
  rows = new Map(Array.from({ length: 100 }, (_, index) => [`key ${index}`, `holder ${index}`]));
  reads = [];
  failure = null;
  cache = createKeyCache(clock, async (hashes) => {
    reads.push(hashes);
    if (failure !== null) throw failure;
    return new Map([...rows].filter(([hash]) => hashes.includes(hash)));
  });
});

const useAll = () => Promise.all([...rows.keys()].map((hash) => cache.get(hash)));

test("a hundred keys in use cost one read for as long as one key is believed", async () => {
  await useAll();
  expect(reads).toHaveLength(100);
  for (let times = 1; times <= 5; times += 1) {
    clock.moveTo(start + times * keyCacheMs);
    expect(await useAll()).toEqual([...rows.values()]);
    await useAll();
  }
  expect(reads).toHaveLength(105);
  expect(reads.slice(100).map((hashes) => hashes.length)).toEqual([100, 100, 100, 100, 100]);
});

test("a key that is used once a second is read again along with the others", async () => {
  for (let second = 0; second < 20; second += 1) {
    for (let number = 0; number < 100; number += 1) {
      clock.moveTo(start + second * 1000 + number * 10);
      expect(await cache.get(`key ${number}`)).toBe(`holder ${number}`);
    }
  }
  expect(reads.length).toBeLessThanOrEqual(100 + 4 * 20);
});

test("a key that is used no more is not read any more", async () => {
  await useAll();
  for (let time = start; time <= start + 20_000; time += keyCacheMs) {
    clock.moveTo(time);
    await cache.get("key 0");
  }
  expect(reads.at(-1)).toEqual(["key 0"]);
});

test("a key that was removed is believed until it was read so long ago, also when another one's turn reads it", async () => {
  await cache.get("key 1");
  await cache.get("key 2");
  rows.delete("key 2");
  clock.moveTo(start + keyCacheMs - 1);
  expect(await cache.get("key 2")).toBe("holder 2");
  clock.moveTo(start + keyCacheMs);
  expect(await cache.get("key 1")).toBe("holder 1");
  expect(await cache.get("key 2")).toBeNull();
  expect(reads).toHaveLength(4);
});

test("unknown keys are read each time, and a clock that is set back believes nothing", async () => {
  expect([await cache.get("guess"), await cache.get("guess")]).toEqual([null, null]);
  expect(reads).toEqual([["guess"], ["guess"]]);
  await cache.get("key 1");
  clock = Object.assign(clock, { now: () => start - 1 });
  await cache.get("key 1");
  expect(reads).toHaveLength(4);
});

test("what was cleared is read anew, and so is what could not be read", async () => {
  await cache.get("key 1");
  cache.clear();
  await cache.get("key 1");
  expect(reads).toHaveLength(2);
  clock.moveTo(start + keyCacheMs);
  failure = new Error("no database");
  await expect(cache.get("key 1")).rejects.toThrow("no database");
  failure = null;
  expect(await cache.get("key 1")).toBe("holder 1");
});
