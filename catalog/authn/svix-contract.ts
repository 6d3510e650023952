import { contract } from "../contract.ts";
import { standardWebhooks } from "../presets.ts";
import type { AuthnEvents } from "./contract.ts";
import { eitherWire } from "./either-wire.ts";
import { examples } from "./examples.ts";

/** The second wire of authn.sh, that of its API description and its server (D-AUTHN-01, F-AUTHN-09, F-AUTHN-10). */
export const authnSvix = contract<AuthnEvents>({
  ...eitherWire,
  examples,
  id: "authnSvix",
  title: "authn.sh webhooks with Svix headers",
  doc: `The events of authn.sh as its API description sends them: for receivers that verify with a library for Svix or
Standard Webhooks, which knows the headers \`svix-id\`, \`svix-timestamp\` and \`svix-signature\`.

Delivery is at least once. Deduplicate on the header \`svix-id\`, the event's id: it is the same on every attempt and for
every endpoint, and the body has none. The payload of an event is a full snapshot of its resource.`,
  envelope: {
    type: { from: "event.type", doc: "What happened." },
    object: { constant: "event", doc: "What this is." },
    data: { from: "data", doc: "What the event says; its shape follows from `type`." },
    timestamp: { from: "event.time", format: "unix-seconds", doc: "When it happened, in seconds since 1970." },
    instance_id: { from: "tenant", doc: "The environment it happened in." },
    meta: { from: "meta", doc: "What is said beside the resource, by the event types that have it." },
  },
  headers: {
    "svix-id": "event.id",
    "svix-timestamp": "timestamp",
    "svix-signature": "signature",
  },
  // Standard Webhooks took its scheme from Svix.
  signature: standardWebhooks.signature,
  outcomes: [
    { on: "2xx", then: "deliver" },
    { on: "4xx", then: "reject" },
    { on: "3xx", then: "retry", error: "redirect_blocked" },
    { on: ["5xx", "timeout", "network_error", "address_blocked"], then: "retry" },
  ],
  states: { pending: "pending", delivered: "succeeded", rejected: "failed", exhausted: "abandoned" },
  // The server's list, whose last wait of 96 h never comes: it gives up with the tenth attempt.
  retry: { waitsSeconds: [5, 30, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 48 * 3600] },
});
