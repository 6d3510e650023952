import { actorOf } from "../actor.ts";
import type { RenderFact } from "../events.ts";
import type { Contract, PushContract } from "../../catalog/contract.ts";
import type { Outbound } from "../seams/outbound.ts";
import { challengeUrl } from "./challenge.ts";
import type { Clock } from "../seams/clock.ts";
import { isUri } from "../contracts/formats.ts";
import type { DeclarationNumbers } from "../contracts/needs.ts";
import type { NewId, Random } from "../contracts/identifier.ts";
import { pushContractOf } from "../contracts/contract-of.ts";
import { subscriptionOf } from "../contracts/subscription.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import { checkedOptions } from "./options.ts";
import { plainOptions, type EndpointSettings, type NewEndpointSettings } from "./settings.ts";
import { signingKeys } from "../contracts/signature.ts";
import { HookwrightError } from "../errors.ts";
import type { AllowedTarget } from "../outbound/allowed-targets.ts";
import { checkEndpointUrl } from "../outbound/endpoint-url.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { newSecrets, openSecret, secretContext } from "../secrets/signing-secret.ts";
import type { Endpoint, Events } from "../seams/log-store.ts";
import type { EndpointStore } from "../seams/store.ts";

/** An endpoint as its owner asks for it. */
export interface NewEndpoint extends Omit<NewEndpointSettings, "enabled" | "events"> {
  /** Left out: what the contract declares for an endpoint that names none. */
  readonly events?: readonly string[] | undefined;
  readonly tenant: string;
  readonly contract: string;
  /** Who asks for it: stands in the fact that says so. */
  readonly actorId?: string;
}

/** An endpoint and its signing secret, which is shown this once (R-STECH-05). Null: what signs is a private key. */
export interface EndpointWithSecret {
  readonly endpoint: Endpoint;
  readonly signingSecret: string | null;
}

export interface EndpointId {
  readonly tenant: string;
  readonly id: string;
}

/** An endpoint, and who asks for a change of it, for the fact that says so. */
export interface EndpointAct extends EndpointId {
  readonly actorId?: string;
}

export interface SecretRotation {
  /** Who asks for it: stands in the fact that says so. */
  readonly actorId: string;
  /** How long the previous secret signs too. Undefined: as long as the contract says. */
  readonly overlapSeconds?: number | undefined;
}

/** The rules of endpoints. What there is none of, or what is another tenant's, is `not_found`. */
export interface Endpoints {
  /** Throws `invalid_url`, `unknown_event_type` or `invalid_request`, and stores nothing then. */
  readonly create: (endpoint: NewEndpoint) => Promise<EndpointWithSecret>;
  readonly list: EndpointStore["list"];
  /** Throws `invalid_request` when the tenant never had the endpoint `after`. */
  readonly page: (of: Parameters<EndpointStore["page"]>[0]) => Promise<readonly Endpoint[]>;
  readonly get: (of: EndpointId) => Promise<Endpoint>;
  readonly update: (of: EndpointAct, change: Partial<EndpointSettings>) => Promise<Endpoint>;
  /**
   * From the answer on, attempts are signed with the new secret: alone (R-STECH-71), or with the previous one after it
   * until that expires (R-AUTHN-16, D-AUTHN-07), as the contract declares. A secret before the previous one signs no
   * more. Throws `invalid_request` for a time that the contract does not take.
   */
  readonly rotateSecret: (of: EndpointId, rotation: SecretRotation) => Promise<EndpointWithSecret>;
  readonly remove: (of: EndpointAct) => Promise<void>;
}

export interface EndpointParts {
  readonly store: EndpointStore;
  readonly catalog: WireCatalog;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Left out: the endpoints made here are not known to need this process's declarations. */
  readonly declarations?: DeclarationNumbers;
  readonly random: Random;
  /** `local` also takes http:// URLs. */
  readonly mode: "local" | "production";
  readonly allowTargets: readonly AllowedTarget[];
  /** By which endpoints are asked for their challenge. */
  readonly outbound: Pick<Outbound, "send">;
  readonly renderFact: RenderFact;
  /** Called after a change was written and before it is answered. */
  readonly changed: (endpoint: Endpoint) => void;
}

