/** Where the ids of handled events are kept: a table, a cache, or `memoryStore()`. */
export interface DedupeStore {
  /** Notes an id. True when it is new; of several calls at once with one id only one gets true. */
  add(id: string): Promise<boolean>;
  /** Forgets an id whose event could not be handled, so that the next delivery of it is handled. */
  remove(id: string): Promise<void>;
}

/** Does the work unless it was done for this id before. False when it was. */
export type Once = (id: string, work: () => unknown) => Promise<boolean>;

/**
 * Handles each event once, by its id: delivery is at least once, so every event may come again (R-STECH-69). An id is
 * noted before the work and forgotten when the work throws. A process that ends in between leaves a noted id; where that
 * must not be, note the id in the transaction of the work instead.
 *
 * @example await once(event.id, () => charge(event.data));
 */
export function dedupe(store: DedupeStore): Once {
  return async (id, work) => {
    if (!(await store.add(id))) return false;
    try {
      await work();
      return true;
    } catch (error) {
      await store.remove(id);
      throw error;
    }
  };
}

/** Ids of one process, the newest `idsMax` of them. For tests, and for receivers that run once and may repeat after a restart. */
export function memoryStore(idsMax = 10_000): DedupeStore {
  const ids = new Set<string>();
  return {
    async add(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > idsMax && oldest !== undefined) ids.delete(oldest);
      return true;
    },
    async remove(id) {
      ids.delete(id);
    },
  };
}
