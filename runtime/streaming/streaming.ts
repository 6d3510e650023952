import type { Logger } from "pino";
import type { Clock } from "../seams/clock.ts";
import { streamContractOf } from "../contracts/contract-of.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import { createDueWork, type DueWork, type DueWorkParts } from "../due-work.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sealingContext } from "../secrets/signing-secret.ts";
import type { SendingRight } from "../seams/outbound.ts";
import type { Stream, StreamStore } from "../seams/stream-store.ts";
import { createNotices } from "./notices.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { workStream, type WorkParts } from "./work-stream.ts";

/** Works the streams of the shards that this process holds. */
export interface Streaming extends Pick<DueWork, "start" | "settled" | "underWayCount"> {
  /** Waits for the batches under way of a shard that is given to another process; no other batch of it begins. */
  readonly leaves: (shard: number) => Promise<void>;
  /** Begins no batch any more and waits for those under way for so long; what takes longer is ended, and sent again by the next. */
  readonly stop: (graceMs: number) => Promise<void>;
}

export interface StreamingParts extends Omit<WorkParts, "credentials" | "postNotices"> {
  readonly store: StreamStore;
  readonly catalog: WireCatalog;
  /** Opens what is sealed of a stream. */
  readonly keyRing: KeyRing;
  readonly signingKeys: Pick<SigningKeys, "open">;
  readonly leases: DueWorkParts<Stream>["leases"];
  /** As of `Engine`. */
  readonly leaseEndsAt: () => number;
  /** As of `EngineLimits`. */
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
}

/** Streams at once, each with a batch and what was read ahead: of 500 records of 1 KB each, some 40 MB. */
const underWayMax = 32;

/**
 * What is left of the time for which the leases were taken may not be less when a batch is sent: with 6 s, renewed every
 * 2 s, the second that a connection may take, or bytes on their way.
 */
const marginOfLease = 1 / 6;

export function createStreaming({ keyRing, signingKeys, leases, ...parts }: StreamingParts): Streaming {
  const { catalog, clock, log, store } = parts;
  const open = (sealed: string | null, stream: Stream, place: "authorization" | "notice_url") =>
    sealed === null ? null : keyRing.open(sealed, sealingContext(stream, place));
  const workParts: WorkParts = {
    ...parts,
    credentials: {
      authorizationOf: (stream) => open(stream.sealedAuthorization, stream, "authorization"),
      signingKeysOf: (stream) => signingKeys.open(stream),
    },
    postNotices: createNotices({
      ...parts,
      noticeUrlOf: (stream) => open(stream.sealedNoticeUrl, stream, "notice_url"),
    }),
  };
  const rightParts = { clock, leaseEndsAt: parts.leaseEndsAt, marginMs: parts.leaseMs * marginOfLease };
  const rights = new Set<HeldRight>();
  const streams: DueWork = createDueWork<Stream>({
    ...{ clock, leases, underWayMax },
    // Nothing is begun that could not be sent.
    due: async (of) => (mayBegin(rightParts) ? store.due(of) : []),
    work: async (stream, lease) => {
      const mayGoOn = () => !streams.isStopped() && streams.leaseOf(lease.shard)?.epoch === lease.epoch;
      const right = holdRight(rightParts);
      rights.add(right);
      try {
        await workStream(workParts, streamContractOf(catalog, stream.contract), { stream, lease, right, mayGoOn });
      } finally {
        right.release();
        rights.delete(right);
      }
    },
    failed: (err, stream) => {
      if (stream === null) log.error({ err }, "The streams that are due were not found; trying again.");
      else log.error({ err, streamId: stream.id }, "A stream could not be worked; trying again.");
    },
  });
  return {
    ...streams,
    stop: async (graceMs) => {
      await streams.stop(graceMs);
      // The leases are given back next.
      for (const right of rights) right.end();
    },
  };
}

export interface HeldRightParts {
  readonly clock: Pick<Clock, "after" | "monotonic">;
  /** As of `Engine`. */
  readonly leaseEndsAt: () => number;
  /** The time that is left for bytes on their way: so long before the leases end, none leave any more. */
  readonly marginMs: number;
}

export interface HeldRight extends SendingRight {
  /** Ends it before its time: what is under way is ended as well. */
  readonly end: () => void;
  readonly release: () => void;
}

/** Whether the leases last long enough for something to be sent under them. */
export function mayBegin({ clock, leaseEndsAt, marginMs }: HeldRightParts): boolean {
  return leaseEndsAt() - clock.monotonic() > marginMs;
}

/**
 * Holds the right to send for as long as the leases are renewed. It aborts when they end, and never comes back: a process
 * that was stopped for longer finds its timer overdue before it can hear of leases that it was given since. Release it
 * when the work under it is done.
 */
export function holdRight(parts: HeldRightParts): HeldRight {
  const { clock, leaseEndsAt } = parts;
  const controller = new AbortController();
  let cancel = (): void => undefined;

  function watch(): void {
    const ms = leaseEndsAt() - clock.monotonic();
    if (ms <= 0) controller.abort();
    else if (ms < Infinity) cancel = clock.after(Math.ceil(ms), watch);
  }

  watch();
  return {
    // By the clock and not by the timer: one that was stopped gets what came for it before its timers run.
    isOver: () => controller.signal.aborted || !mayBegin(parts),
    signal: controller.signal,
    end: () => controller.abort(),
    release: () => cancel(),
  };
}
