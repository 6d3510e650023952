import { createHash, createHmac } from "node:crypto";
import { headerOf } from "../envelope.ts";
import type { Declaration } from "../model.ts";
import { signedIds } from "../receiver-contract.ts";

/** What is signed, with which secrets and when; each secret gives one signature, in this order. */
export interface Signing {
  readonly body: string | Uint8Array;
  readonly secrets: readonly string[];
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
}

/** A secret in the contract's form that follows from its name alone; empty for a contract that signs nothing. */
export function secretOf({ id, secret }: Declaration, name: "current" | "previous" | "another"): string {
  if (secret === null) return "";
  const bytes = createHash("shake256", { outputLength: secret.bytes }).update(`${id}\n${name}`).digest();
  return secret.prefix + bytes.toString(secret.encoding);
}

/** The headers of a signed request. Throws for a contract that signs nothing. */
export function signatureHeaders(declaration: Declaration, signing: Signing): Readonly<Record<string, string>> {
  const { timestamp } = schemeOf(declaration);
  const [idSource] = signedIds(declaration);
  const idHeader = idSource === undefined ? null : headerOf(declaration, idSource);
  const timestampHeader = timestamp.carrier === "header" ? headerOf(declaration, "timestamp") : null;
  return {
    ...(idHeader === null ? {} : { [idHeader]: signedId(declaration) }),
    ...(timestampHeader === null ? {} : { [timestampHeader]: timeText(declaration, signing.at) }),
    [headerOf(declaration, "signature") ?? ""]: signatureValue(declaration, signing),
  };
}

/** The value of a header that carries signatures. */
export function signatureValue(declaration: Declaration, { body, secrets, at }: Signing): string {
  const { timestamp, prefix, separator } = schemeOf(declaration);
  const inside = timestamp.carrier === "signature" ? [timestamp.prefix + timeText(declaration, at)] : [];
  const signatures = secrets.map((secret) => prefix + signatureOf(declaration, { body, secret, at }));
  return [...inside, ...signatures].join(separator);
}

function signatureOf(
  declaration: Declaration,
  { body, secret, at }: { readonly body: string | Uint8Array; readonly secret: string; readonly at: number },
): string {
  const { key, content, encoding } = schemeOf(declaration);
  const prefix = declaration.secret?.prefix ?? "";
  const bytes = key === "utf8" ? Buffer.from(secret) : Buffer.from(secret.slice(prefix.length), "base64");
  const hmac = createHmac("sha256", bytes);
  for (const [index, part] of content.entries()) {
    if (index > 0) hmac.update(".");
    hmac.update(part === "body" ? body : part === "timestamp" ? timeText(declaration, at) : signedId(declaration));
  }
  return encoding === "hex" ? hmac.digest("hex") : unpadded(hmac.digest("base64"), encoding);
}

function unpadded(base64: string, encoding: "base64" | "base64-unpadded"): string {
  return encoding === "base64" ? base64 : base64.replace(/=+$/, "");
}

function timeText(declaration: Declaration, at: number): string {
  return String(Math.floor(at / unitMs(declaration)));
}

function unitMs(declaration: Declaration): number {
  return schemeOf(declaration).timestamp.unit === "seconds" ? 1000 : 1;
}

function signedId(declaration: Declaration): string {
  const [source] = signedIds(declaration);
  return source === "delivery.id" ? `${declaration.ids.delivery.prefix}1` : `${declaration.ids.event.prefix}1`;
}

function schemeOf({ id, signature }: Declaration): NonNullable<Declaration["signature"]> {
  if (signature === null) throw new Error(`The contract "${id}" signs nothing.`);
  return signature;
}
