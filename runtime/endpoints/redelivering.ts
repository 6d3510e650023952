import type { Logger } from "pino";
import type { Clock } from "../seams/clock.ts";
import { HookwrightError } from "../errors.ts";
import type { Redelivery, RedeliveryStore } from "../seams/redelivery-store.ts";
import type { Lease } from "../seams/log-store.ts";

/** Works the bulk redeliveries of the shards that this process holds. */
export interface Redelivering {
  readonly start: () => void;
  /** Makes all steps that are due now. */
  readonly settled: () => Promise<void>;
  /** Begins no step any more, and waits for those under way. */
  readonly stop: () => Promise<void>;
}

export interface RedeliveringParts {
  readonly store: Pick<RedeliveryStore, "due" | "step">;
  /** The leases that this process holds now; a redelivery is worked by whoever has that of its tenant's shard. */
  readonly leases: () => readonly Lease[];
  readonly clock: Clock;
  /** Tells the engine that something became due. */
  readonly wake: () => void;
  readonly log: Pick<Logger, "error">;
}

const pollMs = 250;
/** Redeliveries that are worked at the same time. */
const underWayMax = 8;
/** How long one is left alone after a fault of ours, the database's say. */
const faultWaitMs = 1000;

export function createRedelivering({ store, leases, clock, wake, log }: RedeliveringParts): Redelivering {
  const underWay = new Map<number, Promise<void>>();
  const waiting = new Set<number>();
  let phase: "new" | "running" | "stopped" = "new";
  let cancelPoll = (): void => undefined;
  let looking: Promise<number> | null = null;

  /** One step after the other for as long as they are due; what is due later is looked for then. */
  async function work(before: Redelivery, lease: Lease): Promise<void> {
    const { key, id } = before;
    try {
      let done = before.redeliveredCount;
      for (let now = clock.now(); phase !== "stopped"; now = clock.now()) {
        const after = await store.step({ lease, key, at: now });
        if (after === null) return;
        if (after.redeliveredCount > done) wake();
        done = after.redeliveredCount;
        if (after.state !== "running") return;
        if (after.dueAt > clock.now()) return lookIn(after.dueAt - clock.now());
      }
    } catch (error) {
      // Whoever has the shard now goes on from the last step.
      if (error instanceof HookwrightError && error.code === "lease_lost") return;
      log.error({ err: error, redeliveryId: id }, "A bulk redelivery could not go on; trying again.");
      waiting.add(key);
      clock.after(faultWaitMs, () => waiting.delete(key));
    }
  }

  function lookIn(ms: number): void {
    if (phase === "running" && ms < pollMs) clock.after(ms, () => void look().catch(noteFault));
  }

  async function lookOnce(): Promise<number> {
    const held = leases();
    const limit = underWayMax - underWay.size;
    if (phase === "stopped" || held.length === 0 || limit <= 0) return 0;
    const except = [...underWay.keys(), ...waiting];
    const due = await store.due({ shards: held.map(({ shard }) => shard), now: clock.now(), limit, except });
    for (const redelivery of due) {
      const lease = held.find(({ shard }) => shard === redelivery.shard);
      if (lease === undefined) continue;
      const { key } = redelivery;
      underWay.set(
        key,
        work(redelivery, lease).finally(() => underWay.delete(key)),
      );
    }
    return due.length;
  }

  function look(): Promise<number> {
    looking ??= lookOnce().finally(() => (looking = null));
    return looking;
  }

  const noteFault = (err: unknown) => log.error({ err }, "Bulk redeliveries were not found; trying again.");

  function arm(): void {
    if (phase !== "running") return;
    cancelPoll = clock.after(pollMs, () => void look().catch(noteFault).finally(arm));
  }

  return {
    start: () => {
      phase = "running";
      arm();
    },
    settled: async () => {
      do await Promise.all(underWay.values());
      while ((await look()) > 0 || underWay.size > 0);
    },
    stop: async () => {
      phase = "stopped";
      cancelPoll();
      await looking?.catch(() => 0);
      await Promise.all(underWay.values());
    },
  };
}
