import type { PushContract } from "./contract.ts";

/**
 * Standard Webhooks 1.0 (standardwebhooks.com), with the symmetric scheme `v1`: everything but names, identifiers and examples.
 * A new catalog starts from it: `contract<MyEvents>({ ...standardWebhooks, id: "my", … })`.
 */
export const standardWebhooks = {
  mode: "push",
  producer: "product",
  envelope: {
    type: { from: "event.type", doc: "What happened." },
    timestamp: { from: "event.time", format: "iso-8601-ms", doc: "When it happened, in UTC." },
    data: { from: "data", doc: "What the event says; its shape follows from `type`." },
  },
  headers: {
    "webhook-id": "event.id",
    "webhook-timestamp": "timestamp",
    "webhook-signature": "signature",
  },
  signature: {
    algorithm: "hmac-sha256",
    key: "base64-after-prefix",
    content: ["event.id", "timestamp", "body"],
    encoding: "base64",
    prefix: "v1,",
    separator: " ",
    timestamp: { unit: "seconds", carrier: "header" },
    toleranceSeconds: 300,
    toleranceSides: "both",
  },
  secret: {
    prefix: "whsec_",
    bytes: 32,
    // The specification asks for 24 to 64.
    bytesMin: 24,
    encoding: "base64",
    scope: "endpoint",
    // The header holds several signatures so that a secret can be rotated without a gap; a day is time to deploy one.
    rotation: { kind: "overlap", defaultSeconds: 24 * 3600, maxSeconds: 7 * 24 * 3600 },
  },
  timeoutSeconds: 20,
  outcomes: [
    { on: "2xx", then: "deliver" },
    { on: 410, then: "reject", error: "gone" },
    { on: "3xx", then: "retry", error: "redirect_blocked" },
    { on: ["4xx", "5xx", "timeout", "network_error"], then: "retry" },
    { on: "address_blocked", then: "reject" },
  ],
  states: { pending: "pending", delivered: "delivered", rejected: "rejected", exhausted: "exhausted" },
  retry: {
    // The schedule that the specification suggests, with the random jitter it asks for.
    waitsSeconds: [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600],
    jitter: 0.1,
    // As long as the longest wait of the plan, so that a receiver cannot put off an event for good.
    retryAfter: { maxSeconds: 24 * 3600 },
  },
  // More than one delivery's bad luck, and fewer than an endpoint has in flight at once. Five minutes are the most that a
  // receiver which is well again waits for what is owed to it.
  breaker: { consecutiveFailures: 10, firstSeconds: 10, maxSeconds: 5 * 60 },
  disable: null,
  subscription: { wildcard: "*", prefixes: false },
  url: { schemes: ["https"], lengthMax: 2048 },
  log: { responseBodyBytesMax: 8192, pageDefault: 50, pageMax: 200 },
} as const satisfies Partial<PushContract>;

/**
 * The same with the asymmetric scheme `v1a` in place of `v1`: Hookwright keeps the private key (`whsk_`), and receivers
 * verify with the endpoint's public key (`whpk_`), which is no secret.
 */
export const standardWebhooksV1a = {
  ...standardWebhooks,
  signature: {
    algorithm: "ed25519",
    content: standardWebhooks.signature.content,
    encoding: "base64",
    prefix: "v1a,",
    publicKeyPrefix: "whpk_",
    separator: standardWebhooks.signature.separator,
    timestamp: standardWebhooks.signature.timestamp,
    toleranceSeconds: standardWebhooks.signature.toleranceSeconds,
    toleranceSides: standardWebhooks.signature.toleranceSides,
  },
  secret: { ...standardWebhooks.secret, prefix: "whsk_" },
} as const satisfies Partial<PushContract>;

/** The same with both: each request has a signature of `v1` and one of `v1a`, and a receiver takes either. */
export const standardWebhooksBoth = {
  ...standardWebhooks,
  signature: {
    ...standardWebhooks.signature,
    beside: { algorithm: "ed25519", prefix: "v1a,", secretPrefix: "whsk_", publicKeyPrefix: "whpk_" },
  },
} as const satisfies Partial<PushContract>;

/**
 * Webhooks of MCP Events (SEP-3415, `io.modelcontextprotocol/events`), for agents that subscribe by themselves: Standard
 * Webhooks with the envelope, the header and the limits of that extension. Names, identifiers and examples are left.
 */
export const mcpEvents = {
  ...standardWebhooks,
  envelope: {
    eventId: { from: "event.id", doc: "The event; deduplicate on it." },
    name: { from: "event.type", doc: "What happened." },
    timestamp: { from: "event.time", format: "iso-8601-ms", doc: "When it happened, in UTC." },
    data: { from: "data", doc: "What the event says; its shape follows from `name`." },
  },
  headers: { ...standardWebhooks.headers, "X-MCP-Subscription-Id": "endpoint.id" },
  // Five minutes for what is on its way while a subscriber puts a new secret in place.
  secret: { ...standardWebhooks.secret, rotation: { kind: "overlap", defaultSeconds: 300, maxSeconds: 3600 } },
  timeoutSeconds: 10,
  outcomes: [
    { on: "2xx", then: "deliver" },
    // Of the delivery alone: the subscription stays.
    { on: 410, then: "reject", error: "gone" },
    { on: 413, then: "reject", error: "too_large" },
    { on: "3xx", then: "retry", error: "redirect_blocked" },
    { on: ["4xx", "5xx", "timeout", "network_error"], then: "retry" },
    { on: "address_blocked", then: "reject" },
  ],
  // Five attempts in eleven minutes: a subscriber that was away for longer polls from its cursor.
  retry: { waitsSeconds: [10, 60, 180, 420], jitter: 0.1, retryAfter: { maxSeconds: 600 } },
  bodyBytesMax: 256 * 1024,
  subscribers: {
    ttlSeconds: { min: 5 * 60, default: 24 * 3600, max: 7 * 24 * 3600 },
    secretBytesMax: 64,
    provenSeconds: 24 * 3600,
    subscriptionsMax: 1000,
  },
} as const satisfies Partial<PushContract>;
