import { expect, test } from "vitest";
import { createPooledRandom, newId, type Random } from "../../../runtime/contracts/identifier.ts";

const random: Random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
const filled =
  (byte: number): Random =>
  (bytes) =>
    new Uint8Array(bytes).fill(byte);
const formats = ["uuid", "ulid", "decimal-56"] as const;

test.each(formats)("%s: identifiers sort by their time as text, and none comes twice", (format) => {
  const times = [0, 1, 999, 1_700_000_000_000, 1_700_000_000_001, 1_778_248_931_482, 4_102_444_800_000];
  const ids = times.map((time) => newId({ prefix: "x_", format }, time, random));
  expect(ids).toEqual(ids.toSorted());
  const many = Array.from({ length: 1000 }, () => newId({ prefix: "", format }, 1_700_000_000_000, random));
  expect(new Set(many).size).toBe(1000);
});

test("a ULID is 26 characters of Crockford's base 32: ten of time, sixteen of chance", () => {
  const ulid = (time: number, byte: number) => newId({ prefix: "evt_", format: "ulid" }, time, filled(byte));
  // The example of the ULID specification: 1469918176385 is 01ARYZ6S41.
  expect(ulid(1_469_918_176_385, 0)).toBe(`evt_01ARYZ6S41${"0".repeat(16)}`);
  expect(ulid(2 ** 48 - 1, 255)).toBe(`evt_7${"Z".repeat(25)}`);
  expect(ulid(1, 8)).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
});

test.each([0, 1, 127, 255])("decimal-56 has 56 digits, whatever chance gives: %d", (byte) => {
  const id = newId({ prefix: "", format: "decimal-56" }, 1_700_000_000_000, filled(byte));
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
