import { contract } from "../../../../catalog/contract.ts";
import type { LedgerEvents, ShipEvents } from "./events.ts";

export interface HarborEvents extends ShipEvents, LedgerEvents {}

/** A contract that nobody has: on every axis it is unlike those of the catalog. */
export const harbor = contract<HarborEvents>({
  id: "harbor",
  title: "Harbor notices",
  doc: "What happens in a harbor, told to the chandlers.",
  mode: "push",
  producer: "product",
  tenant: { noun: "harbor", example: "rotterdam" },
  envelope: {
    format: { constant: 6, doc: "The version of the envelope." },
    "*": { from: "data.members", doc: "What the notice says." },
    what: { from: "event.type", doc: "What happened." },
    sender: { constant: "harbor-master", doc: "Always the same." },
    harbor: { from: "tenant", doc: "Where." },
    since: { from: "event.time", format: "unix-seconds", doc: "When, in whole seconds since 1970." },
    notice: { from: "event.id", doc: "The notice; deduplicate on it." },
  },
  ids: {
    event: { prefix: "nt_", format: "ulid" },
    endpoint: { prefix: "9", format: "decimal-56" },
    delivery: { prefix: "ring-" },
    attempt: { prefix: "toll-" },
  },
  headers: {
    "Harbor-Seal": "signature",
    "Harbor-Bell": "endpoint.id",
    "Harbor-Ring": "delivery.id",
    "Harbor-Pass": "authorization",
    "Harbor-Haul": "attempt.number",
    "Harbor-Berth": "event.position",
  },
  userAgent: "Harbor-Master/6",
  signature: {
    algorithm: "hmac-sha256",
    key: "base64-after-prefix",
    content: ["delivery.id", "body", "timestamp"],
    encoding: "base64-unpadded",
    prefix: "h6:",
    separator: " ",
    timestamp: { unit: "milliseconds", carrier: "signature", prefix: "at:" },
    toleranceSeconds: 90,
    toleranceSides: "past",
    beside: { algorithm: "ed25519", prefix: "hk:", secretPrefix: "hbk.", publicKeyPrefix: "hbp." },
  },
  secret: {
    prefix: "hbr.",
    bytes: 24,
    encoding: "base64",
    scope: "endpoint",
    rotation: { kind: "overlap", defaultSeconds: 600, maxSeconds: 3600 },
  },
  timeoutSeconds: 7,
  outcomes: [
    { on: 202, then: "deliver" },
    { on: [404, 418], then: "reject", error: "moored" },
    { on: "2xx", then: "retry", error: "not_accepted" },
    { on: "3xx", then: "reject", error: "adrift" },
    { on: ["4xx", "5xx"], then: "retry" },
    { on: ["timeout", "network_error"], then: "retry", error: "fog" },
    { on: "address_blocked", then: "reject", error: "shoal" },
  ],
  states: { pending: "ashore", delivered: "aboard", rejected: "turned_back", exhausted: "lost" },
  retry: { waitsSeconds: [11, 13] },
  disable: { consecutiveFailures: 4 },
  subscription: { wildcard: "*", prefixes: true },
  url: { schemes: ["https", "http"], lengthMax: 60 },
  log: { responseBodyBytesMax: 5, pageDefault: 2, pageMax: 3 },
  companions: [
    {
      of: "ship.docked",
      when: { field: "berth", in: ["one", "two"] },
      emits: "ledger.entry_added",
      data: {
        kind: "made",
        fields: { kind: { constant: "docking" }, subject: { from: "shipId" }, note: { from: "from" } },
      },
    },
  ],
  examples: {
    "ship.docked": { first: { shipId: "s_1", berth: "one", from: null, crew: 12 } },
    "ship.sailed": { first: { shipId: "s_1", at: 1_778_248_931_482 } },
    "ship.pilot.boarded": { first: { shipId: "s_1" } },
    "ledger.entry_added": { first: { kind: "correction", subject: "s_1", note: null } },
  },
});
