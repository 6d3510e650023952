import { createHash } from "node:crypto";

/** What makes two subscriptions the same. */
export interface SubscriptionKey {
  readonly tenant: string;
  readonly subscriber: string;
  readonly contract: string;
  readonly url: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * The id of a subscription, made from its key: whoever asks again for the same gets the same, in any process and after any
 * restart, whatever the order of the arguments. It says which subscription a delivery is of, and gives no right to it.
 */
export function subscriptionId(prefix: string, key: SubscriptionKey): string {
  const { tenant, subscriber, contract, url, name } = key;
  const parts = [tenant, subscriber, contract, url, name, sorted(key.arguments)];
  return prefix + createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** Arguments have texts, numbers, true, false and null alone, so that an order of their names is all there is to settle. */
function sorted(given: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(given).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
