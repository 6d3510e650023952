import type { KeyObject } from "node:crypto";
import { isPush } from "../../contracts/contract-of.ts";
import { signingKeys } from "../../contracts/signature.ts";
import { needOfEndpoint, needOfEvent, type DeclarationNumbers, type Need } from "../../contracts/needs.ts";
import type { WireCatalog, WireContract } from "../../contracts/wire-contract.ts";
import { createPace, passAt, type Pace } from "../../pace.ts";
import type { EndpointHealth } from "../../endpoints/settings.ts";
import type { Endpoint, LogStore, StoredEvent } from "../../seams/log-store.ts";
import type { Allowance } from "../send/allowance.ts";
import { isBroken, reopened, type Breakers } from "../send/breaker.ts";
import { applyFact, factData, isEndpointFact, matchingEndpoints, type SubscriptionHistory } from "./subscriptions.ts";

/** An endpoint as the engine holds it. One object for each endpoint, so that what changes is seen by every task. */
export interface EndpointState {
  endpoint: Endpoint;
  readonly contract: WireContract;
  /** Ahead of the database by what is not settled yet; only the owner of the shard changes it. */
  health: EndpointHealth;
  /** Made when first needed. Null: not made since the secrets last changed. */
  keys: SigningKeys | null;
  /** Made when first needed, from the endpoint's URL. */
  url: URL | null;
  /** Made when first needed. Null: not made, or the endpoint has no rate. */
  pace: Pace | null;
  /** Null: not attempted yet. Only the functions of `send/allowance.ts` change it. */
  allowance: Allowance | null;
}

/** What a request to an endpoint needs of it. */
export type SignedEndpoint = Pick<EndpointState, "endpoint" | "contract" | "keys" | "url">;

/** Of each secret one key for each algorithm of the contract. */
interface SigningKeys {
  readonly current: readonly KeyObject[];
  readonly previous: { readonly keys: readonly KeyObject[]; readonly expiresAt: number } | null;
}

interface UnservedEndpoint {
  readonly key: number;
  readonly need: Need;
}

interface TenantState {
  readonly name: string;
  readonly endpoints: Map<string, EndpointState>;
  /** Those that this process cannot deliver anything to, by id. */
  readonly unserved: Map<string, UnservedEndpoint>;
  /** Null: not read. Only tenants with events in the log's window need it. */
  history: SubscriptionHistory | null;
  /** Counts what made the endpoints known here untrue; they are as of `readAt`. */
  changes: number;
  readAt: number;
}

/** The endpoints that get an event: those to deliver to now, and those that this process cannot deliver it to. */
export interface Matching {
  readonly served: readonly EndpointState[];
  readonly unserved: readonly { readonly endpointKey: number; readonly need: Need }[];
}

export interface EndpointDirectory {
  /** Reads what is not known of these tenants, or no longer true. */
  readonly refresh: (tenants: readonly string[]) => Promise<void>;
  /** Takes a page of the log: its facts, and the history of the tenants that have events in it. */
  readonly follow: (page: readonly StoredEvent[]) => Promise<void>;
  /** The endpoints that get an event, as they were at its position; the page it is in was followed. */
  readonly matching: (event: StoredEvent) => Matching;
  /** Of a tenant that was refreshed. */
  readonly byKey: (endpointKey: number) => EndpointState | undefined;
  /** What this process lacks to deliver the event to the endpoint, of a tenant that was refreshed. Null: nothing. */
  readonly needOf: (endpointKey: number, event: Pick<StoredEvent, "contract" | "type">) => Need | null;
  /** What is known of the tenant's endpoints may be out of date: read it again before the next use. */
  readonly expire: (tenant: string) => void;
  readonly isOutdated: (tenant: string) => boolean;
  /**
   * Forgets the tenants that were not asked for longest, until there are `max`; they are read again when they are. Those
   * in use stay, as their endpoints' health and pace are ahead of the database, and those whose breaker is open.
   */
  readonly forget: (max: number, inUse: () => ReadonlySet<string>) => void;
  /** Of the endpoints that fail, as far as they are known. */
  readonly breakers: Breakers;
}

export interface DirectoryParts {
  readonly store: Pick<LogStore, "facts" | "endpointsOf">;
  readonly catalog: WireCatalog;
  /** Left out: no contract has had another declaration. */
  readonly declarations?: DeclarationNumbers;
}

