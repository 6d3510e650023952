import type { Secret, SubscriberRule } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";

/**
 * Checks a secret that a subscriber brings: the contract's prefix, and as many bytes as it takes. Throws `invalid_request`,
 * whose message has nothing of the secret.
 */
export function checkSubscriberSecret(secret: string, declared: Secret, { secretBytesMax }: SubscriberRule): void {
  const { prefix, encoding, bytes, bytesMin = bytes } = declared;
  const text = secret.slice(prefix.length);
  const decoded = Buffer.from(text, encoding);
  const isWhole = secret.startsWith(prefix) && decoded.toString(encoding) === text;
  if (isWhole && decoded.length >= bytesMin && decoded.length <= secretBytesMax) return;
  const got = isWhole ? `${decoded.length} bytes` : "other text";
  const expected = `expected "${prefix}" and the ${encoding} of ${bytesMin} to ${secretBytesMax} random bytes, got ${got}`;
  throw new HookwrightError("invalid_request", `delivery.secret: ${expected}.`, { path: "delivery.secret" });
}