export function createEndpoints(parts: EndpointParts): Endpoints {
  const { store, clock } = parts;

  function facts(type: string, { id, contract, tenant }: Omit<Endpoint, "key">, more: object): Events {
    return parts.renderFact({ type, tenant, data: { endpointId: id, contract, ...more } });
  }

  async function get(of: EndpointId): Promise<Endpoint> {
    return found(await store.get(of), of);
  }

  /** What was written, once the engine was told. */
  function changed(after: Endpoint | null, of: EndpointId): Endpoint {
    const endpoint = found(after, of);
    parts.changed(endpoint);
    return endpoint;
  }

  /** Asks an endpoint that is enabled, or whose URL is another one, for its challenge. */
  async function challengeAfter(declaration: PushContract, before: Endpoint, change: Partial<EndpointSettings>) {
    const { url, enabled } = { url: before.url, enabled: before.enabled, ...change };
    const isNew = enabled && (!before.enabled || url !== before.url);
    if (declaration.challenge === undefined || !isNew) return;
    const keys = signingKeys(openSecret(parts.keyRing, before, "current"), declaration);
    await challengeUrl(parts, declaration, { endpointId: before.id, url: new URL(url), keys });
  }

  function seal(declaration: PushContract, of: EndpointId) {
    const { text, shared: signingSecret, publicKey } = newSecrets(declaration, parts.random);
    return {
      signingSecret,
      stored: { sealedSecret: parts.keyRing.seal(text, secretContext(of, "current")), publicKey },
    };
  }

  return {
    create: async ({ tenant, contract: contractId, url, description, events, actorId, ...options }) => {
      const contract = pushContractOf(parts.catalog, contractId);
      const { declaration } = contract;
      const settings = {
        url: checkedUrl(url, declaration, parts),
        description,
        events: subscriptionOf(contract, events),
        // Its receiver has to have the secret before it can be asked for the challenge.
        enabled: declaration.challenge === undefined,
        ...plainOptions,
        ...checkedOptions(declaration, options),
      };
      const at = clock.now();
      const id = parts.newId(declaration.ids.endpoint, at);
      const { signingSecret, stored } = seal(declaration, { tenant, id });
      const declared = parts.declarations?.get(contractId) ?? null;
      const base = { id, contract: contractId, tenant, ...stored, createdAt: at, declaration: declared, ...settings };
      const fresh = { ...base, ...neverUsed, updatedAt: at, deletedAt: null };
      const endpoint = await store.create(
        base,
        facts("endpoint.created", fresh, { ...settingsFact(fresh), ...actorOf({ actorId }) }),
      );
      parts.changed(endpoint);
      return { endpoint, signingSecret };
    },
    list: store.list,
    page: async (of) => {
      const page = await store.page(of);
      if (page !== null) return page;
      const message = `after: expected an endpoint of this tenant, got ${JSON.stringify(of.after)}.`;
      throw new HookwrightError("invalid_request", message, { path: "after" });
    },
    get,
    update: async ({ actorId, ...of }, { url, events, ...rest }) => {
      const before = await get(of);
      const contract = pushContractOf(parts.catalog, before.contract);
      const change = {
        ...rest,
        ...checkedOptions(contract.declaration, rest),
        ...(url === undefined ? {} : { url: checkedUrl(url, contract.declaration, parts) }),
        ...(events === undefined ? {} : { events: subscriptionOf(contract, events) }),
      };
      await challengeAfter(contract.declaration, before, change);
      const at = clock.now();
      const declared = parts.declarations?.get(contract.declaration.id) ?? null;
      const after = await store.update({ ...of, at, declaration: declared }, change, (endpoint) =>
        facts("endpoint.updated", endpoint, { ...settingsFact(endpoint), ...actorOf({ actorId }) }),
      );
      return changed(after, of);
    },
    rotateSecret: async (of, { actorId, overlapSeconds }) => {
      const { declaration } = pushContractOf(parts.catalog, (await get(of)).contract);
      const overlapMs = 1000 * overlapOf(declaration, overlapSeconds);
      const { signingSecret, stored } = seal(declaration, of);
      const at = clock.now();
      const secrets = (before: Endpoint) => ({
        ...stored,
        previousSecret: overlapMs === 0 ? null : previousSecret(parts.keyRing, before, at + overlapMs),
      });
      const after = await store.rotate({ ...of, at }, secrets, (endpoint) => {
        const { previousSecret: previous } = endpoint;
        const expiresAt = previous === null ? null : new Date(previous.expiresAt).toISOString();
        return facts("endpoint.secret_rotated", endpoint, { actorId, previousSecretExpiresAt: expiresAt });
      });
      return { endpoint: changed(after, of), signingSecret };
    },
    remove: async ({ actorId, ...of }) => {
      const endpoint = await get(of);
      found(
        (await store.remove({ ...of, at: clock.now() }, (before) =>
          facts("endpoint.deleted", before, actorOf({ actorId })),
        )) || null,
        of,
      );
      parts.changed(endpoint);
    },
  };
}

