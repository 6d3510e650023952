import type { Clock } from "../seams/clock.ts";

/** What was read of a key, for a short while. */
export interface KeyCache<Value> {
  /** Unknown keys are asked for each time: whoever guesses keys must not fill the memory. */
  readonly get: (hash: string, read: () => Promise<Value | null>) => Promise<Value | null>;
  /** What is known is not believed any more, nor is what is being read. */
  readonly clear: () => void;
}

/**
 * A key that another process revoked is accepted for so long at most, counted from when it began to be read: half of the
 * second that is promised, the other half is for a request that is under way.
 */
export const keyCacheMs = 500;

const entriesMax = 10_000;

export function createKeyCache<Value>(clock: Pick<Clock, "now">): KeyCache<Value> {
  let known = new Map<string, { readonly value: Promise<Value | null>; readonly readAt: number }>();

  return {
    get: async (hash, read) => {
      const entry = known.get(hash);
      const age = entry === undefined ? keyCacheMs : clock.now() - entry.readAt;
      if (entry !== undefined && age >= 0 && age < keyCacheMs) return entry.value;
      if (known.size >= entriesMax) known = new Map();
      const entries = known;
      const fresh = { value: read(), readAt: clock.now() };
      entries.set(hash, fresh);
      const forget = () => void (entries.get(hash) === fresh && entries.delete(hash));
      const value = await fresh.value.catch((error: unknown) => {
        forget();
        throw error;
      });
      if (value === null) forget();
      return value;
    },
    clear: () => void (known = new Map()),
  };
}
