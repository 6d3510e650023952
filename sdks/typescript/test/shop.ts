/** A small contract in the form in which the generator writes one, with every kind of field that the core can decode. */
import { defineWebhook, type ReceiverContract } from "../src/core/webhook.ts";

export { WebhookError } from "../src/core/webhook.ts";

export interface EventEnvelope<Type extends string> {
  id: string;
  type: Type;
  shopId: string | null;
}

export interface Customer {
  name: string;
  email: string | null;
}

export interface OrderLine {
  sku: string;
  quantity: number;
}

export interface OrderPaidData {
  orderId: string;
  total: number;
  taxRate: number;
  express: boolean;
  currency: "EUR" | "USD" | (string & {});
  note: string | null;
  coupon?: string;
  giftFor?: string | null;
  customer: Customer;
  lines: OrderLine[];
  labels: Record<string, string | null>;
  reference: number | string;
  metadata: unknown;
}

export interface FraudSuspected {
  kind: "fraud_suspected";
  score: number;
}

export interface StockMissing {
  kind: "stock_missing";
  skus: string[];
}

export interface UnknownFlag {
  kind: "$unknown";
  rawKind: string;
  raw: unknown;
}

export interface OrderFlaggedData {
  orderId: string;
  flags: OrderFlag[];
  byTeam: Record<string, OrderFlag>;
}

export type OrderFlag = FraudSuspected | StockMissing | UnknownFlag;

export interface CardRefund {
  method: "card";
  last4: string;
}

export interface OrderPaid extends EventEnvelope<"order.paid"> {
  data: OrderPaidData;
}

export interface OrderFlagged extends EventEnvelope<"order.flagged"> {
  data: OrderFlaggedData;
}

export interface OrderRefunded extends EventEnvelope<"order.refunded"> {
  data: CardRefund;
}

export interface UnknownEvent extends EventEnvelope<"$unknown"> {
  rawType: string;
  data: unknown;
}

export interface EventMap {
  "order.paid": OrderPaid;
  "order.flagged": OrderFlagged;
  "order.refunded": OrderRefunded;
}

export type WebhookEvent = EventMap[keyof EventMap] | UnknownEvent;

export const contract = {
  id: "shop",
  mode: "push",
  authorizationHeader: null,
  eventId: { in: "envelope", name: "id" },
  metaKey: null,
  metas: {},
  batch: null,
  verdict: null,
  signature: {
    algorithms: [{ name: "hmac-sha256", key: "utf8", secretPrefix: "whsec_", prefix: "sha256=", encoding: "hex" }],
    content: ["id", "timestamp", "body"],
    signatureHeader: "Shop-Signature",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "header", header: "Shop-Timestamp" },
    idHeader: "Shop-Id",
    toleranceSeconds: 300,
    toleranceSides: "both",
  },
  typeKey: "type",
  dataKey: "data",
  envelope: {
    id: { type: "string" },
    type: { type: "string" },
    shopId: { type: "string", nullable: true },
  },
  events: { "order.paid": "OrderPaidData", "order.flagged": "OrderFlaggedData", "order.refunded": "Refund" },
  shapes: {
    Customer: { fields: { name: { type: "string" }, email: { type: "string", nullable: true } } },
    OrderLine: { fields: { sku: { type: "string" }, quantity: { type: "integer" } } },
    OrderPaidData: {
      fields: {
        orderId: { type: "string" },
        total: { type: "integer" },
        taxRate: { type: "number" },
        express: { type: "boolean" },
        currency: { type: "string" },
        note: { type: "string", nullable: true },
        coupon: { type: "string", optional: true },
        giftFor: { type: "string", nullable: true, optional: true },
        customer: { type: { shape: "Customer" } },
        lines: { type: { array: { type: { shape: "OrderLine" } } } },
        labels: { type: { record: { type: "string", nullable: true } } },
        reference: { type: { scalars: ["number", "string"] } },
        metadata: { type: "unknown" },
      },
    },
    FraudSuspected: { fields: { kind: { type: { constant: "fraud_suspected" } }, score: { type: "number" } } },
    StockMissing: {
      fields: { kind: { type: { constant: "stock_missing" } }, skus: { type: { array: { type: "string" } } } },
    },
    OrderFlag: {
      discriminator: "kind",
      variants: { fraud_suspected: "FraudSuspected", stock_missing: "StockMissing" },
      open: true,
    },
    OrderFlaggedData: {
      fields: {
        orderId: { type: "string" },
        flags: { type: { array: { type: { shape: "OrderFlag" } } } },
        byTeam: { type: { record: { type: { shape: "OrderFlag" } } } },
      },
    },
    CardRefund: { fields: { method: { type: { constant: "card" } }, last4: { type: "string" } } },
    Refund: { discriminator: "method", variants: { card: "CardRefund" }, open: false },
  },
} as const satisfies ReceiverContract;

export const Webhook = defineWebhook<EventMap, UnknownEvent>(contract);
