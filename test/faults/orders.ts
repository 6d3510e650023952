import { createRandom, type SeededRandom } from "./random.ts";

/**
 * What the product does in one transaction: a row of its own, one to three events, and up to two log records. All of it
 * follows from the key.
 */
export interface Order {
  readonly key: string;
  readonly tenant: string;
  readonly events: readonly OrderEvent[];
  /** `alone`: one event without a transaction of the product's own. */
  readonly fate: "commit" | "rollback" | "alone";
  /** Whether the product tries again when it does not know what became of it. */
  readonly isRepeated: boolean;
  /** How long the transaction stays open after its writes. */
  readonly holdMs: number;
}

export interface OrderEvent {
  readonly contract: "stech" | "authsignal";
  readonly idempotencyKey: string;
  readonly type: EventName | "challenge.log_created";
  readonly data: Readonly<Record<string, string | null>>;
}

export const eventNames = ["scim.user_added", "scim.user_deactivated"] as const;
export type EventName = (typeof eventNames)[number];

export const tenants = Array.from({ length: 8 }, (_, index) => `org_${index}`);

export function orderOf(key: string): Order {
  const random = createRandom(key);
  const fate = random.pick(["commit", "commit", "commit", "commit", "commit", "rollback", "alone"] as const);
  const count = fate === "alone" ? 1 : 1 + random.below(3);
  const tenant = random.pick(tenants);
  return {
    key,
    tenant,
    events: [
      ...Array.from({ length: count }, (_, index) => eventOf(key, index, random)),
      ...Array.from({ length: fate === "alone" ? 0 : random.below(3) }, (_, index) =>
        recordOf({ key, tenant }, count + index, random),
      ),
    ],
    fate,
    isRepeated: random.isLucky(0.7),
    // A transaction that stays open holds back every later position.
    holdMs: random.isLucky(0.03) ? random.below(400) : 0,
  };
}

/** Bodies of different sizes, and not of ASCII alone. */
const filling = (random: SeededRandom) => "Zoë 🙂 ".repeat(random.below(40));

function eventOf(key: string, index: number, random: SeededRandom): OrderEvent {
  const type = random.pick(eventNames);
  const user = { userId: `usr_${key}`, externalId: null, email: null, membershipId: `mem_${filling(random)}${index}` };
  const data = type === "scim.user_added" ? user : { ...user, deactivatedAt: "2026-01-01T00:00:00.000Z" };
  return { contract: "stech", idempotencyKey: `${key}.${index}`, type, data };
}

function recordOf({ key, tenant }: Pick<Order, "key" | "tenant">, index: number, random: SeededRandom): OrderEvent {
  const challenge = { userId: `usr_${key}`, actionCode: filling(random), createdAt: "2026-01-01T00:00:00.000Z" };
  const data = { tenantId: tenant, ...challenge, idempotencyKey: `${key}.${index}`, type: "PUSH_SENT" };
  return { contract: "authsignal", idempotencyKey: `${key}.${index}`, type: "challenge.log_created", data };
}

/** What an emitter wrote down about an order. Neither `acked` nor `rolledBack`: nobody but the database knows. */
export type OrderEntry =
  | { readonly kind: "attempted" | "unknown" | "rolledBack"; readonly key: string }
  | { readonly kind: "acked"; readonly key: string; readonly eventIds: readonly string[] };

/** How the orders ended as far as those who placed them know. */
export interface OrderOutcome {
  readonly order: Order;
  /** Null: not known. */
  readonly ackedIds: readonly string[] | null;
}

export function outcomesOf(entries: readonly OrderEntry[]): readonly OrderOutcome[] {
  const acked = new Map(entries.flatMap((entry) => (entry.kind === "acked" ? [[entry.key, entry.eventIds]] : [])));
  const keys = new Set(entries.filter(({ kind }) => kind === "attempted").map(({ key }) => key));
  return [...keys].map((key) => ({ order: orderOf(key), ackedIds: acked.get(key) ?? null }));
}

/** Those to place again: what became of them is not known, and it may have been nothing. */
export function openKeys(entries: readonly OrderEntry[]): readonly string[] {
  const ended = new Set(entries.filter(({ kind }) => kind === "acked" || kind === "rolledBack").map(({ key }) => key));
  return outcomesOf(entries)
    .filter(({ order }) => order.isRepeated && order.fate !== "rollback" && !ended.has(order.key))
    .map(({ order }) => order.key);
}
