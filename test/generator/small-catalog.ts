import { standardWebhooks, standardWebhooksBoth } from "../../catalog/presets.ts";
import type { CatalogModel, ContractModel, Doc, Field, Span, Type } from "../../generator/model.ts";

const span: Span = { file: "catalog/shop/order.ts", line: 1, column: 1, length: 1 };

export function doc(summary: string, details = ""): Doc {
  return { summary, details, deprecated: null };
}

interface State {
  readonly nullable?: true;
  readonly optional?: true;
  readonly doc?: Doc;
}

export function field(name: string, type: Type, state: State = {}): Field {
  const { nullable = false, optional = false, doc: said = null } = state;
  return { name, type, nullable, optional, doc: said, span };
}

export function text(facts: Partial<Extract<Type, { kind: "string" }>> = {}): Type {
  return { kind: "string", format: null, lengthMax: null, truncated: false, ...facts };
}

export function number(kind: "integer" | "number", minimum: number | null = null, maximum: number | null = null): Type {
  return { kind, minimum, maximum };
}

/** What no event type of this catalog says. */
const plain = { title: null, level: null, since: null, meta: null } as const;

function shopContract(): ContractModel {
  return {
    declaration: {
      ...standardWebhooksBoth,
      id: "shop",
      title: "Shop webhooks",
      doc: "One signed POST for each event of a shop.\n\nDelivery is at least once; deduplicate on `id`.",
      tenant: { noun: "shop", example: "shop_1" },
      envelope: {
        id: { from: "event.id", doc: "The event. Deduplicate on it." },
        apiVersion: { constant: "2026-05", doc: "The version of the envelope." },
        type: { from: "event.type", doc: "What happened." },
        occurredAt: { from: "event.time", format: "unix-ms", doc: "When it happened." },
        shopId: { from: "tenant", doc: "Where it happened." },
        data: { from: "data", doc: "What the event says." },
      },
      ids: {
        event: { prefix: "evt_", format: "uuid" },
        endpoint: { prefix: "whe_", format: "uuid" },
        delivery: { prefix: "dlv_" },
        attempt: { prefix: "dla_" },
      },
      headers: { ...standardWebhooks.headers, "webhook-type": "event.type", "webhook-attempt": "attempt.id" },
      userAgent: "Shop/1",
      outcomes: [
        { on: "2xx", then: "deliver" },
        { on: [409, 429], then: "retry", error: "busy" },
        { on: ["3xx", "4xx"], then: "reject" },
        { on: ["5xx", "timeout", "network_error"], then: "retry" },
        { on: "address_blocked", then: "reject", error: "ssrf_blocked" },
      ],
      retry: { waitsSeconds: [60, 300, 2 * 3600] },
      disable: { consecutiveFailures: 50 },
    },
    events: [
      {
        name: "order.placed",
        group: "order",
        doc: doc("A customer placed an order.", "It is not paid yet; `order.paid` says that it is."),
        data: "OrderPlacedData",
        examples: [
          { name: "with everything", data: order },
          { name: "with little", data: smallOrder },
        ],
        ...plain,
        span,
      },
      {
        name: "order.noted",
        group: "order",
        doc: { summary: "Somebody wrote a note.", details: "", deprecated: "Use `order.placed`." },
        data: "Note",
        examples: [
          { name: "by a person", data: { kind: "person", author: "Robin", text: 'She said "hello"', stars: 5 } },
          { name: "by a machine", data: { kind: "machine", model: null } },
        ],
        ...plain,
        span,
      },
      {
        name: "stock.counted",
        group: "stock",
        doc: doc("The stock was counted."),
        data: "StockCountedData",
        examples: [{ name: "a shelf", data: { counts: Array.from({ length: 60 }, (_, index) => index * 7) } }],
        ...plain,
        span,
      },
    ],
    verdict: null,
    shapes: [
      {
        kind: "object",
        name: "Money",
        doc: doc("An amount of money."),
        fields: [
          field("amount", number("integer"), { doc: doc("In the smallest unit of the currency.") }),
          field("currency", { kind: "enum", values: ["EUR", "USD"], open: true }),
        ],
      },
      {
        kind: "object",
        name: "OrderPlacedData",
        doc: null,
        fields: [
          field("orderId", text({ format: "id" })),
          field("requestId", text({ format: "uuid" }), { optional: true }),
          field("placedAt", text({ format: "date-time" })),
          field("paidAt", text({ format: "date-time" }), { nullable: true, doc: doc("Null until it is paid.") }),
          field("email", text({ format: "email" }), { optional: true, nullable: true }),
          field("site", text({ format: "uri" }), {
            doc: { summary: "Where the order was placed.", details: "", deprecated: "Every order has one site now." },
          }),
          field("code", text({ lengthMax: 8 })),
          field("comment", text({ lengthMax: 40, truncated: true }), { nullable: true }),
          field("share", number("number", 0, 1)),
          field("weight", number("number"), { optional: true }),
          field("count", number("integer", 1, 99)),
          field("gift", { kind: "boolean" }),
          field("version", { kind: "constant", value: 2 }),
          field("channel", {
            kind: "enum",
            values: ["a shop in the street", "the web page", "the application", "a telephone call", "a letter"],
            open: false,
          }),
          field("priority", { kind: "enum", values: [1, 2, 3], open: false }, { nullable: true }),
          field(
            "reference",
            { kind: "scalars", of: [plainText, { kind: "number", minimum: null, maximum: null }] },
            {
              nullable: true,
            },
          ),
          field("total", { kind: "shape", name: "Money" }),
          field(
            "discount",
            { kind: "shape", name: "Money" },
            {
              nullable: true,
              doc: doc("What was taken off the price before tax, over all lines of the order and all vouchers of it."),
            },
          ),
          field("lines", { kind: "array", items: { type: { kind: "shape", name: "Money" }, nullable: false } }),
          field("channels", {
            kind: "array",
            items: {
              type: {
                kind: "enum",
                values: ["a shop in the street", "the web page", "the application", "a telephone call", "a letter"],
                open: true,
              },
              nullable: true,
            },
          }),
          field("labels", { kind: "record", values: { type: plainText, nullable: true } }, { nullable: true }),
          field("metadata", { kind: "record", values: { type: { kind: "unknown" }, nullable: false } }),
          field("extra", { kind: "unknown" }, { optional: true }),
          field("x-key", text(), { doc: doc("A name that is no identifier; a comment that ends in */ stays one.") }),
        ],
      },
      {
        kind: "object",
        name: "PersonNote",
        doc: doc("A person's note."),
        fields: [
          field("kind", { kind: "constant", value: "person" }),
          field("author", text()),
          field("text", text({ lengthMax: 20, truncated: true })),
          field("stars", number("integer", 0, 5), { optional: true }),
        ],
      },
      {
        kind: "object",
        name: "MachineNote",
        doc: null,
        fields: [field("kind", { kind: "constant", value: "machine" }), field("model", text(), { nullable: true })],
      },
      {
        kind: "union",
        name: "Note",
        doc: doc("A note on an order."),
        discriminator: "kind",
        variants: [
          { tag: "person", shape: "PersonNote" },
          { tag: "machine", shape: "MachineNote" },
        ],
        open: true,
      },
      {
        kind: "union",
        name: "ClosedNote",
        doc: null,
        discriminator: "kind",
        variants: [
          { tag: "person", shape: "PersonNote" },
          { tag: "machine", shape: "MachineNote" },
        ],
        open: false,
      },
      {
        kind: "object",
        name: "StockCountedData",
        doc: null,
        fields: [
          field("counts", { kind: "array", items: { type: number("integer"), nullable: false } }),
          field("note", { kind: "shape", name: "ClosedNote" }, { optional: true, nullable: true }),
        ],
      },
    ],
  };
}

