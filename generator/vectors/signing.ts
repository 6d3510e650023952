import { createHash, createHmac, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { headerOf } from "../envelope.ts";
import type { Declaration } from "../model.ts";
import { algorithmsOf, messageOf, partsOf, signedIds, type MessageScheme } from "../receiver-contract.ts";

/** What is signed, with which secrets and when; each secret gives a signature in each algorithm, in this order. */
export interface Signing {
  readonly body: string | Uint8Array;
  readonly secrets: readonly SecretName[];
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
}

/** A secret of an endpoint, or the key pair beside it; its text follows from its name alone. */
export type SecretName = "current" | "previous" | "another";

/** What a receiver is constructed with, one text for each algorithm; none for a contract that signs nothing. */
export function secretsOf({ id, signature, secret }: Declaration, name: SecretName): readonly string[] {
  if (signature === null || secret === null) return [];
  return algorithmsOf(signature, secret).map(({ name: algorithm, secretPrefix }) => {
    const seed = seedOf(id, name, algorithm === "ed25519" ? 32 : secret.bytes);
    return algorithm === "ed25519"
      ? secretPrefix +
          createPublicKey(keyPair(seed)).export({ format: "der", type: "spki" }).subarray(-32).toString("base64")
      : secretPrefix + seed.toString(secret.encoding);
  });
}

function seedOf(id: string, name: SecretName, outputLength: number): Buffer {
  return createHash("shake256", { outputLength }).update(`${id}\n${name}`).digest();
}

/** A private key of 32 bytes, in PKCS #8 (RFC 8410 §7). */
function keyPair(seed: Buffer): KeyObject {
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: "der", type: "pkcs8" });
}

/** The headers of a signed request. Throws for a contract that signs nothing. */
export function signatureHeaders(declaration: Declaration, signing: Signing): Readonly<Record<string, string>> {
  const message = messageOf(declaration);
  if (message !== null) return messageHeaders(declaration, message, signing);
  const { timestamp } = schemeOf(declaration);
  const [idSource] = signedIds(declaration);
  const idHeader = idSource === undefined ? null : headerOf(declaration, idSource);
  const timestampHeader = timestamp?.carrier === "header" ? headerOf(declaration, "timestamp") : null;
  return {
    ...(idHeader === null ? {} : { [idHeader]: signedId(declaration) }),
    ...(timestampHeader === null ? {} : { [timestampHeader]: timeText(declaration, signing.at) }),
    [headerOf(declaration, "signature") ?? ""]: signatureValue(declaration, signing),
  };
}

/** The headers of a message that is signed (RFC 9421), by the first of the secrets alone. */
function messageHeaders(declaration: Declaration, message: MessageScheme, { body, secrets, at }: Signing): Headers {
  const [name = "current"] = secrets;
  const digest = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
  const covered = message.components.filter((component) => component !== "@method");
  const valueOf = (component: string) =>
    component === "content-digest"
      ? digest
      : component === "content-type"
        ? message.contentType
        : signedId(declaration);
  const headers = Object.fromEntries(covered.map((component) => [component, valueOf(component)]));
  const list = `(${message.components.map((component) => `"${component}"`).join(" ")})`;
  const { algorithm } = schemeOf(declaration);
  const params = `${list};created=${timeText(declaration, at)};alg="${algorithm}"`;
  const lines = message.components.map((component) => `"${component}": ${headers[component] ?? "POST"}`);
  const base = Buffer.from([...lines, `"@signature-params": ${params}`].join("\n"));
  const [signature = ""] = signaturesOf(declaration, name, base);
  return {
    ...headers,
    [message.inputHeader]: `${message.label}=${params}`,
    [headerOf(declaration, "signature") ?? ""]: `${message.label}=:${signature}:`,
  };
}

type Headers = Readonly<Record<string, string>>;

/** The value of a header that carries signatures. */
export function signatureValue(declaration: Declaration, { body, secrets, at }: Signing): string {
  const { timestamp, separator } = schemeOf(declaration);
  const inside = timestamp?.carrier === "signature" ? [timestamp.prefix + timeText(declaration, at)] : [];
  const content = signedContent(declaration, body, at);
  const signatures = secrets.flatMap((name) => signaturesOf(declaration, name, content));
  return [...inside, ...signatures].join(separator);
}

function signaturesOf(declaration: Declaration, name: SecretName, content: Buffer): readonly string[] {
  const texts = secretsOf(declaration, name);
  return algorithmsOf(schemeOf(declaration), declaration.secret ?? { prefix: "" }).map((algorithm, index) => {
    if (algorithm.name === "ed25519") {
      const key = keyPair(seedOf(declaration.id, name, 32));
      return algorithm.prefix + sign(null, content, key).toString("base64");
    }
    const secret = texts[index] ?? "";
    const { key, secretPrefix, prefix, encoding } = algorithm;
    const bytes = key === "utf8" ? Buffer.from(secret) : Buffer.from(secret.slice(secretPrefix.length), "base64");
    const digest = createHmac("sha256", bytes).update(content);
    return prefix + (encoding === "hex" ? digest.digest("hex") : unpadded(digest.digest("base64"), encoding));
  });
}

function signedContent(declaration: Declaration, body: string | Uint8Array, at: number): Buffer {
  const { joint = "." } = schemeOf(declaration);
  const parts = partsOf(schemeOf(declaration)).map((part) => {
    if (part === "body") return body;
    if (typeof part === "object") return part.text;
    return part === "timestamp" ? timeText(declaration, at) : signedId(declaration);
  });
  return Buffer.concat(parts.flatMap((part, index) => [Buffer.from(index === 0 ? "" : joint), Buffer.from(part)]));
}

function unpadded(base64: string, encoding: "base64" | "base64-unpadded"): string {
  return encoding === "base64" ? base64 : base64.replace(/=+$/, "");
}

function timeText(declaration: Declaration, at: number): string {
  return String(Math.floor(at / unitMs(declaration)));
}

function unitMs(declaration: Declaration): number {
  return schemeOf(declaration).timestamp?.unit === "seconds" ? 1000 : 1;
}

function signedId(declaration: Declaration): string {
  const [source] = signedIds(declaration);
  return source === "delivery.id" ? `${declaration.ids.delivery.prefix}1` : `${declaration.ids.event.prefix}1`;
}

function schemeOf({ id, signature }: Declaration): NonNullable<Declaration["signature"]> {
  if (signature === null) throw new Error(`The contract "${id}" signs nothing.`);
  return signature;
}
