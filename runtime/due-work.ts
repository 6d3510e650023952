import { HookwrightError } from "./errors.ts";
import type { Clock } from "./seams/clock.ts";
import type { Lease } from "./seams/log-store.ts";

/** Work that falls due beside the engine's, and is done by whoever has the lease of its shard. */
export interface DueWork {
  readonly start: () => void;
  /** Looks for what is due within the next look's time, sooner. */
  readonly lookIn: (ms: number) => void;
  /** Begins what is due now, and waits until nothing is under way any more. */
  readonly settled: () => Promise<void>;
  /** Waits for what is under way of a shard. */
  readonly leaves: (shard: number) => Promise<void>;
  /** Begins nothing any more, and waits for what is under way: for so long at most, or, with null, to its end. */
  readonly stop: (graceMs: number | null) => Promise<void>;
  readonly isStopped: () => boolean;
  /** Null when this process does not have it now. */
  readonly leaseOf: (shard: number) => Lease | null;
  readonly underWayCount: () => number;
}

export interface DueItem {
  readonly key: number;
  readonly shard: number;
}

export interface DueWorkParts<Item extends DueItem> {
  /** The leases that this process holds now. */
  readonly leases: () => readonly Lease[];
  readonly due: (of: {
    readonly shards: readonly number[];
    readonly now: number;
    readonly limit: number;
    readonly except: readonly number[];
  }) => Promise<readonly Item[]>;
  /** May reject with `lease_lost`: whoever has the shard now goes on. After anything else the item is left alone for a while. */
  readonly work: (item: Item, lease: Lease) => Promise<void>;
  readonly underWayMax: number;
  readonly clock: Clock;
  /** Told of a fault of ours, the database's say; null: what is due was not found. Either is tried again. */
  readonly failed: (error: unknown, item: Item | null) => void;
}

const pollMs = 250;
/** Once nothing was due for so long, looks are less frequent. */
const quietAfterMs = 10_000;
const quietPollMs = 1000;
const faultWaitMs = 1000;

interface UnderWay {
  readonly shard: number;
  readonly ended: Promise<void>;
}

export function createDueWork<Item extends DueItem>(parts: DueWorkParts<Item>): DueWork {
  const { clock, underWayMax, failed } = parts;
  const underWay = new Map<number, UnderWay>();
  const waiting = new Set<number>();
  let phase: "new" | "running" | "stopped" = "new";
  let cancelPoll = (): void => undefined;
  let busyAt = clock.now();
  let looking: Promise<number> | null = null;

  const leaseOf = (shard: number) => parts.leases().find((lease) => lease.shard === shard) ?? null;

  async function work(item: Item, lease: Lease): Promise<void> {
    try {
      await parts.work(item, lease);
    } catch (error) {
      if (error instanceof HookwrightError && error.code === "lease_lost") return;
      failed(error, item);
      waiting.add(item.key);
      clock.after(faultWaitMs, () => waiting.delete(item.key));
    }
  }

  function begin(item: Item): void {
    const { key, shard } = item;
    const lease = leaseOf(shard);
    if (lease === null || underWay.has(key) || phase === "stopped") return;
    const ended = work(item, lease).finally(() => underWay.delete(key));
    underWay.set(key, { shard, ended });
  }

  /** Begins what is due, and tells how many that are. */
  async function lookOnce(): Promise<number> {
    const shards = parts.leases().map(({ shard }) => shard);
    const limit = underWayMax - underWay.size;
    if (shards.length === 0 || limit <= 0 || phase === "stopped") return 0;
    const due = await parts.due({ shards, now: clock.now(), limit, except: [...underWay.keys(), ...waiting] });
    for (const item of due) begin(item);
    if (due.length > 0) busyAt = clock.now();
    return due.length;
  }

  function look(): Promise<number> {
    looking ??= lookOnce().finally(() => (looking = null));
    return looking;
  }

  const noteFault = (error: unknown) => failed(error, null);

  function arm(): void {
    if (phase !== "running") return;
    const waitMs = clock.now() - busyAt < quietAfterMs ? pollMs : quietPollMs;
    cancelPoll = clock.after(waitMs, () => void look().catch(noteFault).finally(arm));
  }

  const allEnded = (of: readonly UnderWay[]) => Promise.all(of.map(({ ended }) => ended));

  return {
    start: () => {
      phase = "running";
      arm();
    },
    lookIn: (ms) => {
      if (phase === "running" && ms < quietPollMs) clock.after(ms, () => void look().catch(noteFault));
    },
    settled: async () => {
      do await allEnded([...underWay.values()]);
      while ((await look()) > 0 || underWay.size > 0);
    },
    leaves: async (shard) => {
      await allEnded([...underWay.values()].filter((each) => each.shard === shard));
    },
    stop: async (graceMs) => {
      phase = "stopped";
      cancelPoll();
      await looking?.catch(() => 0);
      const ended = allEnded([...underWay.values()]);
      if (graceMs === null) return void (await ended);
      const late = Promise.withResolvers<void>();
      const cancel = clock.after(graceMs, late.resolve);
      await Promise.race([ended, late.promise]);
      cancel();
    },
    isStopped: () => phase === "stopped",
    leaseOf,
    underWayCount: () => underWay.size,
  };
}
