import type { PushContract } from "../catalog/contract.ts";
import type { Clock } from "./clock.ts";
import { isUri } from "./contracts/formats.ts";
import { newId, type Random } from "./contracts/identifier.ts";
import { eventTypeOf, pushContractOf } from "./contracts/contract-of.ts";
import type { WireCatalog, WireContract } from "./contracts/wire-contract.ts";
import { HookwrightError } from "./errors.ts";
import type { AllowedTarget } from "./outbound/allowed-targets.ts";
import { checkEndpointUrl } from "./outbound/endpoint-url.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { newSecret, secretContext } from "./secrets/signing-secret.ts";
import type { Endpoint, EndpointSettings, EndpointStore, NewEvent } from "./store.ts";

/** An endpoint as its owner asks for it. */
export interface NewEndpoint {
  readonly tenant: string;
  readonly contract: string;
  readonly url: string;
  readonly description: string | null;
  /** Event types of the contract, or `["*"]`. */
  readonly events: readonly string[];
}

/** An endpoint and its signing secret, which is shown this once (R-STECH-05). */
export interface EndpointWithSecret {
  readonly endpoint: Endpoint;
  readonly signingSecret: string;
}

export interface EndpointId {
  readonly tenant: string;
  readonly id: string;
}

/** The rules of endpoints. What there is none of, or what is another tenant's, is `not_found`. */
export interface Endpoints {
  /** Throws `invalid_url`, `unknown_event_type` or `invalid_request`, and stores nothing then. */
  readonly create: (endpoint: NewEndpoint) => Promise<EndpointWithSecret>;
  readonly list: EndpointStore["list"];
  readonly get: (of: EndpointId) => Promise<Endpoint>;
  readonly update: (of: EndpointId, change: Partial<EndpointSettings>) => Promise<Endpoint>;
  /** From the answer on, attempts are signed with the new secret alone (R-STECH-71). */
  readonly rotateSecret: (of: EndpointId) => Promise<EndpointWithSecret>;
  readonly remove: (of: EndpointId) => Promise<void>;
}

export interface EndpointParts {
  readonly store: EndpointStore;
  readonly catalog: WireCatalog;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly random: Random;
  /** `local` also takes http:// URLs. */
  readonly mode: "local" | "production";
  readonly allowTargets: readonly AllowedTarget[];
  /** Renders an event of the contract that carries the facts about endpoints. */
  readonly renderFact: (fact: { readonly type: string; readonly tenant: string; readonly data: unknown }) => NewEvent;
  /** Called after a change was written and before it is answered. */
  readonly changed: (endpoint: Endpoint) => void;
}

export function createEndpoints(parts: EndpointParts): Endpoints {
  const { store, clock } = parts;

  function fact(type: string, { id, contract, tenant, url, events, enabled }: Omit<Endpoint, "key">): NewEvent {
    const reference = { endpointId: id, contract };
    const data =
      type === "endpoint.created" || type === "endpoint.updated" ? { ...reference, url, events, enabled } : reference;
    return parts.renderFact({ type, tenant, data });
  }

  async function get(of: EndpointId): Promise<Endpoint> {
    return found(await store.get(of), of);
  }

  async function change(
    of: EndpointId,
    type: string,
    values: Parameters<EndpointStore["update"]>[1],
  ): Promise<Endpoint> {
    const after = await store.update({ ...of, at: clock.now() }, values, (endpoint) => fact(type, endpoint));
    const endpoint = found(after, of);
    parts.changed(endpoint);
    return endpoint;
  }

  function seal(declaration: PushContract, of: EndpointId) {
    const signingSecret = newSecret(declaration.secret, parts.random);
    return { signingSecret, sealedSecret: parts.keyRing.seal(signingSecret, secretContext(of)) };
  }

  return {
    create: async (given) => {
      const contract = pushContractOf(parts.catalog, given.contract);
      const { declaration } = contract;
      const settings = {
        url: checkedUrl(given.url, declaration, parts),
        description: given.description,
        events: subscription(given.events, contract),
        enabled: true,
      };
      const at = clock.now();
      const id = newId(declaration.ids.endpoint, at, parts.random);
      const { signingSecret, sealedSecret } = seal(declaration, { tenant: given.tenant, id });
      const base = { id, contract: given.contract, tenant: given.tenant, sealedSecret, createdAt: at, ...settings };
      const fresh = { ...base, ...neverFailed, updatedAt: at, deletedAt: null };
      const endpoint = await store.create(base, fact("endpoint.created", fresh));
      parts.changed(endpoint);
      return { endpoint, signingSecret };
    },
    list: store.list,
    get,
    update: async (of, { url, events, ...rest }) => {
      const contract = pushContractOf(parts.catalog, (await get(of)).contract);
      return change(of, "endpoint.updated", {
        ...rest,
        ...(url === undefined ? {} : { url: checkedUrl(url, contract.declaration, parts) }),
        ...(events === undefined ? {} : { events: subscription(events, contract) }),
      });
    },
    rotateSecret: async (of) => {
      const { declaration } = pushContractOf(parts.catalog, (await get(of)).contract);
      const { signingSecret, sealedSecret } = seal(declaration, of);
      return { endpoint: await change(of, "endpoint.secret_rotated", { sealedSecret }), signingSecret };
    },
    remove: async (of) => {
      const endpoint = await get(of);
      found((await store.remove({ ...of, at: clock.now() }, (before) => fact("endpoint.deleted", before))) || null, of);
      parts.changed(endpoint);
    },
  };
}

const neverFailed = { failureCount: 0, lastFailedAt: null, lastFailureStatus: null };

function found<Value>(value: Value | null, { id }: EndpointId): Value {
  if (value !== null) return value;
  throw new HookwrightError("not_found", `There is no endpoint ${JSON.stringify(id)}.`);
}

/** The stored form of an endpoint's URL (R-STECH-11 to R-STECH-13). */
function checkedUrl(text: string, { url }: PushContract, { mode, allowTargets }: EndpointParts): string {
  const schemes = mode === "local" ? ["https", "http"] : url.schemes;
  const checked = checkEndpointUrl(text, { schemes, lengthMax: url.lengthMax, allowTargets });
  if ("problem" in checked) throw new HookwrightError("invalid_url", `url: ${checked.problem}.`, { path: "url" });
  const { href } = checked.url;
  if (isUri(href)) return href;
  // URL parsers let some characters stand, `|` say, that RFC 3986 does not know; the facts about endpoints hold URIs.
  const message = "url: expected every character to be one of RFC 3986 or percent-encoded, got others.";
  throw new HookwrightError("invalid_url", message, { path: "url" });
}

/** Known types once each, in order; the wildcard absorbs the others (R-STECH-14, R-STECH-38 to R-STECH-40). */
function subscription(events: readonly string[], contract: WireContract): readonly string[] {
  if (events.length === 0) {
    const message = "events: expected at least one event type or *, got none.";
    throw new HookwrightError("invalid_request", message, { path: "events" });
  }
  const { wildcard } = contract.declaration.subscription;
  events.forEach((type, index) => {
    if (type !== wildcard) eventTypeOf(contract, type, `events[${index}]`);
  });
  return events.includes(wildcard) ? [wildcard] : [...new Set(events)];
}
