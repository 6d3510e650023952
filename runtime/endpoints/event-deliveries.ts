import { streamContractOf } from "../contracts/contract-of.ts";
import { typeFilterOf } from "../contracts/type-filter.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import { isBroken } from "../engine/send/breaker.ts";
import {
  applyFact,
  endpointStanding,
  factData,
  type Standing,
  type SubscriptionHistory,
} from "../engine/endpoints/subscriptions.ts";
import { HookwrightError } from "../errors.ts";
import type { FeedEvent } from "../seams/feed-store.ts";
import type { Endpoint, StoredEvent } from "../seams/log-store.ts";
import type { Delivery, Store } from "../seams/store.ts";
import type { Stream } from "../seams/stream-store.ts";

/** What became of an event at one endpoint of its tenant. */
export interface EndpointOutcome {
  readonly endpoint: Endpoint;
  readonly standing: Standing;
  /** The fact that the standing follows from. Null: it is not kept any more. */
  readonly fact: StoredEvent | null;
  /** Of what it missed, those that were asked for since. Who gets the event has one, but while the engine has not come to it and when it was dropped; redeliveries follow. */
  readonly deliveries: readonly Delivery[];
}

export interface EventOutcome {
  readonly event: FeedEvent;
  /** Of every endpoint the tenant has or had, in order of creation. */
  readonly endpoints: readonly EndpointOutcome[];
}

/** The state of an endpoint's circuit breaker, by its stored health. Null: its contract declares none. */
export function breakerOf(endpoint: Endpoint, catalog: WireCatalog): "open" | "closed" | null {
  const declaration = catalog[endpoint.contract]?.declaration;
  if (declaration?.mode !== "push" || declaration.breaker === undefined) return null;
  return isBroken(declaration.breaker, endpoint) ? "open" : "closed";
}

/** Why what is pending for an endpoint is not sent when it is due. */
export type Hold = "disabled" | "paused" | "breaker_open" | "unserved" | "secret_unreadable";

/** Whether this process can open what signs an endpoint's deliveries. */
export type CanOpen = (endpoint: Endpoint) => boolean;

/** Null: nothing holds it back. */
export function holdOn(endpoint: Endpoint, catalog: WireCatalog, canOpen: CanOpen): Hold | null {
  if (endpoint.deletedAt !== null) return null;
  if (!endpoint.enabled) return "disabled";
  if (endpoint.paused) return "paused";
  if (!canOpen(endpoint)) return "secret_unreadable";
  return breakerOf(endpoint, catalog) === "open" ? "breaker_open" : null;
}

export interface EventDeliveriesParts {
  readonly store: Pick<Store, "deliveries" | "feeds"> & { readonly log: Pick<Store["log"], "facts" | "endpointsOf"> };
  readonly catalog: WireCatalog;
}

/** Throws `not_found` for an event that the tenant does not have. */
export async function findEvent(
  { feeds }: Pick<Store, "feeds">,
  of: { readonly tenant: string; readonly id: string },
): Promise<FeedEvent> {
  const event = await feeds.event(of);
  if (event !== null) return event;
  throw new HookwrightError("not_found", `There is no event ${JSON.stringify(of.id)}, or it is no longer kept.`);
}

/**
 * What happened to an event at every endpoint of its tenant, or why nothing did, by the facts that the engine goes by:
 * endpoints count as they were at the event's position, whatever they are now.
 */
export async function eventOutcome(
  { store, catalog }: EventDeliveriesParts,
  of: { readonly tenant: string; readonly id: string },
): Promise<EventOutcome> {
  const event = await findEvent(store, of);
  const [facts, endpoints] = [
    await store.log.facts({ tenants: [of.tenant], upTo: Number.MAX_SAFE_INTEGER }),
    await store.log.endpointsOf([of.tenant]),
  ];
  const history: SubscriptionHistory = new Map();
  for (const fact of facts) applyFact(history, fact, factData(fact, catalog));
  const factAt = new Map(facts.map((fact) => [fact.position, fact]));
  const outcomes = endpoints.map(async (endpoint): Promise<EndpointOutcome> => {
    const { standing, decidedAt } = endpointStanding(history.get(endpoint.id) ?? [], event);
    // What it missed may have been sent to it since; never an event of another contract.
    const deliveries = endpoint.contract === event.contract ? await deliveriesOf(store, endpoint, event) : [];
    return { endpoint, standing, fact: factAt.get(decidedAt) ?? null, deliveries };
  });
  return { event, endpoints: (await Promise.all(outcomes)).sort((a, b) => a.endpoint.key - b.endpoint.key) };
}

/** Runs are dense: the first that is missing is the end. */
async function deliveriesOf(
  { deliveries }: Pick<Store, "deliveries">,
  { key: endpointKey }: Endpoint,
  { id: eventId }: FeedEvent,
): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  for (let run = 0; ; run += 1) {
    const delivery = await deliveries.get({ endpointKey, eventId, run });
    if (delivery === null) return found;
    found.push(delivery);
  }
}

/** How far a stream has come with an event of its contract; by its filter as it is now. */
export type StreamStanding = "waiting" | "under_way" | "filtered" | "passed";

export function streamStanding(
  catalog: WireCatalog,
  { contract, cursor, settings }: Pick<Stream, "contract" | "cursor" | "settings">,
  { position, type }: Pick<FeedEvent, "position" | "type">,
): StreamStanding {
  if (position <= cursor.position) return "passed";
  const filter = typeFilterOf(streamContractOf(catalog, contract), settings);
  const isFiltered = "only" in filter ? !filter.only.includes(type) : filter.except.includes(type);
  if (isFiltered) return "filtered";
  return cursor.batch !== null && position <= cursor.batch.upTo ? "under_way" : "waiting";
}
