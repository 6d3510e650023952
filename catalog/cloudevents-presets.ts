import type { PushContract, StreamContract } from "./contract.ts";
import { standardWebhooks } from "./presets.ts";

/**
 * CloudEvents 1.0 over HTTP, in its three content modes. Signature, secret and delivery are those of `standardWebhooks`,
 * since CloudEvents has none of its own. Add `source` to the envelope, a constant of your own that is a URI; in binary
 * mode with `header: "ce-source"`.
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

/** The attributes of an event. `tenant` is an extension. */
const attributes = {
  specversion: { constant: "1.0", doc: "The version of CloudEvents." },
  id: { from: "event.id", doc: "The event; the same on every attempt and for every endpoint." },
  type: { from: "event.type", doc: "What happened." },
  time: { from: "event.time", format: "iso-8601-ms", doc: "When it happened, in UTC." },
  tenant: { from: "tenant", doc: "Where it happened." },
} as const satisfies PushContract["envelope"];

const jsonAttributes = {
  ...attributes,
  datacontenttype: { constant: "application/json", doc: "The media type of `data`." },
  data: { from: "data", doc: "What the event says; its shape follows from `type`." },
} as const satisfies PushContract["envelope"];

/** Structured mode: the body is the whole event in the JSON event format. */
export const cloudEventsStructured = {
  ...base,
  envelope: jsonAttributes,
  contentType: "application/cloudevents+json",
} as const satisfies Partial<PushContract>;

/** Binary mode: the body is the data, and headers say the rest. Of them the signature covers the id alone. */
export const cloudEventsBinary = {
  ...base,
  envelope: {
    specversion: { ...attributes.specversion, header: "ce-specversion" },
    id: { ...attributes.id, header: "ce-id" },
    type: { ...attributes.type, header: "ce-type" },
    time: { ...attributes.time, header: "ce-time" },
    tenant: { ...attributes.tenant, header: "ce-tenant" },
    "*": { from: "data.members", doc: "What the event says." },
  },
} as const satisfies Partial<PushContract>;

/** Batched mode: the body is a list of whole events, and the signed id is the batch's. */
export const cloudEventsBatched = {
  mode: "stream",
  producer: base.producer,
  envelope: jsonAttributes,
  contentType: "application/cloudevents-batch+json",
  ids: { ...base.ids, endpoint: { prefix: "str_", format: "uuid" } },
  headers: { ...base.headers, "webhook-id": "delivery.id" },
  signature: { ...base.signature, content: ["delivery.id", "timestamp", "body"] },
  // A stream's secrets are its tenant's keys; a second one is there for a rotation.
  secret: { ...base.secret, scope: "tenant", rotation: { kind: "keys", activeMax: 2 } },
  batch: { body: { kind: "array" }, recordsMax: 100, single: null },
  delay: { defaultSeconds: 0 },
  schedule: { kind: "continuously" },
  timeoutSeconds: base.timeoutSeconds,
  outcomes: base.outcomes,
  retry: { kind: "endless", firstSeconds: 60, maxSeconds: 3600, jitter: 0.1 },
  filter: { kind: "none" },
  settings: { url: "url" },
  url: base.url,
} as const satisfies Partial<StreamContract>;
