import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";
import type { IdFormat } from "../../catalog/contract.ts";

/** Where chance comes from: fills so many bytes. A test gives one that can be repeated. */
export type Random = (bytes: number) => Uint8Array;

/**
 * A new identifier. All formats sort by time as text, to the millisecond, so an index on them grows at its end; random
 * ones append at half the rate on SQLite. UUIDs are of version 7 (RFC 9562 §5.7).
 */
export function newId({ prefix, format }: IdFormat, now: number, random: Random): string {
  switch (format) {
    case "uuid":
      return prefix + v7({ msecs: now, random: random(16) });
    case "ulid":
      return prefix + crockford(BigInt(now), 10) + crockford(wholeNumber(random(10)), 16);
    case "decimal-56":
      // Led by a 9, since some would take leading zeros away; 40 digits are 17 bytes less three bits.
      return `${prefix}9${String(now).padStart(15, "0")}${String(wholeNumber(random(17)) % 10n ** 40n).padStart(40, "0")}`;
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

function wholeNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
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
