import type { MessageScheme, SignatureAlgorithm, SignatureScheme, SignedTime } from "./contract.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { WebhookError } from "./errors.ts";
import { type HeaderSource, readHeaders } from "./headers.ts";
import { contentDigest, readMessage, unsignedMessage } from "./message.ts";
import type { Key } from "./secrets.ts";
import { describe } from "./values.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface SignedRequest {
  readonly body: Uint8Array;
  readonly headers: HeaderSource;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly nowMs: number;
  readonly toleranceSeconds: number;
}

/** The values of the signature's headers; `id` is empty when none is signed. */
interface Signed {
  readonly id: string;
  /** Null when none is sent. */
  readonly timestamp: string | null;
  /** The parts of the signature header. */
  readonly parts: readonly Part[];
  /** What was signed, where the request is a signed message. */
  readonly base?: string;
  readonly digest?: string | null;
}

/**
 * Checks headers, age and signature, in this order. Throws missing_header, invalid_header, timestamp_invalid,
 * timestamp_too_old, timestamp_too_new or no_matching_signature.
 */
export async function verifySignature(
  scheme: SignatureScheme,
  keys: readonly Key[],
  request: SignedRequest,
): Promise<void> {
  const signed = readSigned(scheme, request.headers);
  if (signed.timestamp !== null) checkAge(scheme, signed.timestamp, request);
  if (typeof signed.digest === "string" && signed.digest !== (await contentDigest(request.body))) throw otherBody();
  const content = signedContent(scheme, signed, request.body);
  let matches = 0;
  // Every secret against every signature, with no early end: the time taken does not tell which one matched.
  for (const key of keys) matches += await matchesOf(key, content, signaturesOf(signed, key.algorithm));
  if (matches === 0) throw noMatch(scheme, keys, signed);
}

async function matchesOf({ algorithm, bytes }: Key, content: Bytes, signatures: readonly string[]): Promise<number> {
  let matches = 0;
  if (algorithm.name === "ed25519") {
    for (const signature of signatures) matches += (await verifyEd25519(bytes, content, signature)) ? 1 : 0;
    return matches;
  }
  const expected = await hmacOf(algorithm, bytes, content);
  for (const signature of signatures) matches += equalInConstantTime(expected, signature);
  return matches;
}

function signaturesOf({ parts }: Pick<Signed, "parts">, { prefix }: SignatureAlgorithm): readonly string[] {
  return parts.filter((part) => part.prefix === prefix).map((part) => part.value);
}

/**
 * The headers of a signed request; `timestampMs` is rounded down to the scheme's unit. Throws secret_invalid for a public
 * key, which signs nothing.
 */
export async function signatureHeaders(
  scheme: SignatureScheme,
  { algorithm, bytes }: Key,
  request: { readonly body: Uint8Array; readonly id: string; readonly timestampMs: number },
): Promise<Record<string, string>> {
  const { timestamp: carried, idHeader } = scheme;
  const timestamp = carried === null ? null : String(Math.floor(request.timestampMs / unitMs(scheme)));
  if (algorithm.name === "ed25519") throw signsNothing();
  if (scheme.message !== undefined) {
    const { message, signatureHeader } = scheme;
    const { headers, base } = await unsignedMessage(message, { ...request, timestamp: timestamp ?? "" });
    const signed = await hmacOf(algorithm, bytes, new TextEncoder().encode(base));
    return { ...headers, [signatureHeader]: `${message.label}=:${signed}:` };
  }
  const content = signedContent(scheme, { id: request.id, timestamp }, request.body);
  const signature = algorithm.prefix + (await hmacOf(algorithm, bytes, content));
  const inside = carried?.carrier === "signature" ? [carried.prefix + timestamp] : [];
  return {
    ...(idHeader === null ? {} : { [idHeader]: request.id }),
    ...(carried?.carrier === "header" ? { [carried.header]: timestamp ?? "" } : {}),
    [scheme.signatureHeader]: [...inside, signature].join(scheme.separator),
  };
}

