import type { Clock } from "../seams/clock.ts";

/** What was read of keys, for a short while. */
export interface KeyCache<Value> {
  /** Null: there is no such key. Reads unknown keys each time: whoever guesses keys must not fill the memory. */
  readonly get: (hash: string) => Promise<Value | null>;
  /** Forgets everything, also what is being read. */
  readonly clear: () => void;
}

/** Reads the keys with these hashes. Hashes of no key are left out. */
export type ReadKeys<Value> = (hashes: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/**
 * How long a key that another process revoked is accepted at most, counted from when it began to be read: half of the
 * second that is promised. The other half is for a request that is under way.
 */
export const keyCacheMs = 500;

/** How long a key is read again together with others after it was used. */
const inUseMs = 10_000;

const entriesMax = 10_000;

/** How many keys one read brings up to date. */
const readMax = 500;

interface Entry<Value> {
  value: Promise<Value | null>;
  readAt: number;
  usedAt: number;
}

/**
 * Caches what is read of keys. A key that has to be read again takes along all others that are in use and soon have to
 * be: a hundred keys that are used once a second each cost two to four statements a second, and not a hundred.
 */
export function createKeyCache<Value>(clock: Pick<Clock, "now">, read: ReadKeys<Value>): KeyCache<Value> {
  let known = new Map<string, Entry<Value>>();

  function readAgain(hash: string, now: number): Promise<Value | null> {
    const aging = [...known].filter(([, { readAt }]) => !isWithin(keyCacheMs / 2, readAt, now));
    for (const [each, { usedAt }] of aging) if (!isWithin(inUseMs, usedAt, now)) known.delete(each);
    if (known.size >= entriesMax) known = new Map();
    const others = aging.filter(([each]) => each !== hash && known.has(each)).slice(0, readMax - 1);
    const values = read([hash, ...others.map(([each]) => each)]);
    for (const [each, { usedAt }] of others) keep(each, { value: valueIn(values, each), readAt: now, usedAt });
    const value = valueIn(values, hash);
    keep(hash, { value, readAt: now, usedAt: now });
    return value;
  }

  /** Until the read fails, or there turns out to be no such key. */
  function keep(hash: string, entry: Entry<Value>): void {
    const entries = known;
    entries.set(hash, entry);
    const forget = () => void (entries.get(hash) === entry && entries.delete(hash));
    entry.value.then((value) => value === null && forget(), forget);
  }

  return {
    get: (hash) => {
      const now = clock.now();
      const entry = known.get(hash);
      if (entry === undefined || !isWithin(keyCacheMs, entry.readAt, now)) return readAgain(hash, now);
      entry.usedAt = now;
      return entry.value;
    },
    clear: () => void (known = new Map()),
  };
}

async function valueIn<Value>(values: Promise<ReadonlyMap<string, Value>>, hash: string): Promise<Value | null> {
  return (await values).get(hash) ?? null;
}

/** False as well where the clock was set back to before it. */
function isWithin(ms: number, at: number, now: number): boolean {
  return now >= at && now - at < ms;
}
