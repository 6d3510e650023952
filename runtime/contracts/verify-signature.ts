import { createPublicKey, timingSafeEqual, verify, type KeyObject } from "node:crypto";
import type { Contract, HttpMessage, Signature } from "../../catalog/contract.ts";
import { componentList, contentDigest, messageOf, signatureBase } from "./message-signature.ts";
import {
  digestOf,
  encodingOf,
  prefixOf,
  signedBytes,
  signedContent,
  signingKey,
  type SignedContent,
} from "./signature.ts";

/** What came signed, and what is signed beside it. */
export interface Signed {
  /** The value of the header that carries the signatures. */
  readonly header: string;
  /** The signed time where a header of its own carries it; there it is, or null. */
  readonly timestamp: string | null;
  readonly body: Uint8Array;
  readonly deliveryId: string;
  readonly eventId: string;
  /** All headers, names in lower case, and the value of the one with the signature's parameters; of an HTTP message. */
  readonly message?: { readonly headers: Readonly<Record<string, string>>; readonly input: string };
}

/** `malformed`: not in the contract's grammar. `wrong`: no signature is of the key. `untimely`: one is, of another time. */
export type SignatureVerdict = "valid" | "malformed" | "wrong" | "untimely";

/**
 * Checks a signature over the bytes as they came: of a delivery, or of the answer to a question, which is signed as
 * requests are (R-AUTHIO-21 to R-AUTHIO-24, D-AUTHIO-03).
 */
export function verifySignature(
  signature: Signature,
  signed: Signed,
  { key, now }: { readonly key: KeyObject; readonly now: number },
): SignatureVerdict {
  const message = messageOf(signature);
  if (message !== null) return verifyMessage(message, { ...signed, signature }, { key, now });
  const parsed = parse(signature, signed, key);
  if (parsed === null) return "malformed";
  const { timestamp, digests } = parsed;
  const content = signedContent(signature, { ...signed, timestamp });
  // All are compared, each in constant time.
  const isSigned = digests.map((digest) => isOf(key, content, digest)).includes(true);
  if (!isSigned) return "wrong";
  return timestamp === null || isTimely(signature, Number(timestamp), now) ? "valid" : "untimely";
}

/** The components are those of the contract, in its order, and the digest among them is that of the body. */
function verifyMessage(
  of: HttpMessage,
  { signature, header, body, message }: Signed & { readonly signature: Signature },
  { key, now }: { readonly key: KeyObject; readonly now: number },
): SignatureVerdict {
  const start = `${of.label}=${componentList(of)}`;
  const params = message?.input.startsWith(start) ? message.input.slice(start.length) : null;
  const [, created] = /^;created=([0-9]{1,15})(?:;[a-z]+="[^"\\]*")*$/.exec(params ?? "") ?? [];
  const [, text = ""] = header.startsWith(`${of.label}=:`) ? (/=:([A-Za-z0-9+/]+={0,2}):$/.exec(header) ?? []) : [];
  const isWhole = message !== undefined && of.components.every((name) => name === "@method" || name in message.headers);
  if (!isWhole || params === null || created === undefined || text === "") return "malformed";
  const digest = Buffer.from(text, "base64");
  const isOfBody = message.headers["content-digest"] === contentDigest(body);
  const length = key.type === "secret" ? 32 : 64;
  if (!isOfBody || digest.length !== length) return "wrong";
  if (!isOf(key, signatureBase(of, message.headers, params), digest)) return "wrong";
  return isTimely(signature, Number(created), now) ? "valid" : "untimely";
}

/** The key of what a receiver holds: a shared secret, or a public key. */
export function verificationKey(
  text: string,
  { signature, secret }: { readonly signature: Signature; readonly secret: NonNullable<Contract["secret"]> },
): KeyObject {
  const pair = signature.algorithm === "ed25519" ? signature : signature.beside;
  if (pair !== undefined && text.startsWith(pair.publicKeyPrefix)) {
    return publicKey(text.slice(pair.publicKeyPrefix.length));
  }
  return signingKey(text, { signature, secretPrefix: secret.prefix });
}

function publicKey(base64: string): KeyObject {
  const x = Buffer.from(base64, "base64").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

function parse(signature: Signature, signed: Signed, key: KeyObject) {
  const { timestamp } = signature;
  const prefix = prefixOf(signature, key);
  const known = timestamp?.carrier === "signature" ? [timestamp.prefix, prefix] : [prefix];
  const parts = partsOf(signed.header, known, signature.separator);
  const behind = (wanted: string) => parts.filter((part) => part.prefix === wanted).map(({ value }) => value);
  const times = timestamp?.carrier === "signature" ? behind(timestamp.prefix) : [signed.timestamp ?? ""];
  const digests = behind(prefix);
  const [time] = times;
  if (parts.length > partsMax || time === undefined || times.length > 1 || digests.length === 0) return null;
  const encoding = encodingOf(signature, key);
  const form = key.type === "secret" ? digestForms[encoding] : pairForm;
  const isWritten = timestamp === null || /^[0-9]{1,15}$/.test(time);
  if (!isWritten || !digests.every((digest) => form.test(digest))) return null;
  return {
    timestamp: timestamp === null ? null : time,
    digests: digests.map((digest) => Buffer.from(digest, encoding === "hex" ? "hex" : "base64")),
  };
}

/** A header with more parts than this is no signature. */
const partsMax = 16;

/** What stands between the separators, each with the known prefix before it; a prefix may contain the separator, `v1,`. */
function partsOf(header: string, known: readonly string[], separator: string) {
  const parts: { readonly prefix: string | null; readonly value: string }[] = [];
  for (let rest = header; rest !== "" && parts.length <= partsMax;) {
    const text = rest.trimStart();
    const prefix = known.find((candidate) => text.startsWith(candidate)) ?? null;
    const [value = "", ...others] = text.slice(prefix?.length ?? 0).split(separator);
    parts.push({ prefix, value: value.trim() });
    rest = others.join(separator);
  }
  return parts;
}

/** 32 bytes in each encoding. */
const digestForms = {
  hex: /^[0-9a-fA-F]{64}$/,
  base64: /^[A-Za-z0-9+/]{43}=$/,
  "base64-unpadded": /^[A-Za-z0-9+/]{43}$/,
} as const;

/** 64 bytes in base64. */
const pairForm = /^[A-Za-z0-9+/]{86}==$/;

function isOf(key: KeyObject, content: SignedContent, digest: Buffer): boolean {
  if (key.type === "secret") return timingSafeEqual(digest, digestOf(content, key));
  return verify(null, signedBytes(content), key, digest);
}

/** To the millisecond, also where the signed time counts seconds. */
function isTimely(signature: Signature, time: number, now: number): boolean {
  if (signature.timestamp === null) return true;
  const { timestamp, toleranceSeconds, toleranceSides } = signature;
  const ageMs = now - time * (timestamp.unit === "seconds" ? 1000 : 1);
  const toleranceMs = toleranceSeconds * 1000;
  return ageMs <= toleranceMs && (toleranceSides === "past" || -ageMs <= toleranceMs);
}
