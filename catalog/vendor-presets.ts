import type { PushContract } from "./contract.ts";
import { standardWebhooks } from "./presets.ts";

/**
 * Wires that large vendors send, for a product whose receivers know one of them: envelope, headers, signature and
 * secret are the vendor's, and its own libraries verify what is sent (`catalog/README.md` says which). Everything else,
 * from the retry plan to the log, is that of `standardWebhooks`: `contract<MyEvents>({ ...githubWire, id: "my", … })`.
 */

const base = {
  ...standardWebhooks,
  ids: {
    event: { prefix: "", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "att_" },
  },
} as const satisfies Partial<PushContract>;

/** Signed with a secret that the endpoint has alone; the receiver compares one signature. */
const oneSecret = {
  prefix: "",
  bytes: 32,
  encoding: "hex",
  scope: "endpoint",
  rotation: { kind: "atomic" },
} as const satisfies PushContract["secret"];

/**
 * GitHub's: the body is the event's data, and headers say its type and its id. Nothing says when a delivery was signed,
 * and what the headers say is not signed either.
 */
export const githubWire = {
  ...base,
  envelope: {
    event: { from: "event.type", header: "X-GitHub-Event", doc: "What happened." },
    delivery: { from: "event.id", header: "X-GitHub-Delivery", doc: "The event; the same on every attempt." },
    "*": { from: "data.members", doc: "What the event says." },
  },
  headers: { "X-GitHub-Hook-ID": "endpoint.id", "X-Hub-Signature-256": "signature" },
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: ["body"],
    encoding: "hex",
    prefix: "sha256=",
    separator: ",",
    timestamp: null,
  },
  secret: oneSecret,
} as const satisfies Partial<PushContract>;

/**
 * Stripe's. `data` is `{ object: … }`, and in events that say what changed also `previous_attributes`. Add
 * `api_version` as a constant of your own.
 */
export const stripeWire = {
  ...base,
  envelope: {
    id: { from: "event.id", doc: "The event; the same on every attempt and for every endpoint." },
    object: { constant: "event", doc: "What this is." },
    created: { from: "event.time", format: "unix-seconds", doc: "When it happened, in seconds since 1970." },
    data: { from: "data", doc: "The resource in `object`." },
    livemode: { constant: true, doc: "Whether it happened outside test mode." },
    type: { from: "event.type", doc: "What happened." },
    account: { from: "tenant", doc: "The account it happened in." },
  },
  ids: { ...base.ids, event: { prefix: "evt_", format: "uuid" }, endpoint: { prefix: "we_", format: "uuid" } },
  headers: { "Stripe-Signature": "signature" },
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: ["timestamp", "body"],
    encoding: "hex",
    prefix: "v1=",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" },
    toleranceSeconds: 300,
    toleranceSides: "past",
  },
  secret: {
    prefix: "whsec_",
    bytes: 32,
    encoding: "hex",
    scope: "endpoint",
    // Stripe keeps a secret that was rolled for up to a day.
    rotation: { kind: "overlap", defaultSeconds: 24 * 3600, maxSeconds: 24 * 3600 },
  },
} as const satisfies Partial<PushContract>;

/** Shopify's: the body is the event's data. Add `apiVersion` as a constant in the header `X-Shopify-API-Version`. */
export const shopifyWire = {
  ...base,
  envelope: {
    topic: { from: "event.type", header: "X-Shopify-Topic", doc: "What happened, `orders/create`." },
    shopDomain: { from: "tenant", header: "X-Shopify-Shop-Domain", doc: "The shop it happened in." },
    eventId: { from: "event.id", header: "X-Shopify-Event-Id", doc: "The event; the same on every attempt." },
    triggeredAt: {
      from: "event.time",
      format: "iso-8601-ms",
      header: "X-Shopify-Triggered-At",
      doc: "When it happened, in UTC.",
    },
    "*": { from: "data.members", doc: "The resource." },
  },
  headers: { "X-Shopify-Webhook-Id": "delivery.id", "X-Shopify-Hmac-Sha256": "signature" },
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: ["body"],
    encoding: "base64",
    prefix: "",
    separator: ",",
    timestamp: null,
  },
  secret: oneSecret,
} as const satisfies Partial<PushContract>;

/**
 * Slack's Events API. The data's own member `type` is the event's type, as receivers for Slack read it; `event_type`
 * beside it is this project's, and they pass over it. Add `api_app_id` as a constant of your own.
 */
export const slackWire = {
  ...base,
  envelope: {
    team_id: { from: "tenant", doc: "The workspace it happened in." },
    event: { from: "data", doc: "What the event says." },
    type: { constant: "event_callback", doc: "What this is." },
    event_id: { from: "event.id", doc: "The event; the same on every attempt." },
    event_time: { from: "event.time", format: "unix-seconds", doc: "When it happened, in seconds since 1970." },
    event_type: { from: "event.type", doc: "What happened; the same as `event.type`." },
  },
  ids: { ...base.ids, event: { prefix: "Ev", format: "ulid" } },
  headers: { "X-Slack-Request-Timestamp": "timestamp", "X-Slack-Signature": "signature" },
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: [{ text: "v0" }, "timestamp", "body"],
    joint: ":",
    encoding: "hex",
    prefix: "v0=",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "header" },
    toleranceSeconds: 300,
    toleranceSides: "both",
  },
  secret: { ...oneSecret, bytes: 16 },
  challenge: {
    body: { challenge: { from: "challenge" }, type: { constant: "url_verification" } },
    answer: "challenge",
  },
  // Slack does not wait longer, and its frameworks answer within that.
  timeoutSeconds: 3,
} as const satisfies Partial<PushContract>;

/** Zoom's: signed like Slack's, with the id of an event in a header. The data has the account, as `account_id`. */
export const zoomWire = {
  ...base,
  envelope: {
    event: { from: "event.type", doc: "What happened." },
    payload: { from: "data", doc: "What the event says." },
    event_ts: { from: "event.time", format: "unix-ms", doc: "When it happened, in milliseconds since 1970." },
    trackingId: { from: "event.id", header: "x-zm-trackingid", doc: "The event; the same on every attempt." },
  },
  headers: { "x-zm-request-timestamp": "timestamp", "x-zm-signature": "signature" },
  signature: slackWire.signature,
  secret: { ...oneSecret, bytes: 16 },
  timeoutSeconds: 3,
} as const satisfies Partial<PushContract>;