const settingsFact = ({ url, events, enabled, paused, filter }: EndpointSettings) => ({
  url,
  events,
  enabled,
  ...(paused && { paused }),
  ...(filter !== null && { filter }),
});

/** How long the previous secret of a rotation signs too, in seconds, by the contract's declaration. */
function overlapOf({ id, secret: { rotation } }: PushContract, asked: number | undefined): number {
  const max = rotation.kind === "overlap" ? rotation.maxSeconds : 0;
  if (asked === undefined) return rotation.kind === "overlap" ? rotation.defaultSeconds : 0;
  if (rotation.kind === "overlap" && Number.isSafeInteger(asked) && asked >= 0 && asked <= max) return asked;
  const expected =
    rotation.kind === "overlap"
      ? `expected a whole number from 0 to ${max}, got ${asked}`
      : `expected nothing, got ${asked}: a new secret of the contract "${id}" replaces the one before it at once`;
  throw new HookwrightError("invalid_request", `overlapSeconds: ${expected}.`, { path: "overlapSeconds" });
}

/** The secret that was current, sealed for its new place. */
function previousSecret(keyRing: KeyRing, before: Endpoint, expiresAt: number): Endpoint["previousSecret"] {
  const sealed = keyRing.seal(openSecret(keyRing, before, "current"), secretContext(before, "previous"));
  return { sealed, expiresAt };
}

const neverUsed = {
  previousSecret: null,
  subscription: null,
  failureCount: 0,
  lastFailedAt: null,
  lastFailureStatus: null,
};

function found<Value>(value: Value | null, { id }: EndpointId): Value {
  if (value !== null) return value;
  throw new HookwrightError("not_found", `There is no endpoint ${JSON.stringify(id)}.`);
}

/** The stored form of an endpoint's URL (R-STECH-11 to R-STECH-13). */
export function checkedUrl(
  text: string,
  { url }: Pick<Contract, "url">,
  { mode, allowTargets }: Pick<EndpointParts, "mode" | "allowTargets">,
): string {
  const schemes = mode === "local" ? ["https", "http"] : url.schemes;
  const checked = checkEndpointUrl(text, { ...url, schemes, allowTargets });
  if ("problem" in checked) throw new HookwrightError("invalid_url", `url: ${checked.problem}.`, { path: "url" });
  const { href } = checked.url;
  if (isUri(href)) return href;
  // URL parsers let some characters stand, `|` say, that RFC 3986 does not know; the facts about endpoints hold URIs.
  const message = "url: expected every character to be one of RFC 3986 or percent-encoded, got others.";
  throw new HookwrightError("invalid_url", message, { path: "url" });
}
