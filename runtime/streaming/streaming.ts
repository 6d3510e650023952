import type { Logger } from "pino";
import type { Clock } from "../seams/clock.ts";
import { streamContractOf } from "../contracts/contract-of.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import { HookwrightError } from "../errors.ts";
import type { Stream, StreamLease, StreamStore } from "../seams/stream-store.ts";
import { workStream, type WorkParts } from "./work-stream.ts";

/** Works the streams of the shards that this process holds. */
export interface Streaming {
  readonly start: () => void;
  /** Begins what is due now, and waits until no stream is worked any more. */
  readonly settled: () => Promise<void>;
  /** Waits for the batches under way of a shard that is given to another process; no other batch of it begins. */
  readonly leaves: (shard: number) => Promise<void>;
  /** Begins no batch any more and waits for those under way for so long; what takes longer is sent again by the next. */
  readonly stop: (graceMs: number) => Promise<void>;
  readonly underWayCount: () => number;
}

export interface StreamingParts extends WorkParts {
  readonly store: StreamStore;
  readonly catalog: WireCatalog;
  /** The leases that this process holds now; a stream is worked by whoever has that of its shard. */
  readonly leases: () => readonly StreamLease[];
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "error">;
}

const pollMs = 250;
/** Streams at once, each with a batch and what was read ahead: of 500 records of 1 KB each, some 40 MB. */
const underWayMax = 32;
/** How long a stream is left alone after a fault of ours, the database's say. */
const faultWaitMs = 1000;

interface UnderWay {
  readonly shard: number;
  readonly ended: Promise<void>;
}

export function createStreaming(parts: StreamingParts): Streaming {
  const { clock, log, store } = parts;
  const underWay = new Map<number, UnderWay>();
  const waiting = new Set<number>();
  let phase: "new" | "running" | "stopped" = "new";
  let cancelPoll = (): void => undefined;
  let looking: Promise<number> | null = null;

  const leaseOf = (shard: number) => parts.leases().find((lease) => lease.shard === shard);

  async function work(stream: Stream, lease: StreamLease): Promise<void> {
    const mayGoOn = () => phase !== "stopped" && leaseOf(lease.shard)?.epoch === lease.epoch;
    try {
      await workStream(parts, streamContractOf(parts.catalog, stream.contract), { stream, lease, mayGoOn });
    } catch (error) {
      // Whoever has the shard now sends the batch again.
      if (error instanceof HookwrightError && error.code === "lease_lost") return;
      log.error({ err: error, streamId: stream.id }, "A stream could not be worked; trying again.");
      waiting.add(stream.key);
      clock.after(faultWaitMs, () => waiting.delete(stream.key));
    }
  }

  function begin(stream: Stream): void {
    const lease = leaseOf(stream.shard);
    if (lease === undefined || underWay.has(stream.key) || phase === "stopped") return;
    const ended = work(stream, lease).finally(() => underWay.delete(stream.key));
    underWay.set(stream.key, { shard: stream.shard, ended });
  }

  /** Begins what is due, and tells how many streams that are. */
  async function lookOnce(): Promise<number> {
    const shards = parts.leases().map(({ shard }) => shard);
    const limit = underWayMax - underWay.size;
    if (shards.length === 0 || limit <= 0) return 0;
    const except = [...underWay.keys(), ...waiting];
    const due = await store.due({ shards, now: clock.now(), limit, except });
    for (const stream of due) begin(stream);
    return due.length;
  }

  function look(): Promise<number> {
    looking ??= lookOnce().finally(() => (looking = null));
    return looking;
  }

  function arm(): void {
    if (phase !== "running") return;
    cancelPoll = clock.after(pollMs, () => {
      look()
        .catch((error: unknown) => log.error({ err: error }, "The streams that are due were not found; trying again."))
        .finally(arm);
    });
  }

  const allEnded = (of: readonly UnderWay[]) => Promise.all(of.map(({ ended }) => ended));

  return {
    start: () => {
      phase = "running";
      arm();
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
      const late = Promise.withResolvers<void>();
      const cancel = clock.after(graceMs, late.resolve);
      await Promise.race([allEnded([...underWay.values()]), late.promise]);
      cancel();
    },
    underWayCount: () => underWay.size,
  };
}
