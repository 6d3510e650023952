import { createHmac, timingSafeEqual, type KeyObject } from "node:crypto";
import type { Signature } from "../../catalog/contract.ts";

/** A signed answer: what came, and what the request it answers had. */
export interface SignedAnswer {
  readonly header: string;
  readonly body: Uint8Array;
  readonly deliveryId: string;
  readonly eventId: string;
}

/** `malformed`: the header is not in the contract's grammar. `wrong`: it is, and does not sign these bytes now. */
export type AnswerSignature = "valid" | "malformed" | "wrong";

/**
 * Checks an answer that is signed as requests are, over the bytes as they came (R-AUTHIO-21 to R-AUTHIO-24,
 * D-AUTHIO-03). An answer has one header for it, so that its time has to stand in the signature.
 */
export function checkAnswerSignature(
  signature: Signature,
  answer: SignedAnswer,
  { key, now }: { readonly key: KeyObject; readonly now: number },
): AnswerSignature {
  const parsed = parse(signature, answer.header);
  if (parsed === null) return "malformed";
  const { timestamp, digests } = parsed;
  const expected = digestOf(signature, { ...answer, timestamp }, key);
  // All are compared, each in constant time.
  const isSigned = digests.map((digest) => timingSafeEqual(digest, expected)).includes(true);
  return isSigned && isTimely(signature, Number(timestamp), now) ? "valid" : "wrong";
}

/** A header with more parts than this is no signature. */
const partsMax = 16;

function parse({ timestamp, separator, prefix, encoding }: Signature, header: string) {
  if (timestamp.carrier !== "signature") return null;
  const parts = header.split(separator).map((part) => part.trim());
  if (parts.length > partsMax) return null;
  const times = parts.flatMap((part) => afterPrefix(part, timestamp.prefix));
  const digests = parts.flatMap((part) => afterPrefix(part, prefix));
  const [time] = times;
  if (time === undefined || times.length > 1 || digests.length === 0) return null;
  if (!/^[0-9]{1,15}$/.test(time) || !digests.every((digest) => digestForms[encoding].test(digest))) return null;
  const bytes = digests.map((digest) => Buffer.from(digest, encoding === "hex" ? "hex" : "base64"));
  return { timestamp: time, digests: bytes };
}

const afterPrefix = (part: string, prefix: string) => (part.startsWith(prefix) ? [part.slice(prefix.length)] : []);

/** 32 bytes in each encoding. */
const digestForms = {
  hex: /^[0-9a-fA-F]{64}$/,
  base64: /^[A-Za-z0-9+/]{43}=$/,
  "base64-unpadded": /^[A-Za-z0-9+/]{43}$/,
} as const;

function digestOf(
  { content }: Signature,
  { body, deliveryId, eventId, timestamp }: Omit<SignedAnswer, "header"> & { readonly timestamp: string },
  key: KeyObject,
): Buffer {
  const values = { "delivery.id": deliveryId, "event.id": eventId, timestamp, body };
  const hmac = createHmac("sha256", key);
  content.forEach((part, index) => hmac.update(index === 0 ? "" : ".").update(values[part]));
  return hmac.digest();
}

function isTimely({ timestamp, toleranceSeconds, toleranceSides }: Signature, time: number, now: number): boolean {
  const ageSeconds = timestamp.unit === "seconds" ? Math.floor(now / 1000) - time : (now - time) / 1000;
  return ageSeconds <= toleranceSeconds && (toleranceSides === "past" || ageSeconds >= -toleranceSeconds);
}
