import type { Clock } from "../seams/clock.ts";

/** Which actions: those that are enabled at a trigger of a tenant. */
export interface Place {
  readonly tenant: string;
  readonly contract: string;
  readonly trigger: string;
}

/** The actions at a place as they were at most a second ago, mostly without asking the database. */
export interface Directory<Ready> {
  readonly at: (place: Place) => Promise<readonly Ready[]>;
  /** Something of a tenant's actions was changed here: the next question reads them anew. */
  readonly expire: (tenant: string) => void;
}

/**
 * A read is used as it is for so long, and then, while another one is under way in the background, until it is a second
 * old (F-AUTHIO-11: what one replica has killed, all of them stop asking). So a place that is asked often waits for the
 * database once, and there is no word from other processes that could get lost.
 */
const freshMs = 250;
const usedForMs = 1000;

/** Places that are kept; there are few with actions, and reading them again is cheap. */
const placesMax = 10_000;

interface Entry<Ready> {
  readonly tenant: string;
  readonly readAt: number;
  readonly actions: Promise<readonly Ready[]>;
  isRenewing: boolean;
}

export function createDirectory<Ready>(
  read: (place: Place) => Promise<readonly Ready[]>,
  clock: Pick<Clock, "now">,
): Directory<Ready> {
  const entries = new Map<string, Entry<Ready>>();

  function start(key: string, place: Place): Promise<readonly Ready[]> {
    if (entries.size >= placesMax) entries.clear();
    const entry = { tenant: place.tenant, readAt: clock.now(), actions: read(place), isRenewing: false };
    entries.set(key, entry);
    // Whoever asked is told; the next one tries again.
    entry.actions.catch(() => void (entries.get(key) === entry && entries.delete(key)));
    return entry.actions;
  }

  async function renew(key: string, place: Place, entry: Entry<Ready>): Promise<void> {
    entry.isRenewing = true;
    const readAt = clock.now();
    try {
      const actions = Promise.resolve(await read(place));
      // Not when it was expired in the meantime: then this read may have been too early.
      if (entries.get(key) === entry) entries.set(key, { tenant: place.tenant, readAt, actions, isRenewing: false });
    } catch {
      entry.isRenewing = false;
    }
  }

  return {
    at: (place) => {
      const key = JSON.stringify([place.tenant, place.contract, place.trigger]);
      const entry = entries.get(key);
      const ageMs = entry === undefined ? usedForMs : clock.now() - entry.readAt;
      // A clock that was set back must not keep an entry for ever.
      if (entry === undefined || ageMs >= usedForMs || ageMs < 0) return start(key, place);
      if (ageMs >= freshMs && !entry.isRenewing) void renew(key, place, entry);
      return entry.actions;
    },
    expire: (tenant) => {
      for (const [key, entry] of entries) if (entry.tenant === tenant) entries.delete(key);
    },
  };
}
