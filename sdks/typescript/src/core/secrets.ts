import type { SignatureAlgorithm, SignatureScheme } from "./contract.ts";
import { isPublicKey } from "./ed25519.ts";
import { WebhookError } from "./errors.ts";

type KeyBytes = Uint8Array<ArrayBuffer>;

/** What one secret verifies with. */
export interface Key {
  readonly algorithm: SignatureAlgorithm;
  readonly bytes: KeyBytes;
}

/** The keys of one secret or several. Throws secret_invalid, which says which secret and never shows it. */
export function keysOf(secrets: string | undefined | readonly string[], scheme: SignatureScheme): readonly Key[] {
  const list: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets];
  if (list.length === 0) throw invalid("The list of secrets is empty");
  return list.map((secret, index) => keyOf(secret, `Secret ${index + 1} of ${list.length}`, scheme));
}

function keyOf(secret: unknown, name: string, { algorithms }: SignatureScheme): Key {
  if (typeof secret !== "string") throw invalid(`${name} is not a string but ${typeof secret}`);
  if (/\s/.test(secret)) throw invalid(`${name} contains white space, perhaps a line break at its end`);
  const algorithm = algorithms.find(({ secretPrefix }) => secret.startsWith(secretPrefix));
  if (algorithm === undefined) {
    const prefixes = algorithms.map(({ secretPrefix }) => `"${secretPrefix}"`).join(" or ");
    throw invalid(`${name} does not start with ${prefixes}`);
  }
  const { key, secretPrefix, secretBytesMin = 0 } = algorithm;
  const text = secret.slice(secretPrefix.length);
  if (text === "") throw invalid(`${name} is empty${secretPrefix === "" ? "" : ` after "${secretPrefix}"`}`);
  const bytes = key === "utf8" ? new TextEncoder().encode(secret) : base64Bytes(text, name);
  if (algorithm.name === "ed25519" && !isPublicKey(bytes)) throw invalid(`${name} is no Ed25519 public key`);
  if (bytes.length < secretBytesMin)
    throw invalid(`${name} has ${bytes.length} bytes, and at least ${secretBytesMin} are needed`);
  return { algorithm, bytes };
}

// Strict, because a secret that is not base64 is a secret of another kind; only the padding may be left out.
function base64Bytes(text: string, name: string): KeyBytes {
  const digits = text.replace(/={1,2}$/, "");
  const lengthFits = digits.length % 4 !== 1 && (digits === text || text.length % 4 === 0);
  if (!lengthFits || !/^[A-Za-z0-9+/]+$/.test(digits)) throw invalid(`${name} is not base64 after its prefix`);
  return Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
}

function invalid(fault: string): WebhookError {
  const remedy = "Use the signing secret as it was shown when the endpoint was created or its secret rotated.";
  return new WebhookError("secret_invalid", `${fault}. ${remedy}`);
}
