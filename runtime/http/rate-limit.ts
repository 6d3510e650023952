import type { Clock } from "../clock.ts";

/** Requests a second, on the average; as many may come at once after a second's silence. Null: any number. */
export interface RateLimits {
  readonly perKey: number | null;
  readonly perTenant: number | null;
}

/** Admits a request of whoever is named, or says for how many milliseconds there is no room for one. */
export type Admit = (name: string) => number;

/** Names that had no request for a second are forgotten when there are more than so many. */
const namesMax = 10_000;

/**
 * The generic cell rate algorithm: one number for each name, when it will have made up for all it asked. Of this process
 * alone: on several replicas a key has as many times the room, and no request waits for a store of counts.
 */
export function createAdmit(perSecond: number | null, clock: Pick<Clock, "now">): Admit {
  if (perSecond === null) return () => 0;
  const interval = 1000 / perSecond;
  const room = 1000 - interval;
  const evenAt = new Map<string, number>();
  return (name) => {
    const now = clock.now();
    const ahead = Math.max((evenAt.get(name) ?? 0) - now, 0);
    if (ahead > room) return ahead - room;
    if (evenAt.size >= namesMax) for (const [each, at] of evenAt) if (at <= now) evenAt.delete(each);
    evenAt.set(name, now + ahead + interval);
    return 0;
  };
}
