import { isIPv6 } from "node:net";
import pLimit, { type LimitFunction } from "p-limit";
import type { Clock } from "../seams/clock.ts";
import { createPace, debtAt, passAt, waitAt, type Pace } from "../pace.ts";

/** Slows down whoever guesses keys, before the database is asked whose key it is. */
export interface WrongKeys {
  /** Finds whose key it is (null: nobody's), or gives the milliseconds until a key from this address is looked up again. */
  readonly lookUp: <Holder>(
    from: KeyUse,
    find: () => Promise<Holder | null>,
  ) => Promise<{ readonly holder: Holder | null } | { readonly waitMs: number }>;
}

export interface KeyUse {
  readonly address: string;
  readonly hash: string;
}

/** As many at once, and as many a second from then on; whoever mistyped a key tries it a few times. */
const wrongKeysPerSecond = 10;

/**
 * Keys from one address that are looked up at once; others wait, as only the answer says whether a key was wrong. So
 * many more than ten wrong ones may be looked up in the first moment, less one.
 */
const lookUpsAtOnce = 4;

const addressesMax = 10_000;
const rightKeysMax = 10_000;

interface Guesser {
  readonly pace: Pace;
  readonly inTurn: LimitFunction;
}

/**
 * Counts wrong keys by address, of this process alone. A key that was right is never held up by others from its address,
 * which may be a proxy's: up to 10,000 of these are remembered, for as long as the process runs.
 */
export function createWrongKeys(clock: Pick<Clock, "now">): WrongKeys {
  const guessers = new Map<string, Guesser>();
  const rightKeys = new Set<string>();

  function remember(hash: string): void {
    if (rightKeys.size >= rightKeysMax) rightKeys.clear();
    rightKeys.add(hash);
  }

  return {
    lookUp: async ({ address, hash }, find) => {
      if (rightKeys.has(hash)) return { holder: await find() };
      const { pace, inTurn } = guesserOf(guessers, networkOf(address), clock.now());
      return inTurn(async () => {
        const waitMs = waitAt(pace, clock.now());
        if (waitMs > 0) return { waitMs };
        const holder = await find();
        if (holder === null) passAt(pace, clock.now());
        else remember(hash);
        return { holder };
      });
    },
  };
}

function guesserOf(guessers: Map<string, Guesser>, network: string, now: number): Guesser {
  const known = guessers.get(network);
  if (known !== undefined) return known;
  if (guessers.size >= addressesMax)
    for (const [each, { pace }] of guessers) if (debtAt(pace, now) === 0) guessers.delete(each);
  if (guessers.size >= addressesMax) guessers.clear();
  const guesser = { pace: createPace(wrongKeysPerSecond, now), inTurn: pLimit(lookUpsAtOnce) };
  guessers.set(network, guesser);
  return guesser;
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
