import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";
import type { IdFormat } from "../../catalog/contract.ts";

/** Gives as many random bytes as it is asked for. Tests give a source that repeats itself. */
export type Random = (bytes: number) => Uint8Array;

/** Makes an identifier for something that comes into being at `now`, in milliseconds since 1970. */
export type NewId = (format: IdFormat, now: number) => string;

/**
 * A place in the order of all identifiers that one process makes: later ones are greater, also within a millisecond and
 * when the clock is set back (RFC 9562 §6.2, method 1; "monotonic factory" of the ULID specification).
 */
export interface IdTick {
  readonly ms: number;
  /** Below 2 ** 32: begins anywhere in the lower half at each millisecond, and counts up within it. */
  readonly sequence: number;
}

/** Makes identifiers in ascending order, whatever their formats. One process needs one. */
export function createNewId(random: Random): NewId {
  const nextTick = createIdTicks(random);
  return (format, now) => formatId(format, nextTick(now), random);
}

/** Gives the tick of the next identifier. */
export function createIdTicks(random: Random): (now: number) => IdTick {
  let last: IdTick = { ms: -Infinity, sequence: 0 };
  return (now) => {
    if (now > last.ms) last = { ms: now, sequence: uint32(random(4)) >>> 1 };
    else if (last.sequence < 0xffffffff) last = { ms: last.ms, sequence: last.sequence + 1 };
    else last = { ms: last.ms + 1, sequence: 0 };
    return last;
  };
}

/**
 * An identifier for a tick. All formats sort by their ticks as text, so an index on them grows at its end; random ones
 * append at half the rate on SQLite. UUIDs are of version 7 (RFC 9562 §5.7). What the tick leaves free is random: 42 bits
 * of a UUID, 48 of a ULID, 30 decimal digits.
 */
export function formatId({ prefix, format }: IdFormat, { ms, sequence }: IdTick, random: Random): string {
  switch (format) {
    case "uuid":
      return prefix + v7({ msecs: ms, seq: sequence, random: random(16) });
    case "ulid":
      return prefix + crockford(BigInt(ms), 10) + crockford((BigInt(sequence) << 48n) | wholeNumber(random(6)), 16);
    case "decimal-56":
      // Led by a 9, since some would take leading zeros away; 30 digits are 13 bytes less four bits.
      return `${prefix}9${digits(ms, 15)}${digits(sequence, 10)}${digits(wholeNumber(random(13)) % 10n ** 30n, 30)}`;
  }
}

/** Without I, L, O and U, which are mistaken for others; in the order of ASCII, so that texts sort as their numbers. */
const crockfordDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A number below 32 ** `length` in Crockford's base 32. */
function crockford(value: bigint, length: number): string {
  const digit = (_: unknown, index: number) =>
    crockfordDigits[Number((value >> BigInt(5 * (length - 1 - index))) & 31n)];
  return Array.from({ length }, digit).join("");
}

function digits(value: number | bigint, length: number): string {
  return String(value).padStart(length, "0");
}

function wholeNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function uint32([a = 0, b = 0, c = 0, d = 0]: Uint8Array): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

const poolBytes = 4096;

/** Gives the system's random bytes, asked for by the page: asking for those of one identifier at a time costs 4 µs each. */
export function createPooledRandom(): Random {
  let pool = Buffer.alloc(0);
  let used = 0;
  return (bytes) => {
    if (used + bytes > pool.length) {
      // A new page each time: what was given away stays as it is.
      pool = randomFillSync(Buffer.alloc(Math.max(poolBytes, bytes)));
      used = 0;
    }
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
}
