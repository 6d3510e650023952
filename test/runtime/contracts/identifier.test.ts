import { expect, test } from "vitest";
import {
  createIdTicks,
  createNewId,
  createPooledRandom,
  formatId,
  type Random,
} from "../../../runtime/contracts/identifier.ts";

const random: Random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
const filled =
  (byte: number): Random =>
  (bytes) =>
    new Uint8Array(bytes).fill(byte);
const formats = ["uuid", "ulid", "decimal-56"] as const;

test.each(formats)("%s: identifiers sort by their time as text, and none comes twice", (format) => {
  const times = [0, 1, 999, 1_700_000_000_000, 1_700_000_000_001, 1_778_248_931_482, 4_102_444_800_000];
  const ids = times.map((time) => createNewId(random)({ prefix: "x_", format }, time));
  expect(ids).toEqual(ids.toSorted());
  const many = Array.from({ length: 1000 }, () => createNewId(random)({ prefix: "", format }, 1_700_000_000_000));
  expect(new Set(many).size).toBe(1000);
});

test.each(formats)("%s: identifiers of one millisecond ascend in the order in which they were made", (format) => {
  const newId = createNewId(random);
  const ids = Array.from({ length: 1000 }, () => newId({ prefix: "x_", format }, 1_700_000_000_000));
  expect(ids).toEqual([...new Set(ids)].toSorted());
});

test.each(formats)("%s: identifiers go on ascending when the clock is set back", (format) => {
  const newId = createNewId(random);
  const ids = [2000, 1000, 1999, 2000, 2001].map((now) => newId({ prefix: "", format }, now));
  expect(ids).toEqual([...new Set(ids)].toSorted());
});

test("identifiers of all formats share one order", () => {
  const nextTick = createIdTicks(filled(7));
  expect([5, 5, 4, 6].map((now) => nextTick(now))).toEqual([
    { ms: 5, sequence: 0x03838383 },
    { ms: 5, sequence: 0x03838384 },
    { ms: 5, sequence: 0x03838385 },
    { ms: 6, sequence: 0x03838383 },
  ]);
});

test("a ULID is 26 characters of Crockford's base 32: ten of time, sixteen of sequence and chance", () => {
  const ulid = (ms: number, sequence: number, byte: number) =>
    formatId({ prefix: "evt_", format: "ulid" }, { ms, sequence }, filled(byte));
  // The example of the ULID specification: 1469918176385 is 01ARYZ6S41.
  expect(ulid(1_469_918_176_385, 0, 0)).toBe(`evt_01ARYZ6S41${"0".repeat(16)}`);
  expect(ulid(2 ** 48 - 1, 0xffffffff, 255)).toBe(`evt_7${"Z".repeat(25)}`);
  expect(createNewId(filled(8))({ prefix: "evt_", format: "ulid" }, 1)).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
});

test.each([0, 1, 127, 255])("decimal-56 has 56 digits, whatever chance gives: %d", (byte) => {
  const id = createNewId(filled(byte))({ prefix: "", format: "decimal-56" }, 1_700_000_000_000);
  expect(id).toMatch(/^9001700000000000[0-9]{40}$/);
});

test("pooled random bytes are each given once, in any length, and stay as they are", () => {
  const pooled = createPooledRandom();
  const given = Array.from({ length: 2000 }, () => pooled(16));
  const texts = given.map((bytes) => Buffer.from(bytes).toString("hex"));
  expect(new Set(texts).size).toBe(2000);
  expect(pooled(10_000)).toHaveLength(10_000);
  expect(new Set(pooled(10_000)).size).toBe(256);
  expect(given.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual(texts);
});
