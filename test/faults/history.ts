import type { OrderOutcome } from "./orders.ts";
import type { Receipt } from "./receivers.ts";
import type { TrueAttempt, TrueEndpoint, TrueEvent, Truth } from "./truth.ts";

/** All that is known of a run once it is over. */
export interface History {
  readonly orders: readonly OrderOutcome[];
  readonly receipts: readonly Receipt[];
  readonly truth: Truth;
  readonly contract: {
    /** The waits between attempts; there is one attempt more than there are waits. */
    readonly waitsMs: readonly number[];
    readonly idPrefix: string;
  };
  /** What of a shard one crash may send twice. */
  readonly page: { readonly positions: number; readonly pendingPerEndpoint: number };
  /** Who had leases when all was done, before anybody stopped. */
  readonly leases: { readonly owners: number; readonly shards: number };
  readonly liveWorkers: number;
  /** Processes that ended though nobody ended them. */
  readonly unaskedEnds: readonly string[];
}

/** A delivery that is owed: an event and an endpoint that matched at its position. */
export interface Owed {
  readonly event: TrueEvent & { readonly position: number };
  readonly endpoint: TrueEndpoint;
  /** In order of their numbers. */
  readonly attempts: readonly TrueAttempt[];
  readonly receipts: readonly Receipt[];
  readonly name: string;
}

export interface Index extends History {
  readonly owed: readonly Owed[];
  readonly eventsById: ReadonlyMap<string, TrueEvent>;
  readonly eventsByKey: ReadonlyMap<string, TrueEvent>;
  readonly receiptsByAttempt: ReadonlyMap<string, readonly Receipt[]>;
}

export const productContract = "stech";

export function indexOf(history: History): Index {
  const { events } = history.truth;
  return {
    ...history,
    owed: owedOf(history),
    eventsById: new Map(events.map((event) => [event.id, event])),
    eventsByKey: new Map(events.flatMap((event) => (event.idempotencyKey ? [[event.idempotencyKey, event]] : []))),
    receiptsByAttempt: Map.groupBy(history.receipts, ({ attemptId }) => attemptId),
  };
}

function owedOf({ truth, receipts }: History): readonly Owed[] {
  const endpoints = Map.groupBy(truth.endpoints, ({ tenant }) => tenant);
  const attempts = Map.groupBy(truth.attempts, ({ endpointId, position }) => `${endpointId} ${position}`);
  const received = Map.groupBy(receipts, ({ endpointId, eventId }) => `${endpointId} ${eventId}`);
  return truth.events.flatMap((event) =>
    (endpoints.get(event.tenant) ?? [])
      .filter((endpoint) => matches(endpoint, event))
      .map((endpoint) => ({
        event: event as Owed["event"],
        endpoint,
        attempts: attempts.get(`${endpoint.id} ${event.position}`) ?? [],
        receipts: received.get(`${endpoint.id} ${event.id}`) ?? [],
        name: `event ${event.id} at ${event.position} for ${endpoint.id}`,
      })),
  );
}

export function matches(endpoint: TrueEndpoint, event: TrueEvent): boolean {
  if (event.contract !== productContract || event.tenant !== endpoint.tenant) return false;
  // Without a position there is nothing to compare; another rule tells of it.
  if (event.position === null || event.position < endpoint.position) return false;
  return endpoint.types.includes("*") || endpoint.types.includes(event.type);
}
