import { isIPv6 } from "node:net";
import type { Clock } from "../seams/clock.ts";
import { createPace, debtAt, passAt, type Pace } from "../pace.ts";

/** Slows down whoever guesses keys, before the database is asked whose key it is. */
export interface WrongKeys {
  /** Milliseconds until a key from this address is looked up again. 0: now, and it counts as wrong until `right`. */
  readonly admit: (address: string, hash: string) => number;
  /** The key was somebody's. */
  readonly right: (address: string, hash: string) => void;
}

/** As many at once, and as many a second from then on; whoever mistyped a key tries it a few times. */
const wrongKeysPerSecond = 10;

const addressesMax = 10_000;
const rightKeysMax = 10_000;

/**
 * Counts by address, of this process alone. A key that was right is never held up by others from its address, which may
 * be a proxy's: up to 10,000 of these are remembered, for as long as the process runs.
 */
export function createWrongKeys(clock: Pick<Clock, "now">): WrongKeys {
  const paces = new Map<string, Pace>();
  const rightKeys = new Set<string>();
  return {
    admit: (address, hash) =>
      rightKeys.has(hash) ? 0 : passAt(paceOf(paces, networkOf(address), clock.now()), clock.now()),
    right: (address, hash) => {
      if (rightKeys.has(hash)) return;
      if (rightKeys.size >= rightKeysMax) rightKeys.clear();
      rightKeys.add(hash);
      const pace = paces.get(networkOf(address));
      if (pace !== undefined) pace.debtMs = Math.max(0, pace.debtMs - 1000 / wrongKeysPerSecond);
    },
  };
}

function paceOf(paces: Map<string, Pace>, network: string, now: number): Pace {
  const known = paces.get(network);
  if (known !== undefined) return known;
  if (paces.size >= addressesMax) for (const [each, pace] of paces) if (debtAt(pace, now) === 0) paces.delete(each);
  if (paces.size >= addressesMax) paces.clear();
  const pace = createPace(wrongKeysPerSecond, now);
  paces.set(network, pace);
  return pace;
}

/** An IPv6 address stands for its /64, all of which one host may have. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  const [head = "", tail = ""] = address.split("::");
  const [front, back] = [head, tail].map((part) => (part === "" ? [] : part.split(":")));
  const missing = Array<string>(8 - (front?.length ?? 0) - (back?.length ?? 0)).fill("0");
  const groups = address.includes("::") ? [...(front ?? []), ...missing, ...(back ?? [])] : (front ?? []);
  return groups.slice(0, 4).join(":");
}
