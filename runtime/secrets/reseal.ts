import { answerContext } from "../access/idempotency.ts";
import { sealedPlaces, type SealedPlace, type SealedStore, type SealedValue } from "../seams/sealed-store.ts";
import type { KeyRing } from "./key-ring.ts";
import { sealingContext, secretContext } from "./signing-secret.ts";

/** How many sealed values there are of each key of the ring, by its id; also of keys that the ring does not have. */
export type SealedCounts = Readonly<Record<string, number>>;

export interface Resealed {
  /** Values that are sealed with the newest key now, and were not before; in a dry run, that would be. */
  readonly resealedCount: number;
  /** Values that were sealed with it already. */
  readonly currentCount: number;
  /** Values that no key of the ring opens; they stay as they are. */
  readonly unreadableCount: number;
}

export interface ResealRun {
  readonly does: "reseal" | "count";
  readonly signal?: AbortSignal;
  readonly onStep?: (soFar: Resealed) => void;
}

/** Rows of one step. It holds no transaction, so this bounds the memory alone. */
const rowsOfStep = 200;
/** Writers that go on sealing with an older key would keep it running for ever. */
const passesMax = 5;

/**
 * Seals everything with the newest key (R-STECH-52), each value bound to its own row as before, beside whatever else runs
 * on the database. Whatever ends it, the next run goes on: what is sealed with the newest key is passed over. Values that
 * change under it are looked at once more.
 */
export async function reseal(store: SealedStore, ring: KeyRing, run: ResealRun): Promise<Resealed> {
  let total: Resealed = { resealedCount: 0, currentCount: 0, unreadableCount: 0 };
  for (let pass = 0; pass < passesMax; pass += 1) {
    let lost = 0;
    let seen: Resealed = { ...total, currentCount: 0, unreadableCount: 0 };
    for await (const values of pages(store, run.signal)) {
      for (const value of values) {
        const outcome = await resealOne(store, ring, value, run.does);
        if (outcome === "lost") lost += 1;
        else seen = { ...seen, [outcome]: seen[outcome] + 1 };
      }
      run.onStep?.(seen);
    }
    // Later passes meet what this run sealed itself, which is not what was there before.
    total = { ...seen, currentCount: seen.currentCount - (pass === 0 ? 0 : total.resealedCount) };
    if (lost === 0 || run.signal?.aborted) return total;
  }
  return total;
}

/** Which key seals how many values. */
export async function countSealed(store: SealedStore, ring: Pick<KeyRing, "keyIdOf">): Promise<SealedCounts> {
  const counts = new Map<string, number>();
  for await (const values of pages(store)) {
    for (const { sealed } of values) counts.set(ring.keyIdOf(sealed), (counts.get(ring.keyIdOf(sealed)) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

async function* pages(store: SealedStore, signal?: AbortSignal): AsyncGenerator<readonly SealedValue[]> {
  for (const place of sealedPlaces) {
    for (let after: readonly string[] | null | undefined = null; after !== undefined && !signal?.aborted;) {
      const values: readonly SealedValue[] = await store.page({ place, after, limit: rowsOfStep });
      if (values.length > 0) yield values;
      after = values.at(-1)?.row;
    }
  }
}

interface RowOf {
  readonly tenant: string;
  readonly id: string;
  readonly actorId: string;
  readonly key: string;
}

/** What the values of each place are bound to: the same that they were sealed with. */
const contexts: Readonly<Record<SealedPlace, (of: RowOf) => string>> = {
  endpoint_secret: (of) => secretContext(of, "current"),
  previous_endpoint_secret: (of) => secretContext(of, "previous"),
  stream_authorization: (of) => sealingContext(of, "authorization"),
  stream_notice_url: (of) => sealingContext(of, "notice_url"),
  signing_key: (of) => sealingContext(of, "signing_key"),
  action_secret: (of) => secretContext(of, "current"),
  shared_action_secret: (of) => secretContext(of, "current"),
  idempotent_answer: answerContext,
};

async function resealOne(
  store: SealedStore,
  ring: KeyRing,
  value: SealedValue,
  does: ResealRun["does"],
): Promise<keyof Resealed | "lost"> {
  if (ring.keyIdOf(value.sealed) === ring.newestId) return "currentCount";
  const [id = "", actorId = "", key = ""] = value.row;
  const context = contexts[value.place]({ tenant: value.tenant, id, actorId, key });
  let plaintext: string;
  try {
    plaintext = ring.open(value.sealed, context);
  } catch {
    return "unreadableCount";
  }
  if (does === "count") return "resealedCount";
  return (await store.replace(value, ring.seal(plaintext, context))) ? "resealedCount" : "lost";
}
