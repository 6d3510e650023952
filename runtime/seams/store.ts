import type { ApiKeyStore, PortalTokenStore } from "./api-key-store.ts";
import type { Need } from "../contracts/needs.ts";
import type { DeliveryLogStore } from "./delivery-log-store.ts";
import type { OperatorStore } from "./operator-store.ts";
import type { SealedStore } from "./sealed-store.ts";
import type { FeedStore } from "./feed-store.ts";
import type { DeliveryFilter } from "../endpoints/delivery-filter.ts";
import type { EndpointSettings, NewEndpointSecrets, NewEndpointSettings } from "../endpoints/settings.ts";
import type { StoredEvent, Events, DeliveryKey, Attempt, Endpoint, LogStore } from "./log-store.ts";
import type { IdempotencyStore } from "./idempotency-store.ts";
import type { StreamStores } from "./stream-store.ts";

/**
 * The seam to the database, in domain words. Times are milliseconds since 1970. Whatever a method writes, it writes in
 * one transaction. `store/` implements it once, in SQL that both databases run; `test/store.suite.ts` says what any
 * implementation has to do.
 */

/** Null when there is no such endpoint. `facts` are made from the endpoint as it is after the change. */
type ChangeEndpoint<Change> = (
  of: { tenant: string; id: string; at: number; declaration?: number | null },
  change: Change,
  facts: (after: Endpoint) => Events,
) => Promise<Endpoint | null>;

/** Endpoints, for their owners. Each change is written together with the event that says so and its companions. */
export interface EndpointStore {
  readonly create: (
    endpoint: Pick<Endpoint, "id" | "contract" | "tenant" | "createdAt"> &
      Pick<NewEndpointSecrets, "sealedSecret" | "publicKey"> &
      NewEndpointSettings &
      Partial<Pick<Endpoint, "declaration">>,
    facts: Events,
  ) => Promise<Endpoint>;
  /** In order of creation; without deleted ones. */
  readonly list: (of: { tenant: string; contract: string }) => Promise<readonly Endpoint[]>;
  /** The first of them, or the first after one. Null when the tenant never had the endpoint `after`. */
  readonly page: (of: {
    tenant: string;
    contract: string;
    after: string | null;
    limit: number;
  }) => Promise<readonly Endpoint[] | null>;
  readonly get: (of: { tenant: string; id: string }) => Promise<Endpoint | null>;
  readonly update: ChangeEndpoint<Partial<EndpointSettings>>;
  /** The secrets are made from the endpoint as it is before, one rotation after the other. */
  readonly rotate: ChangeEndpoint<(before: Endpoint) => NewEndpointSecrets>;
  /** Drops what is pending for it. False when there is no such endpoint. */
  readonly remove: (
    of: { tenant: string; id: string; at: number },
    facts: (of: Endpoint) => Events,
  ) => Promise<boolean>;
}

/** A delivery as the fold of its attempts. */
export interface Delivery extends DeliveryKey {
  readonly event: Pick<StoredEvent, "id" | "type" | "time">;
  readonly createdAt: number;
  /** In order of their numbers. */
  readonly attempts: readonly Attempt[];
  /** When it is tried next. Null when it has ended. */
  readonly dueAt: number | null;
  /** What it waits for a process to have. Null: nothing. */
  readonly need: Need | null;
}

export interface DeliveryStore {
  /** Newest event first, redeliveries before their originals. */
  readonly list: (of: {
    endpointKey: number;
    before: Pick<DeliveryKey, "position" | "run"> | null;
    /** Left out: every delivery. */
    filter?: DeliveryFilter;
    limit: number;
  }) => Promise<readonly Delivery[]>;
  /** Null when the endpoint has no such delivery. */
  readonly get: (of: { endpointKey: number; eventId: string; run: number }) => Promise<Delivery | null>;
  /** Makes a new delivery of the same event, due at once. Null when the endpoint has no delivery of that event. */
  readonly redeliver: (of: { endpointKey: number; eventId: string; at: number }) => Promise<Delivery | null>;
}

export interface EventStore {
  /** A tenant's events of one contract after a position, in order. */
  readonly list: (of: {
    tenant: string;
    contract: string;
    /** Null: all types. */
    types: readonly string[] | null;
    after: number;
    limit: number;
  }) => Promise<readonly StoredEvent[]>;
}

/** How far a run over the log has come. */
export interface PrunePlace {
  readonly shard: number;
  readonly after: number;
}

export interface PruneStep {
  /** Events that happened before this may go. */
  readonly before: number;
  /** The most events that are looked at, and so the most that one transaction drops. */
  readonly limit: number;
  /** The `next` of the step before. Null: the first step. */
  readonly from: PrunePlace | null;
  /** `count` changes nothing and gives what `drop` would. */
  readonly does: "drop" | "count";
  /** The id of the endpoint that an event of the contract `hookwright` is about. Null: it is about none. */
  readonly endpointOf: (fact: StoredEvent) => string | null;
}

export interface PruneCounts {
  readonly eventCount: number;
  /** Attempts of these events; they go together. */
  readonly attemptCount: number;
  /** Events that are as old and were kept, because they are still needed. */
  readonly keptCount: number;
}

export interface RetentionStore {
  /**
   * Drops the next old events, of one shard after the other and there the oldest first, in one bounded transaction. An
   * event stays whatever its age while a delivery of it is pending, while its shard's cursor has not passed it, while a
   * stream has still to send it, while it
   * is a fact about an endpoint that was not deleted before `before`, and while it is the newest of the log. A shard is
   * through at the first step that meets no old event. Idempotency keys of dropped events are forgotten. Steps that run
   * at the same time, of one process or of several, wait for each other. `next` is null when that was all.
   */
  readonly prune: (step: PruneStep) => Promise<PruneCounts & { readonly next: PrunePlace | null }>;
}

export interface Store extends StreamStores {
  readonly log: LogStore;
  readonly endpoints: EndpointStore;
  readonly deliveries: DeliveryStore;
  readonly deliveryLog: DeliveryLogStore;
  readonly operator: OperatorStore;
  readonly events: EventStore;
  readonly retention: RetentionStore;
  readonly apiKeys: ApiKeyStore<Events>;
  readonly portalTokens: PortalTokenStore<Events>;
  readonly feeds: FeedStore;
  readonly sealed: SealedStore;
  /** Deliveries that wait, of all shards, counted up to `max`. */
  readonly pendingCount: (max: number) => Promise<number>;
  readonly idempotency: IdempotencyStore;
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}
