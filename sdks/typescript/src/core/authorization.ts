import { WebhookError } from "./errors.ts";
import { type HeaderSource, valuesOf } from "./headers.ts";

/**
 * What the owner of an endpoint configured to be sent, or several texts while one replaces another. Null: nothing was,
 * and every request is let in. Undefined, from an unset variable for instance, is an error.
 */
export type Authorization = string | null | undefined | readonly string[];

/** The texts of which one has to be sent; null when none has. Throws secret_invalid. */
export function authorizationsOf(given: Authorization): readonly string[] | null {
  if (given === null) return null;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const texts = list.filter((text) => typeof text === "string" && text !== "" && text.trim() === text);
  if (texts.length === list.length && list.length > 0) return texts.map(String);
  const expected = "the value of the header as it was configured, or null where none was";
  throw new WebhookError("secret_invalid", `The authorization is missing or malformed: expected ${expected}.`);
}

/** Throws missing_header, invalid_header or authorization_mismatch. */
export async function checkAuthorization(
  header: string,
  accepted: readonly string[],
  source: HeaderSource,
): Promise<void> {
  const [value, ...others] = valuesOf(source, header);
  if (value === undefined) {
    throw new WebhookError("missing_header", `The header ${header} is missing.`, { expected: header });
  }
  if (others.length > 0) throw new WebhookError("invalid_header", `The header ${header} came more than once.`);
  const sent = await digestOf(value);
  let matches = 0;
  // Digests have one length, so the time taken tells neither how long the text is nor where it differs.
  for (const text of accepted) matches += equalBytes(await digestOf(text), sent);
  if (matches > 0) return;
  const message = `The header ${header} has another value than the one that was configured.`;
  throw new WebhookError("authorization_mismatch", message);
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function equalBytes(expected: Uint8Array, got: Uint8Array): 0 | 1 {
  const difference = expected.reduce((bits, byte, index) => bits | (byte ^ (got[index] ?? 0)), 0);
  return difference === 0 ? 1 : 0;
}