const plainText = { kind: "string", format: null, lengthMax: null, truncated: false } as const;

const order = {
  orderId: "ord_1",
  requestId: "0190b0a4-2f6e-7c3a-9d51-0e8f7a6b5c4d",
  placedAt: "2026-05-08T14:02:11.482Z",
  paidAt: null,
  email: "robin@acme.example",
  site: "https://shop.example/",
  code: "A1",
  comment: "Bitte klingeln – 2. Stock",
  share: 0.25,
  weight: 1e21,
  count: 3,
  gift: false,
  version: 2,
  channel: "the web page",
  priority: 2,
  reference: "PO-1",
  total: { amount: 1999, currency: "EUR" },
  discount: { amount: 100, currency: "EUR" },
  lines: [
    { amount: 999, currency: "EUR" },
    { amount: 1000, currency: "EUR" },
  ],
  channels: ["a letter", null],
  labels: { "first label": "one", second: null },
  metadata: { nested: { deep: [[1, 2], [3, 4], []] }, größe: "L" },
  extra: ["日本語", { one: true }],
  "x-key": "it's",
};

const smallOrder = {
  orderId: "ord_2",
  placedAt: "2026-05-08T14:02:11.482Z",
  paidAt: "2026-05-08T14:03:00.000Z",
  site: "https://shop.example/",
  code: "",
  comment: null,
  share: 1,
  count: 1,
  gift: true,
  version: 2,
  channel: "a letter",
  priority: null,
  reference: 17,
  total: { amount: 0, currency: "USD" },
  discount: null,
  lines: [],
  channels: [],
  labels: null,
  metadata: {},
  "x-key": "",
};

/** A contract whose events Hookwright emits, with the signed time inside the signature header. */
function houseContract(): ContractModel {
  return {
    declaration: {
      ...standardWebhooks,
      producer: "hookwright",
      id: "house",
      title: "House webhooks",
      doc: "What happens in the house.",
      tenant: { noun: "tenant", example: "org_1" },
      ids: {
        event: { prefix: "", format: "uuid" },
        endpoint: { prefix: "whe_", format: "uuid" },
        delivery: { prefix: "dlv_" },
        attempt: { prefix: "dla_" },
      },
      headers: { "X-Signature": "signature" },
      userAgent: "House/1",
      signature: {
        ...standardWebhooks.signature,
        key: "utf8",
        content: ["timestamp", "body"],
        encoding: "hex",
        prefix: "v2=",
        separator: ",",
        timestamp: { unit: "milliseconds", carrier: "signature", prefix: "t=" },
        toleranceSides: "past",
      },
    },
    events: [
      {
        name: "door.opened",
        group: "door",
        doc: doc("A door opened."),
        data: "Door",
        examples: [{ name: "the front door", data: { door: "front" } }],
        ...plain,
        span,
      },
    ],
    verdict: null,
    shapes: [{ kind: "object", name: "Door", doc: null, fields: [field("door", text())] }],
  };
}

/** A catalog with every kind of type in every state, and little else; the golden files are made from it. */
export const smallCatalog: CatalogModel = { contracts: [shopContract(), houseContract()] };
