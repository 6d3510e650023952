import type { Clock } from "../seams/clock.ts";
import { createPace, debtAt, passAt, type Pace } from "../pace.ts";

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
 * A pace for each name. Of this process alone: on several replicas a key has as many times the room, and no request waits
 * for a store of counts.
 */
export function createAdmit(perSecond: number | null, clock: Pick<Clock, "now">): Admit {
  if (perSecond === null) return () => 0;
  const paces = new Map<string, Pace>();
  return (name) => {
    const now = clock.now();
    const known = paces.get(name);
    if (known !== undefined) return passAt(known, now);
    if (paces.size >= namesMax) for (const [each, pace] of paces) if (debtAt(pace, now) === 0) paces.delete(each);
    const pace = createPace(perSecond, now);
    paces.set(name, pace);
    return passAt(pace, now);
  };
}
