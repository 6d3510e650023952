import { KindGuard, type TSchema } from "@sinclair/typebox";
import { stepInto } from "../contracts/value-path.ts";
import { HookwrightError } from "../errors.ts";

/** The longest text of a request where its own schema does not say less. */
const textLengthMax = 10_000;

const free = Symbol("any text");

/** Marks a part of a body whose texts are the product's own, such as an event's data: they stay as they came. */
export function anyText<Schema extends TSchema>(schema: Schema): Schema {
  return { ...schema, [free]: true };
}

/** Where a request's text stands. Lines and tabs belong to texts that people write, and these come in bodies. */
export type TextPlace = "path" | "query" | "body";

/**
 * Brings every text of a part of a request, names of fields included, into the one form in which it is compared, stored
 * and logged: normalised (NFC, UAX #15), so that a name is the same however it was typed. Throws `invalid_request` for a
 * control character or half a surrogate pair, which PostgreSQL, terminals or UTF-8 do not take, and for a text that is
 * too long.
 */
export function normalisedTexts(schema: TSchema, value: unknown, place: TextPlace): unknown {
  return normalised({ schema, value, place, path: "" });
}

interface Part {
  readonly schema: TSchema | undefined;
  readonly value: unknown;
  readonly place: TextPlace;
  readonly path: string;
}

function normalised({ schema, value, place, path }: Part): unknown {
  if (schema !== undefined && Reflect.get(schema, free) === true) return value;
  if (typeof value === "string") return normalisedText(value, { place, path });
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return value.map((item, index) => normalised({ schema: items, value: item, place, path: stepInto(path, index) }));
  }
  const entries = Object.entries(value).map(([written, inner]: [string, unknown]) => {
    const name = normalisedText(written, { place, path: path === "" ? "a field's name" : `${path}: a field's name` });
    const at = stepInto(path, name);
    return [name, normalised({ schema: propertyOf(schema, name), value: inner, place, path: at })];
  });
  return Object.fromEntries(entries);
}

/** The texts of variants are all alike, but for those that are marked. */
const variantsOf = (schema: TSchema | undefined): readonly TSchema[] =>
  schema === undefined ? [] : KindGuard.IsUnion(schema) ? schema.anyOf : [schema];

const itemsOf = (schema: TSchema | undefined): TSchema | undefined =>
  variantsOf(schema).find((variant) => KindGuard.IsArray(variant))?.["items"];

function propertyOf(schema: TSchema | undefined, name: string): TSchema | undefined {
  const [own] = variantsOf(schema).flatMap(({ properties }) =>
    properties !== undefined && Object.hasOwn(properties, name) ? [properties[name] as TSchema] : [],
  );
  return own;
}

const plain = /^[\x20-\x7e]*$/;
const unprintable = /[\p{Cc}\p{Cs}]/u;
const unprintableInLines = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

function normalisedText(text: string, { place, path }: Pick<Part, "place" | "path">): string {
  if (text.length > textLengthMax)
    throw refusal(path, `expected a text of at most ${textLengthMax} characters, got one of ${text.length}`);
  if (plain.test(text)) return text;
  const [found] = (place === "body" ? unprintableInLines : unprintable).exec(text) ?? [];
  if (found === undefined) return text.normalize("NFC");
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  throw refusal(path, `expected printable text, got one with U+${code}; remove that character`);
}

function refusal(path: string, text: string): HookwrightError {
  return new HookwrightError("invalid_request", `${path}: ${text}.`, { path });
}
