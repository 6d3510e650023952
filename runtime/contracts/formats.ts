/**
 * The formats of the generated schemas. TypeBox knows none by itself and refuses every text whose format it does not
 * know, so importing this module, as every generated schema does, registers them for the process.
 */
import { FormatRegistry, type TSchema } from "@sinclair/typebox";

/** An instant in UTC with milliseconds, `2026-05-08T14:02:11.482Z` (RFC 3339). One text for each instant. */
export function isDateTime(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/.test(text)) return false;
  const time = Date.parse(text);
  // Date.parse takes 30 February for 2 March; only a day of the calendar comes back as it went in.
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}

const dateTime = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads a time as RFC 3339 has it, without a fraction of a second or with any, at any offset, and gives it as it is kept:
 * in UTC, cut to milliseconds. Null: it is none.
 *
 * @example utcTime("2026-05-08T16:02:11+02:00") // "2026-05-08T14:02:11.000Z"
 */
export function utcTime(text: string): string | null {
  const [, date, hour = "", minute = "", second = "", fraction = "", sign, ...offset] = dateTime.exec(text) ?? [];
  if (date === undefined) return null;
  const isLeap = second === "60";
  const [offsetHours = 0, offsetMinutes = 0] = offset.map((part: string | undefined) => Number(part ?? 0));
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  if (offsetHours > 23 || offsetMinutes > 59) return null;
  const local = `${date}T${hour}:${minute}:${isLeap ? "59" : second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const localTime = Date.parse(local);
  // Date.parse takes 30 February for 2 March; only a day of the calendar comes back as it went in.
  if (Number.isNaN(localTime) || new Date(localTime).toISOString() !== local) return null;
  const offsetMs = (sign === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
  const utc = new Date(localTime - offsetMs + (isLeap ? 1000 : 0));
  // A leap second is the last one of a day in UTC; no clock of ours shows it, so it is the second after it.
  if (isLeap && !/T00:00:00/.test(utc.toISOString())) return null;
  return utc.getUTCFullYear() >= 0 && utc.getUTCFullYear() <= 9999 ? utc.toISOString() : null;
}

/** The value with every time as it is kept, where the schema has a time. What is none stays as it came. */
export function withUtcTimes(schema: TSchema, value: unknown): unknown {
  if (typeof value === "string") return isTime(schema) ? (utcTime(value) ?? value) : withVariants(schema, value);
  if (typeof value !== "object" || value === null) return value;
  const inner = Array.isArray(value) ? withItems(schema, value) : withProperties(schema, value);
  return withVariants(schema, inner);
}

const isTime = ({ type, format }: TSchema): boolean => type === "string" && format === "date-time";

function withVariants(schema: TSchema, value: unknown): unknown {
  const variants: readonly TSchema[] = [...(schema["anyOf"] ?? []), ...(schema["allOf"] ?? [])];
  return variants.reduce((before: unknown, variant) => withUtcTimes(variant, before), value);
}

function withItems({ items }: TSchema, values: readonly unknown[]): readonly unknown[] {
  return items === undefined || Array.isArray(items) ? values : values.map((value) => withUtcTimes(items, value));
}

function withProperties({ properties, patternProperties }: TSchema, value: object): object {
  if (properties === undefined && patternProperties === undefined) return value;
  const [others] = Object.values<TSchema>(patternProperties ?? {});
  const schemaOf = (name: string): TSchema | undefined =>
    properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : others;
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => {
    const schema = schemaOf(name);
    return [name, schema === undefined ? inner : withUtcTimes(schema, inner)];
  });
  return Object.fromEntries(entries);
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
