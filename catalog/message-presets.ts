import type { PushContract } from "./contract.ts";
import { standardWebhooks } from "./presets.ts";

/**
 * HTTP message signatures (RFC 9421) over the digest of the body (RFC 9530), in place of the signature of Standard
 * Webhooks; everything else is that of `standardWebhooks`. The method, the media type, the digest and the event's id are
 * covered. The URL is not: a receiver behind a proxy often does not know under which one it was called.
 */
const message = {
  ...standardWebhooks,
  headers: {
    "webhook-id": "event.id",
    "content-digest": "content-digest",
    "signature-input": "signature-input",
    signature: "signature",
  },
  ids: {
    event: { prefix: "msg_", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "att_" },
  },
} as const satisfies Partial<PushContract>;

const form = {
  content: { label: "webhook", components: ["@method", "content-type", "content-digest", "webhook-id"] },
  encoding: "base64",
  prefix: "",
  separator: ",",
  timestamp: { unit: "seconds", carrier: "message" },
  toleranceSeconds: 300,
  toleranceSides: "both",
} as const;

/** Signed with a key pair; receivers verify with the endpoint's public key. */
export const signedMessages = {
  ...message,
  signature: { ...form, algorithm: "ed25519", publicKeyPrefix: "whpk_" },
  secret: { ...standardWebhooks.secret, prefix: "whsk_", rotation: { kind: "atomic" } },
} as const satisfies Partial<PushContract>;

/** Signed with a shared secret. */
export const signedMessagesShared = {
  ...message,
  signature: { ...form, algorithm: "hmac-sha256", key: "base64-after-prefix" },
  secret: { ...standardWebhooks.secret, rotation: { kind: "atomic" } },
} as const satisfies Partial<PushContract>;