export function createEndpointDirectory({
  store,
  catalog,
  declarations = new Map(),
}: DirectoryParts): EndpointDirectory {
  const tenants = new Map<string, TenantState>();
  const byKey = new Map<number, EndpointState>();
  const unserved = new Map<number, Need>();
  const breakers: Breakers = new Map();

  async function refresh(names: readonly string[]): Promise<void> {
    const wanted = names.map((name) => tenantState(tenants, name)).filter(isOutdated);
    if (wanted.length === 0) return;
    // What changes while the database answers may or may not be in the answer, so it is read again the next time.
    const asOf = wanted.map((tenant) => tenant.changes);
    const endpoints = await store.endpointsOf(wanted.map((tenant) => tenant.name));
    for (const endpoint of endpoints) remember(tenantState(tenants, endpoint.tenant), endpoint);
    wanted.forEach((tenant, index) => (tenant.readAt = asOf[index] ?? 0));
  }

  async function follow(page: readonly StoredEvent[]): Promise<void> {
    for (const event of page) if (isEndpointFact(event)) followFact(event);
    const names = [...new Set(page.map((event) => event.tenant))];
    const without = names.filter((name) => !tenants.get(name)?.history);
    const upTo = page.at(-1)?.position ?? 0;
    if (without.length > 0) await readHistories(without, upTo);
    await refresh(names);
  }

  function followFact(event: StoredEvent): void {
    const tenant = tenants.get(event.tenant);
    if (tenant === undefined) return;
    tenant.changes += 1;
    if (tenant.history !== null) applyFact(tenant.history, event, factData(event, catalog));
  }

  async function readHistories(names: readonly string[], upTo: number): Promise<void> {
    const facts = await store.facts({ tenants: names, upTo });
    for (const name of names) tenantState(tenants, name).history = new Map();
    for (const fact of facts) {
      const { history } = tenantState(tenants, fact.tenant);
      if (history !== null) applyFact(history, fact, factData(fact, catalog));
    }
  }

  function remember(tenant: TenantState, endpoint: Endpoint): void {
    const known = tenant.endpoints.get(endpoint.id);
    if (known !== undefined && needOfEndpoint({ catalog, declarations }, endpoint) === null) {
      if (!haveSameSecrets(known.endpoint, endpoint)) known.keys = null;
      if (known.endpoint.updatedAt !== endpoint.updatedAt) endPause(breakers, endpoint);
      known.endpoint = endpoint;
      return;
    }
    const contract = catalog[endpoint.contract];
    const need = needOfEndpoint({ catalog, declarations }, endpoint);
    if (need !== null) {
      tenant.endpoints.delete(endpoint.id);
      byKey.delete(endpoint.key);
      tenant.unserved.set(endpoint.id, { key: endpoint.key, need });
      unserved.set(endpoint.key, need);
      return;
    }
    tenant.unserved.delete(endpoint.id);
    unserved.delete(endpoint.key);
    if (contract === undefined || !isPush(contract)) return;
    const { failureCount, lastFailedAt, lastFailureStatus } = endpoint;
    const state = {
      endpoint,
      contract,
      health: { failureCount, lastFailedAt, lastFailureStatus },
      keys: null,
      url: null,
      pace: null,
      allowance: null,
    };
    tenant.endpoints.set(endpoint.id, state);
    byKey.set(endpoint.key, state);
    const { breaker } = contract.declaration;
    if (breaker !== undefined && isBroken(breaker, state.health) && endpoint.deletedAt === null)
      breakers.set(endpoint.key, reopened(breaker, state.health));
  }

  return {
    refresh,
    follow,
    matching: (event) => {
      const tenant = tenants.get(event.tenant);
      if (!tenant?.history) return { served: [], unserved: [] };
      return matchingOf(tenant, { ids: matchingEndpoints(tenant.history, event), need: needOfEvent(catalog, event) });
    },
    byKey: (endpointKey) => byKey.get(endpointKey),
    needOf: (endpointKey, event) => unserved.get(endpointKey) ?? needOfEvent(catalog, event),
    expire: (tenant) => {
      const state = tenants.get(tenant);
      if (state !== undefined) state.changes += 1;
    },
    isOutdated: (tenant) => isOutdated(tenantState(tenants, tenant)),
    forget: (max, inUse) => {
      if (tenants.size <= max) return;
      const kept = inUse();
      for (const { name, endpoints } of tenants.values()) {
        if (tenants.size <= max) return;
        const hasBreaker = endpoints.values().some(({ endpoint }) => breakers.has(endpoint.key));
        if (kept.has(name) || hasBreaker) continue;
        for (const { endpoint } of endpoints.values()) byKey.delete(endpoint.key);
        for (const { key } of tenants.get(name)?.unserved.values() ?? []) unserved.delete(key);
        tenants.delete(name);
      }
    },
    breakers,
  };
}

