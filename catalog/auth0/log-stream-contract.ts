import { contract } from "../contract.ts";
import { logSecrets } from "./log-secrets.ts";
import { eventCategories } from "./event-categories.ts";
import type { Auth0LogStreamEvents } from "./log-stream-events.ts";
import { examples } from "./log-stream-examples.ts";

/** What follows the extension, whose pages lead elsewhere now (F-AUTH0-11): a custom webhook of Log Streams. */
export const auth0LogStream = contract<Auth0LogStreamEvents>({
  id: "auth0LogStream",
  title: "Auth0 log streams",
  doc: `The entries of a tenant's log as a log stream sends them to a webhook: JSON lines, as soon as there are any.

Each line is \`{"log_id":"…","data":{…}}\`. The documentation names the two members and shows no line, so that this form
is Hookwright's reading of it.

An entry that Auth0 made is relayed as it is: members that are not named here are sent as well, and what the entry says
of itself, \`date\`, \`type\`, \`tenant_name\` and \`log_id\` (or \`_id\`), stands in place of Hookwright's own. Secrets in it
are masked before it is stored.

Requests are not signed. A receiver knows the sender by the \`Authorization\` header, whose text its owner configured.
Delivery is at least once: deduplicate on \`log_id\`. A code that a receiver does not know is an entry like any other.`,
  mode: "stream",
  producer: "product",
  tenant: { noun: "tenant", example: "acme" },
  envelope: {
    date: { from: "event.time", format: "iso-8601-ms", given: ["date"], doc: "When it happened, in UTC." },
    type: { from: "event.type", given: ["type"], doc: "The code of the entry." },
    "*": { from: "data.members", doc: "What the entry says." },
    tenant_name: { from: "tenant", given: ["tenant_name"], doc: "The tenant whose log it is." },
    log_id: {
      from: "event.id",
      given: ["log_id", "_id"],
      doc: "The entry, in digits that grow with time. Deduplicate on it.",
    },
  },
  masked: logSecrets,
  ids: {
    event: { prefix: "", format: "decimal-56" },
    endpoint: { prefix: "lst_", format: "uuid" },
    delivery: { prefix: "bat_" },
    attempt: { prefix: "try_" },
  },
  headers: { Authorization: "authorization" },
  userAgent: "auth0-log-streams",
  signature: null,
  secret: null,
  // Of the three content formats the usual one (F-AUTH0-12); the others are the same records in other framings.
  batch: { body: { kind: "lines" }, record: { id: "log_id", member: "data" }, recordsMax: 100, single: null },
  delay: { defaultSeconds: 0 },
  schedule: { kind: "continuously" },
  timeoutSeconds: 20,
  outcomes: [
    { on: "2xx", then: "deliver" },
    { on: ["3xx", "4xx", "5xx", "timeout", "network_error", "address_blocked"], then: "retry" },
  ],
  // Up to three attempts, then an error is shown and it starts again until it is resolved (F-AUTH0-12). At least once is
  // the promise, so that no batch is passed over. A run has time for three requests of 20 s, and the next one, which
  // sends the same batch, comes as much later.
  retry: { kind: "per-run", retriesMax: 2, budgetSeconds: 60, onExhausted: "hold" },
  filter: { kind: "levels-and-types", exceptByDefault: [], categories: eventCategories },
  settings: {
    "Payload URL": "url",
    "Authorization Token": "authorization",
    "Filter by Event Category": "types",
    "Starting Cursor": "start-from",
  },
  url: { schemes: ["https"], lengthMax: 2048 },
  examples,
});
