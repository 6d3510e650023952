import { companionKinds, kindText } from "../../contracts/companions.ts";
import { factsContract } from "../../contracts/contract-of.ts";
import { dataOf } from "../../contracts/envelope.ts";
import { parseFilter, type Filter } from "../../contracts/filter.ts";
import { subscriptionsTo } from "../../contracts/subscription.ts";
import type { WireCatalog } from "../../contracts/wire-contract.ts";
import { isErased, type StoredEvent } from "../../seams/log-store.ts";

/** What an endpoint wanted from a position on. */
interface Version {
  readonly position: number;
  readonly contract: string;
  readonly types: ReadonlySet<string>;
  /** Null: every event of its types. */
  readonly filter: Filter | null;
  /** It gets nothing but while it is enabled; deleted, it is so for ever. */
  readonly state: "enabled" | "disabled" | "deleted";
  /** What tells of the fact that made this version, right behind it; how the endpoint stands to that. */
  readonly announced: { readonly kinds: readonly string[]; readonly standing: "created_later" | "not_subscribed" };
}

/** The endpoints of one tenant and what each wanted when, by endpoint id; versions in order of position. */
export type SubscriptionHistory = Map<string, Version[]>;

/** Whether an event says something of an endpoint itself: its group is `endpoint`. */
export function isEndpointFact({ contract, type }: Pick<StoredEvent, "contract" | "type">): boolean {
  return contract === factsContract && type.startsWith("endpoint.");
}

/** The data of the facts that change who gets what (catalog/hookwright/endpoint.ts). */
export interface EndpointFact {
  readonly endpointId: string;
  readonly contract: string;
  readonly events?: readonly string[];
  readonly enabled?: boolean;
  readonly filter?: string;
  /** The kinds of the events that go along with the fact and stand right behind it. */
  readonly companions: readonly string[];
}

/** What an endpoint's fact says. Our own emit validated the body against the catalog before it was stored. */
export function factData(event: Pick<StoredEvent, "body" | "type">, catalog: WireCatalog): EndpointFact {
  const contract = catalog[factsContract];
  if (contract === undefined) throw new Error(`The catalog has no contract "${factsContract}".`);
  const data = dataOf(contract.declaration.envelope, event.body) as Omit<EndpointFact, "companions">;
  const companions = companionKinds(catalog, { contract: factsContract, type: event.type, data });
  return { ...data, companions };
}

/** Adds a fact to the history. Facts come in order of position; one that changes no subscription is passed over. */
export function applyFact(history: SubscriptionHistory, fact: StoredEvent, data: EndpointFact): void {
  const versions = history.get(data.endpointId) ?? [];
  const version = versionAfter(versions.at(-1), fact, data);
  if (version !== null) history.set(data.endpointId, [...versions, version]);
}

function versionAfter(before: Version | undefined, fact: StoredEvent, data: EndpointFact): Version | null {
  const { position } = fact;
  switch (fact.type) {
    case "endpoint.created":
    case "endpoint.updated":
      return {
        position,
        contract: data.contract,
        types: new Set(data.events),
        filter: data.filter === undefined ? null : parseFilter(data.filter),
        state: stateOf(data),
        announced: {
          kinds: data.companions,
          standing: fact.type === "endpoint.created" ? "created_later" : "not_subscribed",
        },
      };
    case "endpoint.disabled":
      return before === undefined ? null : { ...before, position, state: "disabled" };
    case "endpoint.deleted":
      return before === undefined ? null : { ...before, position, state: "deleted" };
    default:
      return null;
  }
}

function stateOf({ enabled = true }: EndpointFact): Version["state"] {
  return enabled ? "enabled" : "disabled";
}

/** What of an event decides who gets it. */
export type PlacedEvent = Pick<StoredEvent, "position" | "contract" | "type" | "body">;

/** How an endpoint stood to an event at the event's position: it gets it when it was subscribed. */
export type Standing =
  "subscribed" | "created_later" | "deleted" | "disabled" | "contract_differs" | "not_subscribed" | "filtered";

/** The standing, and the position of the fact that it follows from; of one that was created later, of its first. */
export interface EndpointStanding {
  readonly standing: Standing;
  readonly decidedAt: number;
}

export function endpointStanding(versions: readonly Version[], event: PlacedEvent): EndpointStanding {
  const version = versionAt(versions, event);
  const standing = standingOf(version, candidateOf(event));
  return { standing, decidedAt: (version ?? versions[0])?.position ?? 0 };
}

/**
 * The ids of the endpoints that get an event: those whose version at the event's position is enabled, of its contract,
 * subscribed to its type, and without a filter or with one that the event passes.
 */
export function matchingEndpoints(history: SubscriptionHistory, event: PlacedEvent): readonly string[] {
  const ids: string[] = [];
  const candidate = candidateOf(event);
  for (const [id, versions] of history)
    if (standingOf(versionAt(versions, event), candidate) === "subscribed") ids.push(id);
  return ids;
}

function versionAt(versions: readonly Version[], event: PlacedEvent): Version | undefined {
  return versions.findLast((candidate) => candidate.position < event.position);
}

/** An event, and what is worked out of it once for all endpoints. */
interface Candidate {
  readonly event: PlacedEvent;
  readonly wanted: readonly string[];
  /** Parsed when the first filter asks. */
  readonly body: () => unknown;
}

function candidateOf(event: PlacedEvent): Candidate {
  let body: unknown;
  return {
    event,
    wanted: subscriptionsTo(event.type),
    body: () => (body ??= isErased(event) ? {} : JSON.parse(event.body)),
  };
}

function standingOf(version: Version | undefined, { event, wanted, body }: Candidate): Standing {
  if (version === undefined) return "created_later";
  if (isAnnouncement(version, event)) return version.announced.standing;
  if (version.contract !== event.contract) return "contract_differs";
  if (version.state !== "enabled") return version.state;
  if (!wanted.some((each) => version.types.has(each))) return "not_subscribed";
  return version.filter === null || version.filter(body()) ? "subscribed" : "filtered";
}

/**
 * Whether the event tells of the endpoint's own creation or change: it was appended in the same statement, so it stands
 * right behind the fact. With `*` an endpoint would else be sent what its owner has just done to it.
 */
function isAnnouncement({ announced: { kinds }, position }: Version, event: PlacedEvent): boolean {
  return event.position <= position + kinds.length && kinds.includes(kindText(event));
}
