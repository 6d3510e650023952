import { contract } from "../contract.ts";
import type { AdminActionEvents } from "./admin-action.ts";
import type { AgentRunEvents } from "./agent-run.ts";
import type { AgentVersionEvents } from "./agent-version.ts";
import type { AuditEvents } from "./audit.ts";
import type { DeploymentEvents } from "./deployment.ts";
import { companions } from "./companions.ts";
import { examples } from "./examples.ts";
import type { ScimEvents } from "./scim.ts";

export interface StechEvents
  extends DeploymentEvents, AgentRunEvents, AgentVersionEvents, ScimEvents, AdminActionEvents, AuditEvents {}

export const stech = contract<StechEvents>({
  id: "stech",
  title: "Stech webhooks",
  doc: `One signed POST for each event of an organization: deployments, agent runs, versions, identities from SCIM and
administrators' actions.

Delivery is at least once. Deduplicate on the event's \`id\`: it is the same on every attempt and for every endpoint.
It is a UUID of version 7, which grows with time, so that a table of ids that were seen is written to at its end.

An endpoint with \`*\` is told when an administrator makes, changes or deletes another one, and not of what is done to
itself, but for its signing secret.

Payloads are forward-compatible: fields and event types are added, and none is removed without a deprecation cycle.`,
  mode: "push",
  producer: "product",
  tenant: { noun: "organization", example: "org_2t4bq9w1x7" },
  envelope: {
    id: { from: "event.id", doc: "The event; the same on every attempt and for every endpoint. Deduplicate on it." },
    type: { from: "event.type", doc: "What happened." },
    createdAt: { from: "event.time", format: "iso-8601-ms", doc: "When it happened, in UTC." },
    organizationId: { from: "tenant", doc: "The organization it happened in." },
    data: { from: "data", doc: "What the event says; its shape follows from `type`." },
  },
  // The page says "a server-minted uuid" and names no version. D-STECH-11 had version 4, whose places in an index are
  // random: the log's own index, and a receiver's table of ids, would be written to everywhere at once.
  ids: {
    event: { prefix: "", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "dla_" },
  },
  headers: {
    "X-Stech-Event": "event.type",
    "X-Stech-Delivery": "attempt.id",
    "X-Stech-Timestamp": "timestamp",
    "X-Stech-Signature": "signature",
  },
  userAgent: "Stech-Webhooks/1.0",
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: ["timestamp", "body"],
    encoding: "hex",
    prefix: "sha256=",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "header" },
    toleranceSeconds: 300,
    toleranceSides: "both",
  },
  secret: { prefix: "whsec_", bytes: 32, encoding: "hex", scope: "endpoint", rotation: { kind: "atomic" } },
  timeoutSeconds: 30,
  outcomes: [
    { on: "2xx", then: "deliver" },
    { on: "3xx", then: "reject", error: "redirect_blocked" },
    { on: [408, 429], then: "retry" },
    { on: "4xx", then: "reject" },
    { on: "5xx", then: "retry" },
    { on: ["timeout", "network_error"], then: "retry" },
    { on: "address_blocked", then: "reject", error: "ssrf_blocked" },
  ],
  states: { pending: "pending", delivered: "delivered", rejected: "gave_up", exhausted: "failed" },
  // The table of the Stech page, to the second. Its sum is 38 h 31 min; the page's "39h45m" cannot be met by it.
  retry: { waitsSeconds: [60, 5 * 60, 25 * 60, 2 * 3600, 12 * 3600, 24 * 3600] },
  disable: { consecutiveFailures: 50 },
  subscription: { wildcard: "*", prefixes: false },
  url: { schemes: ["https"], lengthMax: 2048 },
  log: { responseBodyBytesMax: 8192, pageDefault: 50, pageMax: 200 },
  companions,
  examples,
});
