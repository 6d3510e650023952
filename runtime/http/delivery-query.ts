import { Type, type Static } from "@sinclair/typebox";
import { eventTypeOf } from "../contracts/contract-of.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { undelivered, type DeliveryFilter, type DeliveryState } from "../endpoints/delivery-filter.ts";
import { HookwrightError } from "../errors.ts";
import { timestamp } from "./schemas.ts";

/** Words for states that are the same for every contract. */
export const commonStates = {
  pending: ["pending"],
  delivered: ["delivered"],
  failed: ["rejected", "exhausted"],
} as const satisfies Readonly<Record<string, readonly DeliveryState[]>>;

export const commonState = Type.Union([Type.Literal("pending"), Type.Literal("delivered"), Type.Literal("failed")], {
  description: "The same for every contract: it waits, was accepted, or was given up or refused.",
});

/** How deliveries are chosen, in a query as in a body. */
export const filterQuery = {
  types: Type.Optional(Type.String({ maxLength: 10_000, description: "Event types, separated by commas." })),
  status: Type.Optional(Type.String({ maxLength: 255, description: "In the contract's words." })),
  from: Type.Optional(timestamp("Of events that did not happen before.")),
  until: Type.Optional(timestamp("Of events that happened before.")),
  undelivered: Type.Optional(
    Type.Literal("true", { description: "Of those that were given up or refused, the ones not redelivered since." }),
  ),
};
const FilterQuery = Type.Object(filterQuery);

/** The same in a body. */
export const filterBody = {
  ...filterQuery,
  types: Type.Optional(
    Type.Array(Type.String({ maxLength: 255 }), { minItems: 1, maxItems: 1000, description: "Event types." }),
  ),
  undelivered: Type.Optional(Type.Literal(true, { description: filterQuery.undelivered.description ?? "" })),
  missed: Type.Optional(
    Type.Literal(true, {
      description:
        "In place of deliveries there are: events that the endpoint would get as it is today and has no delivery of, " +
        "because it was disabled, not subscribed or not there when they happened.",
    }),
  ),
};
const FilterBody = Type.Object(filterBody);

export function queriedFilter({ types, ...query }: Static<typeof FilterQuery>, contract: WireContract): DeliveryFilter {
  return deliveryFilter({ ...query, ...(types !== undefined && { types: types.split(",") }) }, contract);
}

/** Throws `invalid_request` or `unknown_event_type`. */
export function deliveryFilter(
  query: Omit<Static<typeof FilterBody>, "undelivered"> & { readonly undelivered?: true | "true" },
  contract: WireContract,
): DeliveryFilter {
  const { types, status, from, until, missed } = query;
  if (missed) refuseWithMissed(query);
  const chosen = {
    states: status === undefined ? null : statesOf(status, contract),
    types: types === undefined ? null : typesOf(types, contract),
    from: from === undefined ? null : Date.parse(from),
    until: until === undefined ? null : Date.parse(until),
    runs: "all" as const,
  };
  if (missed) return { ...chosen, states: [], missed };
  if (query.undelivered === undefined) return chosen;
  const states = chosen.states?.filter((state) => undelivered.states.some((each) => each === state));
  return { ...chosen, ...undelivered, ...(states !== undefined && { states }) };
}

/** What was missed has no state; and of a whole history it is hardly what somebody wants who says nothing of a time. */
function refuseWithMissed({ status, undelivered, from }: { status?: string; undelivered?: unknown; from?: string }) {
  if (status === undefined && undelivered === undefined && from !== undefined) return;
  const message = "missed: expected with it from, and neither status nor undelivered: what was missed was never sent.";
  throw new HookwrightError("invalid_request", message, { path: "missed" });
}

/** One word of a contract may stand for two ways to end. */
function statesOf(word: string, { declaration: { id, states } }: WireContract): readonly DeliveryState[] {
  const all: readonly DeliveryState[] = ["pending", "delivered", "rejected", "exhausted"];
  const meant = all.filter((state) => states[state] === word);
  if (meant.length > 0) return meant;
  const words = [...new Set(all.map((state) => states[state]))].join(", ");
  const message = `status: expected a state of the contract "${id}", which are ${words}, got ${JSON.stringify(word)}.`;
  throw new HookwrightError("invalid_request", message, { path: "status" });
}

function typesOf(given: readonly string[], contract: WireContract): readonly string[] {
  const types = given.map((type) => type.trim());
  for (const type of types) eventTypeOf(contract, type, "types");
  return types;
}
