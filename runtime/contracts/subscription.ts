import { HookwrightError } from "../errors.ts";
import { nearNames } from "../near-names.ts";
import { eventTypeOf } from "./contract-of.ts";
import type { WireContract } from "./wire-contract.ts";

/** Ends a subscription that stands for the types of a group, `organization.*` (F-AUTHN-06). */
const prefixEnd = ".*";

/**
 * The stored form of a subscription: known types once each, in order. A prefix absorbs what it stands for, narrower
 * prefixes too, and the wildcard absorbs everything (R-STECH-14, R-STECH-38 to R-STECH-40). Throws `invalid_request`
 * when there is none and the contract has no default, and `unknown_event_type` for a type or prefix that the contract does not have.
 */
export function subscriptionOf(contract: WireContract, named: readonly string[] | undefined): readonly string[] {
  const { wildcard, default: byDefault } = contract.declaration.subscription;
  const wanted = named ?? (byDefault === undefined ? [] : [byDefault]);
  if (wanted.length === 0) {
    const message = "events: expected at least one event type or *, got none.";
    throw new HookwrightError("invalid_request", message, { path: "events" });
  }
  wanted.forEach((each, index) => {
    if (each === wildcard) return;
    if (each.endsWith(prefixEnd)) checkPrefix(contract, each, `events[${index}]`);
    else eventTypeOf(contract, each, `events[${index}]`);
  });
  if (wanted.includes(wildcard)) return [wildcard];
  const all = new Set(wanted);
  return [...all].filter((each) => !prefixesOf(each).some((prefix) => prefix !== each && all.has(prefix)));
}

/** All that can stand in a subscription for this event type: the wildcard, the type, and its prefixes (R-STECH-39). */
export function subscriptionsTo(type: string): readonly string[] {
  return ["*", type, ...prefixesOf(type)];
}

/** The prefixes that stand for a type or a prefix, `a.*` and `a.b.*` of `a.b.c`; of a prefix, itself among them. */
function prefixesOf(type: string): readonly string[] {
  const parts = type.split(".");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(".") + prefixEnd);
}

function checkPrefix({ declaration, eventTypes }: WireContract, prefix: string, path: string): void {
  const { id, subscription } = declaration;
  if (!subscription.prefixes) {
    const message = `${path}: expected an event type or ${subscription.wildcard}, got ${JSON.stringify(prefix)}; the contract "${id}" takes no prefixes.`;
    throw new HookwrightError("unknown_event_type", message, { path });
  }
  const known = new Set(Object.keys(eventTypes).flatMap(prefixesOf));
  if (known.has(prefix)) return;
  const near = nearNames(prefix, [...known]).map((each) => JSON.stringify(each));
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
  const message = `${path}: the contract "${id}" has no event type that begins like ${JSON.stringify(prefix)}.${meant}`;
  throw new HookwrightError("unknown_event_type", message, { path });
}
