import { parseFilter, type Filter } from "../contracts/filter.ts";
import { subscriptionsTo } from "../contracts/subscription.ts";
import type { StoredEvent } from "../store.ts";

/** What an endpoint wanted from a position on. */
interface Version {
  readonly position: number;
  readonly contract: string;
  readonly types: ReadonlySet<string>;
  /** Null: every event of its types. */
  readonly filter: Filter | null;
  /** False while disabled, and for ever once deleted. */
  readonly active: boolean;
}

/** The endpoints of one tenant and what each wanted when, by endpoint id; versions in order of position. */
export type SubscriptionHistory = Map<string, Version[]>;

/** The contract whose events are the facts about endpoints. */
export const factsContract = "hookwright";

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
        active: data.enabled ?? true,
      };
    case "endpoint.disabled":
    case "endpoint.deleted":
      return before === undefined ? null : { ...before, position, active: false };
    default:
      return null;
  }
}

/**
 * The ids of the endpoints that get an event: those whose version at the event's position is active, of its contract,
 * subscribed to its type, and without a filter or with one that the event passes.
 */
export function matchingEndpoints(history: SubscriptionHistory, event: StoredEvent): readonly string[] {
  const ids: string[] = [];
  const wanted = subscriptionsTo(event.type);
  let body: unknown;
  for (const [id, versions] of history) {
    const version = versions.findLast((candidate) => candidate.position < event.position);
    if (!version?.active || version.contract !== event.contract) continue;
    if (!wanted.some((each) => version.types.has(each))) continue;
    // Only where there is a filter, and once for all filters.
    if (version.filter !== null && !version.filter((body ??= JSON.parse(event.body)))) continue;
    ids.push(id);
  }
  return ids;
}
