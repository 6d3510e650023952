import type { RenderFact } from "../events.ts";
import type { Clock } from "../seams/clock.ts";
import { pushContractOf } from "../contracts/contract-of.ts";
import { deliveryId } from "../contracts/delivery-id.ts";
import type { NewId } from "../contracts/identifier.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { DeliveryFilter } from "./delivery-filter.ts";
import { HookwrightError } from "../errors.ts";
import type { MissedEvent, Redelivery, RedeliveryStore } from "../seams/redelivery-store.ts";
import type { DeliveryKey, Endpoint } from "../seams/log-store.ts";
import type { Delivery, DeliveryStore } from "../seams/store.ts";

/** A bulk redelivery by its endpoint, which may have been deleted since. */
export interface RedeliveryId {
  readonly tenant: string;
  readonly endpointId: string;
  readonly id: string;
}

/** What a bulk redelivery with this filter would find now. */
export interface Preview {
  readonly foundCount: number;
  /** False: there were too many to look at all of them, and there may be more. */
  readonly isWhole: boolean;
  /** The oldest of them. */
  readonly examples: readonly Delivery[];
  /** Of what was missed, of which there are no deliveries, the oldest events. */
  readonly events: readonly MissedEvent[];
}

/** One event that somebody wants an endpoint to get. */
export interface Repeat {
  readonly endpoint: Endpoint;
  readonly eventId: string;
  /** Who asks for it: stands in the fact that says so. */
  readonly actorId: string;
}

/** The rules of redeliveries, of one or in bulk. What there is none of, or what is another tenant's, is `not_found`. */
export interface Redeliveries {
  /** Makes a new delivery of one event, due at once. Null when the endpoint has no delivery of it. */
  readonly repeat: (of: Repeat) => Promise<Delivery | null>;
  /** Makes the first delivery of an event that the endpoint missed, due at once; see `DeliveryStore`. */
  readonly sendMissed: (of: Repeat & { readonly does: "send" | "count" }) => ReturnType<DeliveryStore["sendMissed"]>;
  /** Changes nothing. */
  readonly preview: (of: { readonly endpoint: Endpoint; readonly filter: DeliveryFilter }) => Promise<Preview>;
  readonly start: (of: {
    readonly endpoint: Endpoint;
    readonly filter: DeliveryFilter;
    readonly ratePerSecond: number | null;
    /** Who asks for it: stands in the fact that says so. */
    readonly actorId: string;
  }) => Promise<Redelivery>;
  /** Newest first. `before` is one of them: those that are older follow. Throws `invalid_request` where it is none. */
  readonly page: (
    of: Omit<RedeliveryId, "id"> & { readonly before: string | undefined; readonly limit: number },
  ) => Promise<readonly Redelivery[]>;
  readonly get: (of: RedeliveryId) => Promise<Redelivery>;
  /** One that has ended stays as it is. */
  readonly cancel: (of: RedeliveryId & { readonly actorId: string }) => Promise<Redelivery>;
}

export interface RedeliveriesParts {
  readonly store: {
    readonly redeliveries: Pick<RedeliveryStore, "create" | "list" | "get" | "cancel" | "matching" | "missed">;
    readonly deliveries: Pick<DeliveryStore, "list" | "redeliver" | "sendMissed">;
  };
  readonly catalog: WireCatalog;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly renderFact: RenderFact;
  /** Called when a fact was appended, or a delivery is due. */
  readonly wake: () => void;
}

/** Of 1,000 events each: a request looks at half a million of them, which takes some two seconds. */
const previewPagesMax = 500;
const examplesMax = 5;

