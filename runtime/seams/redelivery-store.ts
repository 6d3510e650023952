import type { DeliveryFilter } from "../endpoints/delivery-filter.ts";
import type { DeliveryKey, Events, Lease } from "./log-store.ts";

/** `running` until the end of its range; `failed`: its endpoint was deleted before that. */
export type RedeliveryState = "running" | "finished" | "cancelled" | "failed";

/**
 * A bulk redelivery: makes new deliveries of an endpoint's events, the oldest first. Its range is frozen at its start, so
 * it ends. First it counts what it will find, then it makes the deliveries; each step moves its place in the transaction
 * that makes them, and a new delivery is made only where the last one has ended: whatever crashes, it makes one of each
 * event at most.
 */
export interface Redelivery {
  readonly key: number;
  readonly id: string;
  readonly tenant: string;
  readonly contract: string;
  readonly endpointId: string;
  readonly endpointKey: number;
  readonly shard: number;
  readonly state: RedeliveryState;
  /** Of each event's deliveries the last one has to pass, and to have ended. */
  readonly filter: DeliveryFilter;
  /** The most deliveries it makes in a second. Null: as many as are taken. */
  readonly ratePerSecond: number | null;
  /** The position of the log's last event when it was started. */
  readonly upTo: number;
  /** The position up to which it has counted. */
  readonly countedTo: number;
  /** The position up to which it has made deliveries. */
  readonly cursor: number;
  readonly foundCount: number;
  readonly redeliveredCount: number;
  /** Of those that it made, how many were accepted, */
  readonly deliveredCount: number;
  /** and how many were refused or given up. */
  readonly failedCount: number;
  /** No step before. */
  readonly dueAt: number;
  readonly createdAt: number;
  /** Null while it runs. */
  readonly finishedAt: number | null;
}

export type NewRedelivery = Pick<Redelivery, "id" | "endpointKey" | "filter" | "ratePerSecond" | "createdAt">;

/** Deliveries of an endpoint that pass a filter, of a bounded part of its history. */
export interface Matching {
  /** In the order of the log. */
  readonly keys: readonly DeliveryKey[];
  /** Everything up to here was looked at. */
  readonly passedTo: number;
}

/** An event that an endpoint has no delivery of. */
export interface MissedEvent {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly time: number;
}

/** Events that an endpoint missed, of a bounded part of the log. */
export interface Missed extends Pick<Matching, "passedTo"> {
  /** In the order of the log. */
  readonly events: readonly MissedEvent[];
}

interface OfEndpoint {
  readonly tenant: string;
  readonly endpointId: string;
}

/** An endpoint counts for these methods after it was deleted, too. */
export interface RedeliveryStore {
  /** Its range ends with the log as it is now. */
  readonly create: (redelivery: NewRedelivery, facts: Events) => Promise<Redelivery>;
  /** Newest first, those before another one. Null when the tenant never had the endpoint. */
  readonly list: (
    of: OfEndpoint & { readonly before: number | null; readonly limit: number },
  ) => Promise<readonly Redelivery[] | null>;
  readonly get: (of: OfEndpoint & { readonly id: string }) => Promise<Redelivery | null>;
  /** Makes no further deliveries; those that it made go on. Changes nothing, and appends nothing, when it has ended. */
  readonly cancel: (redelivery: Redelivery, at: number, facts: Events) => Promise<Redelivery>;
  /** Looks at the next 1,000 events that were attempted, however many of them pass. Of each event the last delivery counts. */
  readonly matching: (of: {
    readonly endpointKey: number;
    readonly filter: DeliveryFilter;
    readonly after: number;
    readonly upTo: number;
  }) => Promise<Matching>;
  /**
   * Looks at the next 1,000 events of the endpoint's contract, as far as the engine has settled them: it may be about to
   * deliver what comes after. They count by the endpoint's subscription and filter as they are now.
   */
  readonly missed: (of: Parameters<RedeliveryStore["matching"]>[0]) => Promise<Missed>;
  /** Those that a step may be made of, of these shards; those that have waited longest first. */
  readonly due: (of: {
    readonly shards: readonly number[];
    readonly now: number;
    readonly limit: number;
    readonly except: readonly number[];
  }) => Promise<readonly Redelivery[]>;
  /** Counts, or makes deliveries, a page of them at most. Null when it has ended. Throws `lease_lost`. */
  readonly step: (of: {
    readonly lease: Lease;
    readonly key: number;
    readonly at: number;
  }) => Promise<Redelivery | null>;
}