/** An event that this process does not know waits with all its endpoints, one that it does with those it cannot serve. */
function matchingOf(
  { endpoints, unserved }: TenantState,
  { ids, need }: { readonly ids: readonly string[]; readonly need: Need | null },
): Matching {
  const served = ids.flatMap((id) => endpoints.get(id) ?? []);
  const waiting = ids.flatMap((id) => unserved.get(id) ?? []);
  const aside = waiting.map(({ key, need }) => ({ endpointKey: key, need }));
  if (need === null) return { served, unserved: aside };
  return { served: [], unserved: [...aside, ...served.map(({ endpoint }) => ({ endpointKey: endpoint.key, need }))] };
}

/** Its owner changed it: a probe finds out at once whether that helped. */
function endPause(breakers: Breakers, { key, deletedAt }: Endpoint): void {
  const breaker = breakers.get(key);
  if (deletedAt !== null) breakers.delete(key);
  else if (breaker !== undefined && breaker.pausedUntil !== null) breaker.pausedUntil = 0;
}

/** Opens a sealed secret of an endpoint. Throws `secret_unreadable`. */
export type OpenSecret = (endpoint: Endpoint, which: "current" | "previous") => string;

/**
 * The keys that an endpoint's requests are signed with at this time, newest first (R-AUTHN-16); `openSecret` is asked
 * once for each secret. The secret before a rotation counts until it expires, and not at that instant any more.
 */
export function keysOf(state: SignedEndpoint, openSecret: OpenSecret, now: number): readonly KeyObject[] {
  state.keys ??= makeKeys(state, openSecret, now);
  const { current, previous } = state.keys;
  return previous !== null && now < previous.expiresAt ? [...current, ...previous.keys] : current;
}

function makeKeys({ endpoint, contract }: SignedEndpoint, openSecret: OpenSecret, now: number): SigningKeys {
  const keysOf = (which: "current" | "previous") => signingKeys(openSecret(endpoint, which), contract.declaration);
  const { previousSecret: before } = endpoint;
  // One that has expired need not be opened any more: the key that sealed it may be gone.
  const isDue = before !== null && now < before.expiresAt;
  return {
    current: keysOf("current"),
    previous: isDue ? { keys: keysOf("previous"), expiresAt: before.expiresAt } : null,
  };
}

function haveSameSecrets(a: Endpoint, b: Endpoint): boolean {
  return a.sealedSecret === b.sealedSecret && a.previousSecret?.sealed === b.previousSecret?.sealed;
}

/** Takes one attempt of the endpoint's rate and gives 0, or gives the milliseconds to wait for it. */
export function waitForRate(state: EndpointState, now: number): number {
  const { ratePerSecond } = state.endpoint;
  if (ratePerSecond === null) return 0;
  if (state.pace?.perSecond !== ratePerSecond) state.pace = createPace(ratePerSecond, now);
  return passAt(state.pace, now);
}

/** Parsed once for each URL. */
export function urlOf(state: SignedEndpoint): URL {
  if (state.url?.href !== state.endpoint.url) state.url = new URL(state.endpoint.url);
  return state.url;
}

/** The last one that was asked for is the last in the map's order. */
function tenantState(tenants: Map<string, TenantState>, name: string): TenantState {
  const known = tenants.get(name);
  tenants.delete(name);
  const state: TenantState = known ?? {
    name,
    endpoints: new Map(),
    unserved: new Map(),
    history: null,
    changes: 1,
    readAt: 0,
  };
  tenants.set(name, state);
  return state;
}

function isOutdated(tenant: TenantState): boolean {
  return tenant.readAt !== tenant.changes;
}
