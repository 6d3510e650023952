import type { OrderOutcome } from "./orders.ts";
import type { Receipt } from "./receivers.ts";
import type { BatchReceipt } from "./stream-receivers.ts";
import type { TrueAttempt, TrueEndpoint, TrueEvent, TrueStream, Truth } from "./truth.ts";

/** All that is known of a run once it is over. */
export interface History {
  readonly orders: readonly OrderOutcome[];
  readonly receipts: readonly Receipt[];
  /** In the order in which they were answered. */
  readonly batches: readonly BatchReceipt[];
  readonly samples: readonly CursorSample[];
  /** Faults after any of which a stream may not know what became of its batch. */
  readonly disturbances: number;
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

/** Where a stream's cursor was found, and how many of its batches had been answered once it was known. */
export interface CursorSample {
  readonly streamId: string;
  readonly position: number;
  readonly receivedCount: number;
}

/** A stream with what it should send, and what it did. */
export interface OneStream {
  readonly stream: TrueStream;
  /** Its tenant's events of its contract, in order. */
  readonly log: readonly TrueEvent[];
  readonly receipts: readonly BatchReceipt[];
  readonly samples: readonly CursorSample[];
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
  readonly streams: readonly OneStream[];
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
    streams: streamsOf(history),
    eventsById: new Map(events.map((event) => [event.id, event])),
    eventsByKey: new Map(events.flatMap((event) => (event.idempotencyKey ? [[event.idempotencyKey, event]] : []))),
    receiptsByAttempt: Map.groupBy(history.receipts, ({ attemptId }) => attemptId),
  };
}

function streamsOf({ truth, batches, samples }: History): readonly OneStream[] {
  const received = Map.groupBy(batches, ({ streamId }) => streamId);
  const sampled = Map.groupBy(samples, ({ streamId }) => streamId);
  return truth.streams.map((stream) => ({
    stream,
    log: truth.events.filter(({ tenant, contract }) => tenant === stream.tenant && contract === stream.contract),
    receipts: received.get(stream.id) ?? [],
    samples: sampled.get(stream.id) ?? [],
  }));
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
