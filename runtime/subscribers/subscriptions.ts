import type { PushContract, SubscriberRule } from "../../catalog/contract.ts";
import { pushContractOf } from "../contracts/contract-of.ts";
import { eventArguments } from "../contracts/event-arguments.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { checkedUrl, type EndpointParts } from "../endpoints/endpoints.ts";
import { HookwrightError } from "../errors.ts";
import { openSecret, secretContext } from "../secrets/signing-secret.ts";
import type { Endpoint } from "../seams/log-store.ts";
import type { SubscribedEndpoint, SubscriberStore } from "../seams/store.ts";
import { challenge, type ChallengeParts, type Refusal } from "./challenge.ts";
import { checkSubscriberSecret } from "./subscriber-secret.ts";
import { subscriptionFacts } from "./subscription-facts.ts";
import { subscriptionId } from "./subscription-id.ts";

/** What a subscriber wants to be told, and where. */
export interface SubscriptionTarget {
  readonly tenant: string;
  readonly contract: string;
  /** Who asks, in the words of what authenticated it; a subscription is of one subscriber. */
  readonly subscriber: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly url: string;
}

export interface SubscriptionRequest extends SubscriptionTarget {
  readonly secret: string;
  /** How long it should last. Undefined: as long as the contract says; null: as long as it may. */
  readonly ttlMs: number | null | undefined;
  /** Stands in the fact that says so. */
  readonly actorId: string;
}

/** What became of a request to subscribe. */
export type Subscribed =
  | {
      readonly kind: "subscribed";
      readonly endpoint: Endpoint;
      readonly expiresAt: number;
      /** The subscription as it was. Null: there was none. */
      readonly before: Endpoint | null;
    }
  /** The URL did not answer the challenge; nothing was changed. */
  | { readonly kind: "refused"; readonly reason: Refusal };

/** Endpoints that programs register by themselves, by the contract's rule for subscribers. */
export interface Subscriptions {
  /**
   * Subscribes, or renews what the same subscriber asked for before: the end is put off, another secret takes the place of
   * the one there was, which signs too for a while. Throws `unknown_event_type`, `invalid_url`, `invalid_request` or
   * `limit_reached`.
   */
  readonly subscribe: (request: SubscriptionRequest) => Promise<Subscribed>;
  /** False when there is no such subscription. */
  readonly unsubscribe: (target: SubscriptionTarget & { readonly actorId: string }) => Promise<boolean>;
}

export interface SubscriptionParts
  extends
    ChallengeParts,
    Pick<
      EndpointParts,
      "catalog" | "keyRing" | "mode" | "allowTargets" | "renderFact" | "changed" | "declarations" | "random"
    > {
  readonly store: { readonly subscribers: SubscriberStore; readonly endpoints: Pick<EndpointParts["store"], "remove"> };
}

export function createSubscriptions(parts: SubscriptionParts): Subscriptions {
  const { clock } = parts;
  const { subscribers, endpoints } = parts.store;

  return {
    subscribe: async (request) => {
      const { tenant, subscriber } = request;
      const target = targetOf(request, parts);
      const { declaration, rule, filter, url, id } = target;
      checkSubscriberSecret(request.secret, declaration.secret, rule);
      const ttlMs = grantedMs(rule, request.ttlMs);
      const proven = await subscribers.provenAt({ tenant, subscriber, url });
      const isProven = proven !== null && clock.now() < proven + rule.provenSeconds * 1000;
      const reason = isProven ? null : await challenge(parts, declaration, { id, url, secret: request.secret });
      if (reason !== null) return { kind: "refused", reason };
      const at = clock.now();
      const provenAt = isProven ? proven : at;
      const expiresAt = at + ttlMs;
      const { before, after } = await subscribers.subscribe(
        { tenant, id, at },
        (known, { subscriptionCount }) => {
          if (known === null && subscriptionCount >= rule.subscriptionsMax) throw tooMany(rule);
          return {
            ...{ url, filter, contract: declaration.id, events: [request.name] },
            declaration: parts.declarations?.get(declaration.id) ?? null,
            ...secretsAfter({ tenant, id, at, known, secret: request.secret }, declaration, parts),
            subscription: { subscriber, expiresAt, provenAt },
          };
        },
        (known, endpoint) => subscriptionFacts(parts.renderFact, { before: known, after: endpoint }, request.actorId),
      );
      parts.changed(after);
      return { kind: "subscribed", endpoint: after, expiresAt, before };
    },
    unsubscribe: async ({ actorId, ...target }) => {
      const { tenant } = target;
      const { id } = targetOf(target, parts);
      let removed: Endpoint | null = null;
      const isRemoved = await endpoints.remove({ tenant, id, at: clock.now() }, (endpoint) => {
        removed = endpoint;
        const data = { endpointId: id, contract: endpoint.contract, actorId };
        return parts.renderFact({ type: "endpoint.deleted", tenant, data });
      });
      if (removed !== null) parts.changed(removed);
      return isRemoved;
    },
  };
}

/** Everything that follows from a target by its contract. */
function targetOf(target: SubscriptionTarget, parts: SubscriptionParts) {
  const contract = pushContractOf(parts.catalog, target.contract);
  const { declaration } = contract;
  const rule = ruleOf(contract);
  const filter = eventArguments(contract, target.name).filterOf(target.arguments);
  const url = checkedUrl(target.url, declaration, parts);
  const id = subscriptionId(declaration.ids.endpoint.prefix, { ...target, url });
  return { declaration, rule, filter, url, id };
}

function ruleOf({ declaration: { id, subscribers } }: WireContract): SubscriberRule {
  if (subscribers !== undefined) return subscribers;
  const message = `contract: expected one that takes subscribers, got ${JSON.stringify(id)}, whose endpoints their owner registers.`;
  throw new HookwrightError("unknown_contract", message, { path: "contract" });
}

function grantedMs({ ttlSeconds }: SubscriberRule, asked: number | null | undefined): number {
  if (asked === undefined) return ttlSeconds.default * 1000;
  return Math.min(Math.max(asked ?? Infinity, ttlSeconds.min * 1000), ttlSeconds.max * 1000);
}

function tooMany({ subscriptionsMax }: SubscriberRule): HookwrightError {
  const message = `A tenant has ${subscriptionsMax} subscriptions at most; unsubscribe from one, or wait until one ends.`;
  return new HookwrightError("limit_reached", message);
}

interface SecretChange {
  readonly tenant: string;
  readonly id: string;
  readonly at: number;
  /** The subscription as it was. Null: there was none. */
  readonly known: Endpoint | null;
  readonly secret: string;
}

/** The secret that the subscriber brought; one that is new has the one before it beside it for the contract's overlap. */
function secretsAfter(
  { tenant, id, at, known, secret }: SecretChange,
  { secret: { rotation } }: PushContract,
  { keyRing }: SubscriptionParts,
): Pick<SubscribedEndpoint, "sealedSecret" | "previousSecret"> {
  const former = known === null ? null : openSecret(keyRing, known, "current");
  if (known !== null && former === secret)
    return { sealedSecret: known.sealedSecret, previousSecret: known.previousSecret };
  const overlapMs = rotation.kind === "overlap" ? rotation.defaultSeconds * 1000 : 0;
  const sealedSecret = keyRing.seal(secret, secretContext({ tenant, id }, "current"));
  if (former === null || overlapMs === 0) return { sealedSecret, previousSecret: null };
  const sealed = keyRing.seal(former, secretContext({ tenant, id }, "previous"));
  return { sealedSecret, previousSecret: { sealed, expiresAt: at + overlapMs } };
}
