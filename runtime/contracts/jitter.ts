import type { Random } from "./identifier.ts";

/**
 * A wait with up to so much of itself, `jitter`, more or less at random, in whole milliseconds: what failed together does
 * not come back together. Without jitter it is exact, and nothing is drawn.
 */
export function jittered(waitMs: number, jitter: number, random: Random): number {
  if (jitter === 0) return waitMs;
  const share = Buffer.from(random(4)).readUInt32BE() / 0xffff_ffff;
  return Math.round(waitMs * (1 + jitter * (2 * share - 1)));
}
