import { createHmac, createPrivateKey, createPublicKey, createSecretKey, sign, type KeyObject } from "node:crypto";
import type { Contract, Signature } from "../../catalog/contract.ts";

type Signing = Pick<Contract, "signature" | "secret">;

/**
 * The keys of a secret, one for each of the contract's algorithms. A `KeyObject` and not bytes: on Node 24 an HMAC with a
 * raw key costs six times as much, so the key is made once for each secret and kept.
 */
export function signingKeys(secret: string, { signature, secret: declared }: Signing): readonly KeyObject[] {
  if (signature === null || declared === null) return [];
  const [first = "", second] = secret.split(secretSeparator);
  const key = signingKey(first, { signature, secretPrefix: declared.prefix });
  const beside = signature.algorithm === "ed25519" ? undefined : signature.beside;
  // An endpoint from before the contract had two algorithms has one secret, until that is rotated.
  return beside === undefined || second === undefined
    ? [key]
    : [key, privateKey(second.slice(beside.secretPrefix.length))];
}

/** Stands between the secrets of an endpoint that has one for each of two algorithms; no secret has a space. */
export const secretSeparator = " ";

/** The key of one secret, in the algorithm that stands first. */
export function signingKey(
  secret: string,
  { signature, secretPrefix }: { readonly signature: Signature; readonly secretPrefix: string },
): KeyObject {
  if (signature.algorithm === "ed25519") return privateKey(secret.slice(secretPrefix.length));
  switch (signature.key) {
    case "utf8":
      return createSecretKey(secret, "utf8");
    case "base64-after-prefix":
      return createSecretKey(secret.slice(secretPrefix.length), "base64");
  }
}

/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410 §7). */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

/** The first half of a serialized private key is what it is made of; the second is its public key. */
function privateKey(serialized: string): KeyObject {
  const bytes = Buffer.from(serialized, "base64");
  if (bytes.length !== 64) throw new Error(`A private key: expected 64 bytes, got ${bytes.length}.`);
  return privateKeyOf(bytes.subarray(0, 32));
}

/** The private key that 32 random bytes are. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
}

/** The 32 bytes of a public key. */
export function publicKeyBytes(key: KeyObject): Buffer {
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.from(x, "base64url");
}

/** The parts of a request that can be signed. */
export interface SignedParts {
  readonly deliveryId: string;
  readonly eventId: string;
  /** As the text that is sent. Null: none is. */
  readonly timestamp: string | null;
  readonly body: string | Uint8Array;
}

/** The text of the signed time in the contract's unit; `now` in milliseconds since 1970. Null where none is sent. */
export function timestampText(signature: Signature, now: number): string | null {
  if (signature.timestamp === null) return null;
  return signature.timestamp.unit === "milliseconds" ? String(now) : String(Math.floor(now / 1000));
}

/** The value of the signature header, with one signature for each key (R-STECH-43 to R-STECH-46). */
export function signatureText(signature: Signature, parts: SignedParts, keys: readonly KeyObject[]): string {
  const content = signedContent(signature, parts);
  const segments = keys.map(
    (key) => prefixOf(signature, key) + encoded(encodingOf(signature, key), digestOf(content, key)),
  );
  if (signature.timestamp?.carrier === "signature") segments.unshift(signature.timestamp.prefix + parts.timestamp);
  return segments.join(signature.separator);
}

/** What is signed; in pieces where the body is bytes, as to put these together would copy them for each request. */
export type SignedContent = string | readonly (string | Uint8Array)[];

/** The signed parts, joined as the contract says. The body stands in it as the bytes that it is. */
export function signedContent(
  { content, joint = "." }: Signature,
  { deliveryId, eventId, timestamp, body }: SignedParts,
): SignedContent {
  if ("label" in content) throw new Error("An HTTP message is signed over its headers.");
  const values = { "delivery.id": deliveryId, "event.id": eventId, timestamp: timestamp ?? "", body };
  const parts = content.map((part) => (typeof part === "string" ? values[part] : part.text));
  if (typeof body === "string") return parts.join(joint);
  return parts.flatMap((part, index) => [...(index === 0 ? [] : [joint]), part]);
}

/** What is signed, as the bytes that it is. */
export function signedBytes(content: SignedContent): Buffer {
  if (typeof content === "string") return Buffer.from(content);
  return Buffer.concat(content.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

/** What stands before the signatures of a key, shared or of a pair. */
export function prefixOf(signature: Signature, { type }: KeyObject): string {
  if (type === "secret" || signature.algorithm === "ed25519") return signature.prefix;
  return (signature.beside ?? signature).prefix;
}

export function encodingOf({ encoding }: Signature, { type }: KeyObject): Signature["encoding"] {
  return type === "secret" ? encoding : "base64";
}

/** The HMAC of a shared key, or the signature of a private one. */
export function digestOf(content: SignedContent, key: KeyObject): Buffer {
  if (key.type === "private") return sign(null, signedBytes(content), key);
  const hmac = createHmac("sha256", key);
  for (const part of typeof content === "string" ? [content] : content) hmac.update(part);
  return hmac.digest();
}

function encoded(encoding: Signature["encoding"], digest: Buffer): string {
  if (encoding === "hex") return digest.toString("hex");
  const base64 = digest.toString("base64");
  return encoding === "base64" ? base64 : base64.replaceAll("=", "");
}
