import { v7 } from "uuid";
import type { IdFormat } from "../../catalog/contract.ts";

/** Where chance comes from: fills so many bytes. A test gives one that can be repeated. */
export type Random = (bytes: number) => Uint8Array;

/**
 * A new identifier. UUIDs are of version 7 (RFC 9562 §5.7): they sort by time, so an index on them grows at its end;
 * random ones (version 4) append at half the rate on SQLite.
 */
export function newId(format: IdFormat, now: number, random: Random): string {
  return format.prefix + v7({ msecs: now, random: random(16) });
}
