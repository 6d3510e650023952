import type { OrderFlagged, OrderPaid } from "./shop.ts";

export const paid: OrderPaid = {
  id: "evt_1",
  type: "order.paid",
  shopId: "shop_1",
  data: {
    orderId: "ord_1",
    total: 4200,
    taxRate: 0.19,
    express: true,
    currency: "EUR",
    note: null,
    customer: { name: "Zoë", email: null },
    lines: [{ sku: "cup", quantity: 2 }],
    labels: { channel: "web", campaign: null },
    reference: "PO-7",
    metadata: { any: ["thing"] },
  },
};

export const flagged: OrderFlagged = {
  id: "evt_2",
  type: "order.flagged",
  shopId: null,
  data: { orderId: "ord_1", flags: [{ kind: "fraud_suspected", score: 0.9 }], byTeam: {} },
};

/** The event with other fields in its data, as JSON; `undefined` removes one. */
export function paidWith(data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...paid, data: { ...paid.data, ...data } });
}
