import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import type { HttpMessage, Signature } from "../../catalog/contract.ts";
import { digestOf } from "./signature.ts";

/** The signature of an HTTP message (RFC 9421), whose body is covered by its digest (RFC 9530). */

/** What a request says of itself, header names in lower case. */
type Headers = Readonly<Record<string, string>>;

export function messageOf({ content }: Pick<Signature, "content">): HttpMessage | null {
  return "label" in content ? content : null;
}

export function contentDigest(body: string | Uint8Array): string {
  return `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
}

/** The value of the header `Signature-Input`; `created` in seconds since 1970. */
export function signatureInput(message: HttpMessage, created: string, key: KeyObject): string {
  return `${message.label}=${componentList(message)}${parameters(created, key)}`;
}

/** The value of the header `Signature`. */
export function messageSignature(message: HttpMessage, headers: Headers, created: string, key: KeyObject): string {
  const base = signatureBase(message, headers, parameters(created, key));
  return `${message.label}=:${digestOf(base, key).toString("base64")}:`;
}

/** What is signed (RFC 9421 §2.5). Throws when a component is no header of the request. */
export function signatureBase(message: HttpMessage, headers: Headers, params: string): string {
  const lines = message.components.map((name) => {
    const value = name === "@method" ? "POST" : headers[name];
    if (value === undefined) throw new Error(`The request is signed over the header ${name}, and has none.`);
    return `"${name}": ${value.trim()}`;
  });
  return [...lines, `"@signature-params": ${componentList(message)}${params}`].join("\n");
}

export function componentList({ components }: HttpMessage): string {
  return `(${components.map((name) => `"${name}"`).join(" ")})`;
}

/** A shared key has no name: a receiver knows whose request it is by the URL. */
function parameters(created: string, key: KeyObject): string {
  if (key.type === "secret") return `;created=${created};alg="hmac-sha256"`;
  return `;created=${created};keyid="${keyThumbprint(key)}";alg="ed25519"`;
}

/** Gives the thumbprint of a public key (RFC 7638, RFC 8037 §2), by which a key set names it. */
export function keyThumbprint(key: KeyObject): string {
  const shown = key.type === "public" ? key : createPublicKey(key);
  const { x = "" } = shown.export({ format: "jwk" });
  return createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");
}
