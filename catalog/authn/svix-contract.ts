import { contract } from "../contract.ts";
import { standardWebhooks } from "../presets.ts";
import { eitherWire } from "./either-wire.ts";
import type { AuthnSvixEvents } from "./svix-events.ts";
import { examples } from "./svix-examples.ts";

/** The second wire of authn.sh, that of its API description (D-AUTHN-01); waits and states are its server's (F-AUTHN-09). */
export const authnSvix = contract<AuthnSvixEvents>({
  ...eitherWire,
  examples,
  id: "authnSvix",
  title: "authn.sh webhooks with Svix headers",
  doc: `The events of authn.sh as its API description sends them: for receivers that verify with a library for Svix or
Standard Webhooks, which knows the headers \`svix-id\`, \`svix-timestamp\` and \`svix-signature\`.

Delivery is at least once. Deduplicate on the event's \`id\`: it is the same on every attempt and for every endpoint. The
header \`svix-id\` has the delivery's id, which a replay changes. The description calls both the same; here the bytes of
an event are the same for all its deliveries, so that the body cannot have the id of one. The payload of an event is a
full snapshot of its resource, but for grants.`,
  envelope: {
    id: { from: "event.id", doc: "The event; the same on every attempt and for every endpoint. Deduplicate on it." },
    object: { constant: "event", doc: "What this is." },
    type: { from: "event.type", doc: "What happened." },
    timestamp: { from: "event.time", format: "unix-ms", doc: "When it happened." },
    instance_id: { from: "tenant", doc: "The environment it happened in." },
    data: { from: "data", doc: "What the event says; its shape follows from `type`." },
  },
  headers: {
    "svix-id": "delivery.id",
    "svix-timestamp": "timestamp",
    "svix-signature": "signature",
  },
  // Standard Webhooks took its scheme from Svix.
  signature: { ...standardWebhooks.signature, content: ["delivery.id", "timestamp", "body"] },
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
