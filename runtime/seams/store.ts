import type { ApiKeyStore, PortalTokenStore } from "./api-key-store.ts";
import type { Need } from "../contracts/needs.ts";
import type { DeliveryLogStore } from "./delivery-log-store.ts";
import type { OperatorStore } from "./operator-store.ts";
import type { SealedStore } from "./sealed-store.ts";
import type { FeedStore } from "./feed-store.ts";
import type { DeliveryFilter } from "../endpoints/delivery-filter.ts";
import type { EndpointSettings, NewEndpointSecrets, NewEndpointSettings, Subscription } from "../endpoints/settings.ts";
import type { NewEvent, StoredEvent, Events, DeliveryKey, Attempt, Endpoint, LogStore } from "./log-store.ts";
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

/** What is written of a subscription: the endpoint as it is from then on. */
export interface SubscribedEndpoint
  extends
    Pick<Endpoint, "contract" | "url" | "events" | "filter" | "declaration">,
    Pick<NewEndpointSecrets, "sealedSecret" | "previousSecret"> {
  readonly subscription: Omit<Subscription, "factId">;
}

/** Endpoints that programs register by themselves. They are endpoints like the others, and end. */
export interface SubscriberStore {
  /**
   * Makes the endpoint of this id, or makes it again where it was deleted, or changes the one there is, which is enabled
   * then. `make` gets that one, or null, and how many subscriptions the tenant has; what it throws, this throws. The first
   * of the facts is the one that says it was made, where it was. Of two calls for one tenant the second sees what the
   * first wrote.
   */
  readonly subscribe: (
    of: { readonly tenant: string; readonly id: string; readonly at: number },
    make: (before: Endpoint | null, of: { readonly subscriptionCount: number }) => SubscribedEndpoint,
    facts: (before: Endpoint | null, after: Endpoint) => readonly NewEvent[],
  ) => Promise<{ readonly before: Endpoint | null; readonly after: Endpoint }>;
  /**
   * Makes events due for an endpoint that came before it. One that waits for it or was attempted stays as it is, so that
   * calling it again changes nothing.
   */
  readonly replay: (of: {
    readonly tenant: string;
    readonly endpointKey: number;
    readonly positions: readonly number[];
    readonly at: number;
  }) => Promise<void>;
  /** When this URL last answered a challenge of the subscriber's, in any of its subscriptions. Null: it has none. */
  readonly provenAt: (of: {
    readonly tenant: string;
    readonly subscriber: string;
    readonly url: string;
  }) => Promise<number | null>;
  /** Subscriptions that have ended and are not deleted, in the order in which they ended. */
  readonly expired: (of: { readonly now: number; readonly limit: number }) => Promise<readonly Endpoint[]>;
  /** Removes one that has ended, as `remove` does. False when it was renewed or removed meanwhile. */
  readonly removeExpired: (
    of: { readonly tenant: string; readonly id: string; readonly at: number },
    facts: (of: Endpoint) => Events,
  ) => Promise<boolean>;
  /** The position up to which everything is delivered or given up that an endpoint of this tenant gets. */
  readonly settledUpTo: (of: { readonly tenant: string; readonly endpointKey: number }) => Promise<number>;
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
  /**
   * Makes a new delivery of the same event, due at once, and writes `facts` with it. Null when the endpoint has no
   * delivery of that event.
   */
  readonly redeliver: (
    of: { endpointKey: number; eventId: string; at: number },
    facts: (made: Delivery) => Events,
  ) => Promise<Delivery | null>;
  /**
   * Makes the first delivery of an event that the endpoint missed, due at once, and writes `facts` with it; with `count` it changes nothing. `had`: it
   * has one. `unsettled`: the engine has still to come to the event. Null: there is no such event of its tenant and contract.
   */
  readonly sendMissed: (
    of: { endpointKey: number; eventId: string; at: number; does: "send" | "count" },
    facts: (made: Delivery) => Events,
  ) => Promise<Delivery | "missed" | "had" | "unsettled" | null>;
}