function readSigned(scheme: SignatureScheme, source: HeaderSource): Signed {
  if (scheme.message !== undefined) return signedMessage(scheme, scheme.message, source);
  const { timestamp: carried, signatureHeader, idHeader } = scheme;
  const timestampHeader = carried?.carrier === "header" ? carried.header : null;
  const names = [idHeader, timestampHeader, signatureHeader].filter((name) => name !== null);
  const values = readHeaders(source, names);
  const valueOf = (name: string | null) => (name === null ? "" : (values.get(name) ?? ""));
  const parts = partsOf(scheme, valueOf(signatureHeader));
  return {
    id: valueOf(idHeader),
    timestamp: carried === null ? null : timestampIn(carried),
    parts,
  };

  function timestampIn(time: SignedTime): string {
    if (time.carrier === "header") return valueOf(time.header);
    return timestampPart(scheme, parts, time.carrier === "signature" ? time.prefix : "");
  }
}

function signedMessage(scheme: SignatureScheme, message: MessageScheme, source: HeaderSource): Signed {
  const { timestamp, signature, base, digest } = readMessage(scheme, message, source);
  // Behind the label stands one signature, in any of the algorithms.
  const prefixes = new Set(scheme.algorithms.map(({ prefix }) => prefix));
  const parts = signature === null ? [] : [...prefixes].map((prefix) => ({ prefix, value: signature }));
  return { id: "", timestamp, parts, base, digest };
}

interface Part {
  /** One of the scheme's prefixes; null for a part that is not ours to read, `sha384=…`. */
  readonly prefix: string | null;
  readonly value: string;
}

/** A sender puts a few signatures into the header. More cost time to verify, and are not read. */
const partsMax = 16;

// A scan and not a split, because a prefix may contain the separator: `v1,AAA,v1,BBB`.
function partsOf(scheme: SignatureScheme, header: string): Part[] {
  const { timestamp, algorithms } = scheme;
  const known = algorithms.map(({ prefix }) => prefix);
  if (timestamp?.carrier === "signature") known.unshift(timestamp.prefix);
  const parts: Part[] = [];
  for (let start = 0; start < header.length && parts.length < partsMax;) {
    const prefix = known.find((candidate) => header.startsWith(candidate, start)) ?? null;
    const from = start + (prefix?.length ?? 0);
    const separator = header.indexOf(scheme.separator, from);
    const end = separator === -1 ? header.length : separator;
    parts.push({ prefix, value: header.slice(from, end) });
    start = end + scheme.separator.length;
  }
  return parts;
}

function timestampPart(scheme: SignatureScheme, parts: readonly Part[], prefix: string): string {
  const [first, ...others] = parts.filter((part) => part.prefix === prefix);
  if (first !== undefined && others.length === 0) return first.value;
  const expected = `one part that starts with "${prefix}"`;
  const got = first === undefined ? "none" : `${others.length + 1}`;
  const message = `The header ${scheme.signatureHeader} does not say when it was signed: expected ${expected}, got ${got}.`;
  throw new WebhookError("invalid_header", message, { expected, got });
}

function checkAge(scheme: SignatureScheme, timestamp: string, request: SignedRequest): void {
  const ageMs = request.nowMs - timestampMs(scheme, timestamp);
  const toleranceMs = request.toleranceSeconds * 1000;
  // Negated, so that a clock that gives NaN refuses instead of accepting everything.
  if (!(ageMs <= toleranceMs)) throw outOfTime("timestamp_too_old", ageMs, request.toleranceSeconds);
  if (scheme.toleranceSides === "both" && -ageMs > toleranceMs) {
    throw outOfTime("timestamp_too_new", ageMs, request.toleranceSeconds);
  }
}

