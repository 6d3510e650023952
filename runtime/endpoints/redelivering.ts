import type { Logger } from "pino";
import type { Clock } from "../seams/clock.ts";
import { createDueWork, type DueWork, type DueWorkParts } from "../due-work.ts";
import type { Redelivery, RedeliveryStore } from "../seams/redelivery-store.ts";

/** Works the bulk redeliveries of the shards that this process holds. */
export interface Redelivering extends Pick<DueWork, "start" | "settled"> {
  /** Begins no step any more, and waits for those under way. */
  readonly stop: () => Promise<void>;
}

export interface RedeliveringParts {
  readonly store: Pick<RedeliveryStore, "due" | "step">;
  readonly leases: DueWorkParts<Redelivery>["leases"];
  readonly clock: Clock;
  /** Tells the engine that something became due. */
  readonly wake: () => void;
  readonly log: Pick<Logger, "error">;
}

/** Redeliveries that are worked at the same time. */
const underWayMax = 8;

export function createRedelivering({ store, leases, clock, wake, log }: RedeliveringParts): Redelivering {
  const redeliveries: DueWork = createDueWork<Redelivery>({
    ...{ clock, leases, underWayMax },
    due: (of) => store.due(of),
    /** One step after the other for as long as they are due; what is due later is looked for then. */
    work: async ({ key, redeliveredCount }, lease) => {
      let done = redeliveredCount;
      for (let now = clock.now(); !redeliveries.isStopped(); now = clock.now()) {
        const after = await store.step({ lease, key, at: now });
        if (after === null) return;
        if (after.redeliveredCount > done) wake();
        done = after.redeliveredCount;
        if (after.state !== "running") return;
        if (after.dueAt > clock.now()) return redeliveries.lookIn(after.dueAt - clock.now());
      }
    },
    failed: (err, redelivery) => {
      if (redelivery === null) log.error({ err }, "Bulk redeliveries were not found; trying again.");
      else log.error({ err, redeliveryId: redelivery.id }, "A bulk redelivery could not go on; trying again.");
    },
  });
  return { ...redeliveries, stop: () => redeliveries.stop(null) };
}
