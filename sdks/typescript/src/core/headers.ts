import { WebhookError } from "./errors.ts";
import { describe } from "./values.ts";

/** Headers as any server has them: a Fetch `Headers`, an object, or pairs. Names are matched without regard to case. */
export type HeaderSource =
  Headers | Readonly<Record<string, string | readonly string[] | undefined>> | Iterable<readonly [string, string]>;

/**
 * The values of the named headers, by the names as given. Throws missing_header when one is absent or empty, and after
 * that invalid_header when one came more than once.
 */
export function readHeaders(source: HeaderSource, names: readonly string[]): ReadonlyMap<string, string> {
  const values = valuesByName(source);
  const found = names.map((name) => [name, values.get(name.toLowerCase()) ?? []] as const);
  for (const [name, sent] of found) if (sent.length === 0) throw missing(name);
  return new Map(found.map(([name, sent]) => [name, single(name, sent)]));
}

/** Every value of one header. Empty ones count as absent. */
export function valuesOf(source: HeaderSource, name: string): readonly string[] {
  return (valuesByName(source).get(name.toLowerCase()) ?? []).map(String);
}

function valuesByName(source: HeaderSource): Map<string, unknown[]> {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of isIterable(source) ? source : Object.entries(source)) {
    const sent = [value].flat().filter((one) => one !== undefined && one !== "");
    const key = name.toLowerCase();
    values.set(key, [...(values.get(key) ?? []), ...sent]);
  }
  return values;
}

function isIterable(source: HeaderSource): source is Iterable<readonly [string, string]> {
  return Symbol.iterator in source;
}

// Servers join a repeated header with a comma and a space, and no value of a signature holds that pair.
function single(name: string, sent: readonly unknown[]): string {
  const [value] = sent;
  if (sent.length === 1 && typeof value === "string" && !value.includes(", ")) return value;
  const expected = "one value without a comma followed by a space";
  const got = sent.length === 1 ? describe(value) : `${sent.length} values`;
  const message = `The header ${name} is malformed or came more than once: expected ${expected}, got ${got}.`;
  throw new WebhookError("invalid_header", message, { expected, got });
}

function missing(name: string): WebhookError {
  const remedy = "Pass on the request's headers as they came; a proxy may have dropped this one.";
  return new WebhookError("missing_header", `The header ${name} is missing. ${remedy}`, { expected: name });
}