/** An event whose payload is gone, and where that had gone before, which nothing here can take back. */
export interface Erased extends Pick<StoredEvent, "id" | "contract" | "type"> {
  /** `was_erased`: it had been before; nothing was written. */
  readonly outcome: "erased" | "was_erased";
  /** Deliveries that waited, and are made no more. */
  readonly droppedCount: number;
  /** Ids of endpoints to which it was attempted. */
  readonly sentTo: readonly string[];
  /** Ids of log streams that are beyond it: they sent it, unless it was filtered. */
  readonly passedBy: readonly string[];
  /** Ids of log streams whose batch under way has it: what is sent of that from now on goes without it. */
  readonly frozenBy: readonly string[];
}

export interface EventStore {
  /**
   * Takes the payload out of an event, its waiting deliveries, and what receivers answered to it, together with the event
   * that says so. Its place, id, type and time stay, and readers pass it over. Null: the tenant has no such event.
   */
  readonly erase: (
    of: { readonly tenant: string; readonly id: string },
    facts: (erased: Erased) => Events,
  ) => Promise<Erased | null>;
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

/** What of a contract's events may go: what happened before. Null: nothing. */
export interface Horizons {
  readonly events: number | null;
  readonly payloads: number | null;
  /** Where it is earlier, it is that of events and payloads with a delivery that was refused or given up. */
  readonly failed: number | null;
}

export interface PruneStep {
  /** Events that happened before this may go; none that happened later goes, nor its payload. */
  readonly before: number;
  /** Left out: those of every contract may go that happened before `before`, and no payload alone. */
  readonly horizonsOf?: (contract: string) => Horizons;
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
  /** Events of which the payload alone went. */
  readonly payloadCount: number;
  /** Events that are as old and were kept, because they are still needed. */
  readonly keptCount: number;
}

export interface RetentionStore {
  /**
   * Drops the next old events, of one shard after the other and there the oldest first, in one bounded transaction. An
   * event stays whatever its age while a delivery of it is pending, while its shard's cursor has not passed it, while a
   * stream has still to send it, while it
   * is a fact about an endpoint that was not deleted before `before`, and while it is the newest of the log. A shard is
   * through at the first step that meets no old event. A payload goes before its event where it may, and no delivery or
   * stream has still to send it. Idempotency keys of dropped events are forgotten. Steps that run
   * at the same time, of one process or of several, wait for each other. `next` is null when that was all.
   */
  readonly prune: (step: PruneStep) => Promise<PruneCounts & { readonly next: PrunePlace | null }>;
}

/** Deliveries that wait, by what they wait for. */
export interface WaitingCounts {
  /** Due, and attempted as soon as there is a place for them or their endpoint's breaker lets them. */
  readonly due: number;
  /** Attempted before, or held by a rate limit, and due later. */
  readonly later: number;
  /** Held back while their endpoint is disabled. */
  readonly disabled: number;
  /** Held back while their endpoint is paused. */
  readonly paused: number;
}

export interface EndpointCounts {
  /** With deliveries that wait, where the last attempt failed. */
  readonly failing: number;
  readonly disabled: number;
  readonly paused: number;
}

/** Counts of the whole database, each up to `max`: so many rows of an index are read and no more. */
export interface CountStore {
  readonly waiting: (of: { readonly now: number; readonly max: number }) => Promise<WaitingCounts>;
  readonly endpoints: (of: { readonly max: number }) => Promise<EndpointCounts>;
  /** Deliveries that wait, whatever for. */
  readonly pending: (max: number) => Promise<number>;
}

export interface Store extends StreamStores {
  readonly log: LogStore;
  readonly endpoints: EndpointStore;
  readonly subscribers: SubscriberStore;
  readonly deliveries: DeliveryStore;
  readonly deliveryLog: DeliveryLogStore;
  readonly operator: OperatorStore;
  readonly events: EventStore;
  readonly retention: RetentionStore;
  readonly apiKeys: ApiKeyStore<Events>;
  readonly portalTokens: PortalTokenStore<Events>;
  readonly feeds: FeedStore;
  readonly sealed: SealedStore;
  readonly counts: CountStore;
  readonly idempotency: IdempotencyStore;
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}
