/**
 * The formats of the generated schemas. TypeBox knows none by itself and refuses every text whose format it does not
 * know, so importing this module, as every generated schema does, registers them for the process.
 */
import { FormatRegistry } from "@sinclair/typebox";

/** An instant in UTC with milliseconds, `2026-05-08T14:02:11.482Z` (RFC 3339). One text for each instant. */
export function isDateTime(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/.test(text)) return false;
  const time = Date.parse(text);
  // Date.parse takes 30 February for 2 March; only a day of the calendar comes back as it went in.
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}

/** A UUID in its lower-case text form (RFC 9562 §4), of any version. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}

const localPart =
  /^(?:[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*|"(?:[ !#-[\]-~]|\\[ -~])*")$/u;
const domainLabel =
  /^[A-Za-z0-9\u0080-\u{10ffff}](?:[A-Za-z0-9\u0080-\u{10ffff}-]{0,61}[A-Za-z0-9\u0080-\u{10ffff}])?$/u;

/** An addr-spec (RFC 5321 §4.1.2) of at most 254 characters, also with characters beyond ASCII (RFC 6531). */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 254) return false;
  const domain = text.slice(at + 1);
  const isDomain = /^\[[0-9A-Za-z.:-]+\]$/.test(domain) || domain.split(".").every((label) => domainLabel.test(label));
  return isDomain && localPart.test(text.slice(0, at));
}

/** A URI with its scheme (RFC 3986 §3): no spaces, and nothing beyond ASCII that is not percent-encoded. */
export function isUri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$/.test(text) && URL.canParse(text);
}

FormatRegistry.Set("date-time", isDateTime);
FormatRegistry.Set("uuid", isUuid);
FormatRegistry.Set("email", isEmail);
FormatRegistry.Set("uri", isUri);
