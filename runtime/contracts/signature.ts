import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { Signature } from "../../catalog/contract.ts";

/**
 * The key of a secret. A `KeyObject` and not bytes: on Node 24 an HMAC with a raw key costs six times as much, so the
 * key is made once for each secret and kept.
 */
export function signingKey(secret: string, declaration: { signature: Signature; secretPrefix: string }): KeyObject {
  switch (declaration.signature.key) {
    case "utf8":
      return createSecretKey(secret, "utf8");
    case "base64-after-prefix":
      return createSecretKey(secret.slice(declaration.secretPrefix.length), "base64");
  }
}

/** The parts of a request that can be signed. */
export interface SignedParts {
  readonly deliveryId: string;
  readonly eventId: string;
  /** As the text that is sent. */
  readonly timestamp: string;
  readonly body: string;
}

/** The text of the signed time in the contract's unit; `now` in milliseconds since 1970. */
export function timestampText(signature: Signature, now: number): string {
  return signature.timestamp.unit === "milliseconds" ? String(now) : String(Math.floor(now / 1000));
}

/** The value of the signature header, with one signature for each key (R-STECH-43 to R-STECH-46). */
export function signatureText(
  signature: Signature,
  { deliveryId, eventId, timestamp, body }: SignedParts,
  keys: readonly KeyObject[],
): string {
  const values = { "delivery.id": deliveryId, "event.id": eventId, timestamp, body };
  const content = signature.content.map((part) => values[part]).join(".");
  const segments = keys.map((key) => signature.prefix + hmac(signature, content, key));
  if (signature.timestamp.carrier === "signature") segments.unshift(signature.timestamp.prefix + timestamp);
  return segments.join(signature.separator);
}

function hmac(signature: Signature, content: string, key: KeyObject): string {
  const digest = createHmac("sha256", key).update(content, "utf8");
  switch (signature.encoding) {
    case "hex":
      return digest.digest("hex");
    case "base64":
      return digest.digest("base64");
    case "base64-unpadded":
      return digest.digest("base64").replaceAll("=", "");
  }
}
