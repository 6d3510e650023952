import { describe, expect, test } from "vitest";
import { stech } from "../../../catalog/stech/contract.ts";
import { subscriptionOf, subscriptionsTo } from "../../../runtime/contracts/subscription.ts";
import type { EventType, WireContract } from "../../../runtime/contracts/wire-contract.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";

const names = ["user.created", "user.deleted", "instance.config.updated", "instance.config.reset", "instance.stopped"];
const eventType: EventType = catalog.stech.eventTypes["deployment.created"];
const contract: WireContract = {
  declaration: { ...stech, subscription: { wildcard: "*", prefixes: true } },
  eventTypes: Object.fromEntries(names.map((name) => [name, eventType])),
};

describe("a subscription (F-AUTHN-06, R-STECH-14, R-STECH-40)", () => {
  test.each([
    { wanted: ["user.deleted", "user.created", "user.deleted"], stored: ["user.deleted", "user.created"] },
    { wanted: ["user.created", "user.*", "instance.stopped"], stored: ["user.*", "instance.stopped"] },
    { wanted: ["instance.config.*", "instance.*", "instance.config.reset"], stored: ["instance.*"] },
    { wanted: ["instance.config.*", "instance.config.reset"], stored: ["instance.config.*"] },
    { wanted: ["user.*", "*", "user.created"], stored: ["*"] },
  ])("$wanted is stored as $stored", ({ wanted, stored }) => {
    expect(subscriptionOf(contract, wanted)).toEqual(stored);
  });

  test.each([
    {
      wanted: ["user.created", "users.*"],
      says: 'events[1]: the contract "stech" has no event type that begins like "users.*". Did you mean "user.*"?',
    },
    {
      wanted: ["user.created.*"],
      says: 'events[0]: the contract "stech" has no event type that begins like "user.created.*".',
    },
    { wanted: [".*"], says: 'events[0]: the contract "stech" has no event type that begins like ".*".' },
    { wanted: ["user*"], says: 'events[0]: the contract "stech" has no event type "user*".' },
    { wanted: [], says: "events: expected at least one event type or *, got none." },
  ])("$wanted is refused", ({ wanted, says }) => {
    expect(() => subscriptionOf(contract, wanted)).toThrow(says);
  });

  test("is for a type by the wildcard, by itself, and by each of its prefixes", () => {
    expect(subscriptionsTo("a.b.c")).toEqual(["*", "a.b.c", "a.*", "a.b.*"]);
    expect(subscriptionsTo("a.b_c")).toEqual(["*", "a.b_c", "a.*"]);
  });
});
