import type { MessageScheme, SignatureScheme } from "./contract.ts";
import { WebhookError } from "./errors.ts";
import { type HeaderSource, readHeaders } from "./headers.ts";
import { describe } from "./values.ts";

/** The values of a signed message's headers, and what they say. */
export interface SignedMessage {
  /** Seconds since 1970, as they were signed. */
  readonly timestamp: string;
  /** The signature in base64; null when the header has none behind the label. */
  readonly signature: string | null;
  /** What was signed (RFC 9421 §2.5). */
  readonly base: string;
  /** Null where the body is not covered. */
  readonly digest: string | null;
}

/** Reads the headers of a signed message. Throws missing_header and invalid_header. */
export function readMessage(
  { signatureHeader }: Pick<SignatureScheme, "signatureHeader">,
  message: MessageScheme,
  source: HeaderSource,
): SignedMessage {
  const { components, inputHeader, label } = message;
  const covered = components.filter((component) => component !== "@method");
  const values = readHeaders(source, [inputHeader, signatureHeader, ...covered]);
  const valueOf = (name: string) => values.get(name) ?? "";
  const params = paramsOf(message, valueOf(inputHeader));
  const [, created] = /^;created=([0-9]{1,15})(?:;[a-z]+="[^"\\]*")*$/.exec(params ?? "") ?? [];
  if (params === null || created === undefined) throw notCovered(message, valueOf(inputHeader));
  const signature = valueOf(signatureHeader);
  const [, text = null] = signature.startsWith(`${label}=:`)
    ? (/^:([A-Za-z0-9+/]+={0,2}):$/.exec(signature.slice(label.length + 1)) ?? [])
    : [];
  const base = signatureBase(message, values, params);
  return { timestamp: created, signature: text, base, digest: values.get("content-digest") ?? null };
}

/** What follows the components; null when others are covered. */
function paramsOf(message: MessageScheme, input: string): string | null {
  const start = `${message.label}=${componentList(message)}`;
  return input.startsWith(start) ? input.slice(start.length) : null;
}

function componentList({ components }: MessageScheme): string {
  return `(${components.map((name) => `"${name}"`).join(" ")})`;
}

function signatureBase(message: MessageScheme, values: ReadonlyMap<string, string>, params: string): string {
  const lines = message.components.map((name) => {
    return `"${name}": ${name === "@method" ? "POST" : (values.get(name) ?? "").trim()}`;
  });
  return [...lines, `"@signature-params": ${componentList(message)}${params}`].join("\n");
}

/** The headers of a request but for its signature, and what is signed. A header that is neither has the id. */
export async function unsignedMessage(
  message: MessageScheme,
  { body, id, timestamp }: { readonly body: Uint8Array; readonly id: string; readonly timestamp: string },
): Promise<{ readonly headers: Record<string, string>; readonly base: string }> {
  const known: Record<string, string> = {
    "content-type": message.contentType,
    "content-digest": await contentDigest(body),
  };
  const covered = message.components
    .filter((name) => name !== "@method")
    .map((name) => [name, known[name] ?? id] as const);
  const params = `;created=${timestamp};alg="hmac-sha256"`;
  const input = `${message.label}=${componentList(message)}${params}`;
  const base = signatureBase(message, new Map(covered), params);
  return { headers: { ...Object.fromEntries(covered), [message.inputHeader]: input }, base };
}

/** The SHA-256 of a body as its header has it (RFC 9530). */
export async function contentDigest(body: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(body)));
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
}

function notCovered(message: MessageScheme, input: string): WebhookError {
  const expected = `${message.label}=${componentList(message)};created=…`;
  const got = describe(input);
  const text = `The header ${message.inputHeader} does not say what was signed and when: expected ${expected}, got ${got}.`;
  return new WebhookError("invalid_header", text, { expected, got });
}