// Fifteen digits are the most that a double holds exactly.
function timestampMs(scheme: SignatureScheme, timestamp: string): number {
  if (/^[0-9]{1,15}$/.test(timestamp)) return Number(timestamp) * unitMs(scheme);
  const expected = `Unix time in ${scheme.timestamp?.unit}, decimal digits only`;
  const got = describe(timestamp);
  const message = `The signed time is malformed: expected ${expected}, got ${got}.`;
  throw new WebhookError("timestamp_invalid", message, { expected, got });
}

function outOfTime(
  code: "timestamp_too_old" | "timestamp_too_new",
  ageMs: number,
  toleranceSeconds: number,
): WebhookError {
  const side = code === "timestamp_too_old" ? "past" : "future";
  const got = `${Math.abs(ageMs) / 1000} s in the ${side}`;
  const expected = `at most ${toleranceSeconds} s in the ${side}`;
  const remedy = "Either the delivery is replayed or one of the two clocks is wrong.";
  return new WebhookError(code, `The signed time is ${got}: expected ${expected}. ${remedy}`, { expected, got });
}

function unitMs(scheme: SignatureScheme): number {
  return scheme.timestamp?.unit === "seconds" ? 1000 : 1;
}

// The body goes in as bytes: as text, whatever is not UTF-8 would be replaced and never verify (R-STECH-93).
function signedContent(scheme: SignatureScheme, signed: Omit<Signed, "parts">, body: Uint8Array): Bytes {
  const encoder = new TextEncoder();
  if (signed.base !== undefined) return encoder.encode(signed.base);
  const joint = encoder.encode(scheme.joint ?? ".");
  const parts = scheme.content.flatMap((part, index) => {
    const bytes = part === "body" ? body : encoder.encode(typeof part === "string" ? (signed[part] ?? "") : part.text);
    return index === 0 ? [bytes] : [joint, bytes];
  });
  const content = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    content.set(part, offset);
    offset += part.byteLength;
  }
  return content;
}

// The key is imported for each use. Some runtimes refuse a promise that another request made, so it is not kept.
async function hmacOf({ encoding }: SignatureAlgorithm, key: Bytes, content: Bytes): Promise<string> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", imported, content));
  if (encoding === "hex") return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const base64 = btoa(String.fromCharCode(...digest));
  return encoding === "base64" ? base64 : base64.replace(/=+$/, "");
}

/** 1 when the texts are equal, else 0. The length of a signature is public, so unequal lengths may end early. */
function equalInConstantTime(expected: string, got: string): 0 | 1 {
  if (expected.length !== got.length) return 0;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) {
    difference |= expected.charCodeAt(index) ^ got.charCodeAt(index);
  }
  return difference === 0 ? 1 : 0;
}

function noMatch({ signatureHeader }: SignatureScheme, keys: readonly Key[], signed: Signed): WebhookError {
  const algorithms = new Set(keys.map(({ algorithm }) => algorithm));
  if ([...algorithms].every((algorithm) => signaturesOf(signed, algorithm).length === 0)) {
    const prefixes = [...algorithms].map(({ prefix }) => `"${prefix}"`).join(" or ");
    const message = `The header ${signatureHeader} has no signature that starts with ${prefixes}.`;
    return new WebhookError("no_matching_signature", message, { expected: `a signature after ${prefixes}` });
  }
  const causes = "the secret is that of another endpoint or was rotated, or the body was changed on its way";
  const message = `No signature in the header ${signatureHeader} matches: ${causes}.`;
  return new WebhookError("no_matching_signature", message);
}

function otherBody(): WebhookError {
  const message = "The body is not the one that was signed: its SHA-256 is not that of the header Content-Digest.";
  return new WebhookError("no_matching_signature", message);
}

function signsNothing(): WebhookError {
  const message = "A public key verifies and signs nothing: sign with the private key, by a library for Ed25519.";
  return new WebhookError("secret_invalid", message);
}
