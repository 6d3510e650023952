import type { StringFormat } from "../model.ts";

/**
 * Whether an example has the format. What passes here passes at emit too; the reverse is not so at the corners of
 * RFC 5321, quoted local parts and address literals, that no example should show.
 */
export const formats: Readonly<
  Record<StringFormat, { readonly title: string; readonly holds: (text: string) => boolean }>
> = {
  id: { title: "an identifier", holds: () => true },
  uuid: { title: "a UUID in small letters", holds: (text) => uuid.test(text) },
  "date-time": { title: "an instant in UTC with milliseconds, like 2026-05-08T14:02:11.482Z", holds: isInstant },
  email: { title: "an e-mail address", holds: isEmail },
  uri: { title: "an absolute URL", holds: (text) => uri.test(text) && URL.canParse(text) },
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** RFC 3986 §2: nothing beyond ASCII, no spaces, and a percent sign only before two digits. */
const uri = /^[a-z][a-z0-9+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i;

/** Only what comes back as it went in is a day of the calendar: `Date.parse` takes 30 February for 2 March. */
function isInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return false;
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

const atoms = /^[^\s\0-\x20"(),.:;<>@[\]\\\x7f]+(\.[^\s\0-\x20"(),.:;<>@[\]\\\x7f]+)*$/u;
const hostLabel = /^[a-z0-9\u0080-\u{10ffff}]([a-z0-9\u0080-\u{10ffff}-]{0,61}[a-z0-9\u0080-\u{10ffff}])?$/iu;

/** At most 64 characters before the `@`, at most 254 in all (RFC 5321 §4.5.3.1). */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 254) return false;
  return (
    atoms.test(text.slice(0, at)) &&
    text
      .slice(at + 1)
      .split(".")
      .every((part) => hostLabel.test(part))
  );
}