export function createRedeliveries(parts: RedeliveriesParts): Redeliveries {
  const { store, clock, newId, renderFact, wake } = parts;
  const { redeliveries } = store;

  async function get(of: RedeliveryId): Promise<Redelivery> {
    const found = await redeliveries.get(of);
    if (found !== null) return found;
    throw new HookwrightError("not_found", `There is no redelivery ${JSON.stringify(of.id)} for this endpoint.`);
  }

  /** The fact that tells of a delivery somebody asked for. */
  const repeatOf = ({ endpoint, eventId, actorId }: Repeat) => {
    const { id: endpointId, contract, tenant } = endpoint;
    const { prefix } = pushContractOf(parts.catalog, contract).declaration.ids.delivery;
    return ({ event, run }: Delivery) => {
      const id = deliveryId({ prefix, eventId, endpointId, run });
      const data = { deliveryId: id, endpointId, contract, eventId, eventType: event.type, actorId };
      return renderFact({ type: "delivery.repeated", tenant, data });
    };
  };

  async function deliveryOf({ endpointKey, position, run }: DeliveryKey): Promise<readonly Delivery[]> {
    return store.deliveries.list({ endpointKey, before: { position, run: run + 1 }, limit: 1 });
  }

  return {
    repeat: async (of) => {
      const { key: endpointKey } = of.endpoint;
      const { eventId } = of;
      const repeated = await store.deliveries.redeliver({ endpointKey, eventId, at: clock.now() }, repeatOf(of));
      wake();
      return repeated;
    },
    sendMissed: async ({ does, ...of }) => {
      const { key: endpointKey } = of.endpoint;
      const { eventId } = of;
      const made = await store.deliveries.sendMissed({ endpointKey, eventId, at: clock.now(), does }, repeatOf(of));
      wake();
      return made;
    },
    get,
    preview: async ({ endpoint: { key: endpointKey }, filter }) => {
      if (filter.missed) {
        const look = async (range: Range) => {
          const { events, passedTo } = await redeliveries.missed({ endpointKey, filter, ...range });
          return { found: events, passedTo };
        };
        const { first, ...counts } = await pagesOf(look);
        return { ...counts, examples: [], events: first };
      }
      const look = async (range: Range) => {
        const { keys, passedTo } = await redeliveries.matching({ endpointKey, filter, ...range });
        return { found: keys, passedTo };
      };
      const { first, ...counts } = await pagesOf(look);
      return { ...counts, examples: (await Promise.all(first.map(deliveryOf))).flat(), events: [] };
    },
    start: async ({ endpoint, filter, ratePerSecond, actorId }) => {
      const createdAt = clock.now();
      const id = newId({ prefix: "rdl_", format: "uuid" }, createdAt);
      const { tenant } = endpoint;
      const { types, states, missed } = filter;
      const range = { from: isoOrNull(filter.from), until: isoOrNull(filter.until) };
      const data = {
        ...factOf(endpoint, id, actorId),
        types,
        states,
        ...range,
        ratePerSecond,
        ...(missed && { missed }),
      };
      const facts = renderFact({ type: "redelivery.started", tenant, data });
      const started = await redeliveries.create(
        { id, endpointKey: endpoint.key, filter, ratePerSecond, createdAt },
        facts,
      );
      wake();
      return started;
    },
    page: async ({ before, ...of }) => {
      const last = before === undefined ? null : await redeliveries.get({ ...of, id: before });
      if (last === null && before !== undefined) throw unknownBefore(before);
      const found = await redeliveries.list({ ...of, before: last?.key ?? null });
      if (found !== null) return found;
      throw new HookwrightError("not_found", `There is no endpoint ${JSON.stringify(of.endpointId)}.`);
    },
    cancel: async ({ actorId, ...of }) => {
      const redelivery = await get(of);
      const data = factOf({ id: redelivery.endpointId, contract: redelivery.contract }, of.id, actorId);
      const facts = renderFact({ type: "redelivery.cancelled", tenant: of.tenant, data });
      const cancelled = await redeliveries.cancel(redelivery, clock.now(), facts);
      wake();
      return cancelled;
    },
  };
}

type Range = Readonly<Record<"after" | "upTo", number>>;

/** Looks through all pages, as far as one request may, and gives the first of what is there. */
async function pagesOf<Found>(
  look: (of: Range) => Promise<{ readonly found: readonly Found[]; readonly passedTo: number }>,
) {
  const upTo = Number.MAX_SAFE_INTEGER;
  const first: Found[] = [];
  let foundCount = 0;
  for (let after = 0, pages = 0; pages < previewPagesMax; pages += 1) {
    const { found, passedTo } = await look({ after, upTo });
    foundCount += found.length;
    first.push(...found.slice(0, examplesMax - first.length));
    // What the engine has not settled is as far as there is anything to see.
    if (passedTo === upTo || passedTo === after) return { first, foundCount, isWhole: true };
    after = passedTo;
  }
  return { first, foundCount, isWhole: false };
}

function factOf(
  { id: endpointId, contract }: Pick<Endpoint, "id" | "contract">,
  redeliveryId: string,
  actorId: string,
) {
  return { redeliveryId, endpointId, contract, actorId };
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function unknownBefore(id: string): HookwrightError {
  const message = `before: expected a redelivery of this endpoint, got ${JSON.stringify(id)}.`;
  return new HookwrightError("invalid_request", message, { path: "before" });
}
