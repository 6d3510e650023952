import fc, { type Arbitrary } from "fast-check";

/** A JSON schema, as far as the document's requests use it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
}

export interface OpenapiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

interface DocumentedOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, DocumentedBody>> };
}

interface DocumentedBody {
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Operation extends DocumentedOperation {
  readonly method: string;
  readonly path: string;
}

export interface FuzzedRequest {
  readonly method: string;
  readonly url: string;
  readonly payload?: string;
}

export function operationsOf({ paths }: OpenapiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** Requests that are right but for one place, and some that are wrong in several. */
export function requestOf(operation: Operation, known: readonly string[]): Arbitrary<FuzzedRequest> {
  return fc.oneof(
    { weight: 2, arbitrary: nearlyRight(operation, known) },
    { weight: 1, arbitrary: anyRequest(operation, known) },
  );
}

/** The documented example with one part of it replaced; or one parameter is odd. */
function nearlyRight(operation: Operation, known: readonly string[]): Arbitrary<FuzzedRequest> {
  const { method, path, parameters = [], requestBody } = operation;
  const examples = Object.values(requestBody?.content["application/json"]?.examples ?? {}).map(({ value }) => value);
  const asked = parameters.filter(({ in: place, name }) => place !== "header" && name !== "wait");
  const names = asked.map(({ name }) => name);
  return fc
    .record({
      ids: fc.array(fc.constantFrom(...known), { minLength: 3, maxLength: 3 }),
      oddName: fc.constantFrom("", "", ...names),
      odd: fc.oneof(fc.constantFrom(...oddTexts), odd),
      example: examples.length === 0 ? fc.constant(undefined) : fc.constantFrom(...examples),
      at: fc.nat(),
    })
    .map(({ ids, oddName, odd: strange, example, at }) => {
      const valueAt = (name: string, index: number) =>
        name === oddName ? strange : name === "tenant" ? "acme" : ids[index % ids.length];
      const inPath = path.replaceAll(/{(\w+)}/g, (_, name: string) => encoded(valueAt(name, names.indexOf(name))));
      const isInQuery = asked.some(({ name, in: place }) => place === "query" && name === oddName);
      const url = isInQuery ? `${inPath}?${oddName}=${encoded(strange)}` : inPath;
      if (example === undefined) return { method, url };
      const body = oddName === "" ? replaced(example, { at, by: strange }) : example;
      return { method, url, payload: JSON.stringify(body) };
    });
}

/** The value with the part replaced that is so many steps into it; also the names of what it has are parts. */
function replaced(value: unknown, { at, by }: { readonly at: number; readonly by: unknown }): unknown {
  if (typeof value !== "object" || value === null) return by;
  const keys = Object.keys(value);
  if (keys.length === 0) return by;
  const key = keys[at % keys.length] ?? "";
  const inner = replaced(Reflect.get(value, key), { at: Math.floor(at / keys.length), by });
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === key ? inner : each));
  return { ...value, [key]: inner };
}

function anyRequest(operation: Operation, known: readonly string[]): Arbitrary<FuzzedRequest> {
  const { method, path, parameters = [], requestBody } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  // Waiting is what it is asked for; there is nothing to find in it.
  const asked = parameters.filter(({ in: place, name }) => place !== "header" && name !== "wait");
  const values = Object.fromEntries(asked.map(({ name, schema }) => [name, parameter(schema, known)]));
  return fc
    .record({
      values: fc.record(values),
      skips: fc.array(fc.boolean(), { minLength: asked.length, maxLength: asked.length }),
      body: body === undefined ? fc.constant(undefined) : valueOf(body, known),
    })
    .map(({ values: given, skips, body: payload }) => {
      const inPath = asked.filter(({ in: place }) => place === "path");
      const url = inPath.reduce((text, { name }) => text.replace(`{${name}}`, encoded(given[name])), path);
      const query = asked
        .filter(({ in: place }, index) => place === "query" && !skips[index])
        .map(({ name }) => `${name}=${encoded(given[name])}`);
      const whole = query.length === 0 ? url : `${url}?${query.join("&")}`;
      return { method, url: whole, ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }) };
    });
}

/** Also what is no text in UTF-8: half a surrogate pair has no percent-encoding of its own. */
const encoded = (value: unknown): string =>
  encodeURIComponent((typeof value === "string" ? value : JSON.stringify(value)).toWellFormed()) || "%00";

const parameter = (schema: JsonSchema, known: readonly string[]): Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: valueOf(schema, known) }, { weight: 1, arbitrary: odd });

/** Texts that some part between here and the database does not take, or takes for another. */
const oddTexts = [
  "\0",
  "a\0b",
  "\ud800",
  "e\u0301",
  "\u00e9",
  "\u202e",
  "",
  " ",
  "%",
  "'",
  '"',
  "\\",
  "\x7f",
  "__proto__",
];
const odd: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...oddTexts, "x".repeat(256), "\u{1f600}".repeat(128)),
  fc.constantFrom(null, true, -1, 0, 1.5, 2 ** 31, 2 ** 53, 1e308),
  fc.constantFrom({}, [], [[]], { __proto__: null, constructor: 1 }),
);

function valueOf(schema: JsonSchema, known: readonly string[]): Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fitting(schema, known) }, { weight: 1, arbitrary: odd });
}

function fitting(schema: JsonSchema, known: readonly string[]): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => fitting(each, known)));
  switch (schema.type) {
    case "string":
      return textOf(schema, known);
    case "integer":
    case "number":
      return fc.oneof(
        fc.integer({ min: Math.max(schema.minimum ?? 0, -1), max: Math.min(schema.maximum ?? 100, 2 ** 31) }),
        fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? Number.MAX_SAFE_INTEGER),
      );
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(valueOf(schema.items ?? {}, known), { maxLength: 3 });
    case "object":
      return objectOf(schema, known);
    default:
      return fc.oneof(fc.jsonValue(), odd);
  }
}

function objectOf({ properties = {}, patternProperties }: JsonSchema, known: readonly string[]): Arbitrary<unknown> {
  const [others] = Object.values(patternProperties ?? {});
  const own = Object.entries(properties).map(([name, schema]) => [name, valueOf(schema, known)] as const);
  if (others === undefined) return fc.record(Object.fromEntries(own), { requiredKeys: [] });
  const names = fc.oneof(fc.constantFrom(...oddTexts, "a", "x-own"), fc.string({ maxLength: 8 }));
  return fc.dictionary(names, valueOf(others, known), { maxKeys: 3 });
}

function textOf({ format, maxLength }: JsonSchema, known: readonly string[]): Arbitrary<unknown> {
  if (format === "date-time") {
    return fc.constantFrom(
      "2026-05-08T14:00:00.000Z",
      "2026-05-08T16:00:00+02:00",
      "9999-12-31T23:59:59Z",
      "0000-01-01T00:00:00Z",
    );
  }
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known, "http://127.0.0.1:1/in") },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: Math.min(maxLength ?? 300, 300) }) },
    { weight: 1, arbitrary: fc.constantFrom(...oddTexts) },
  );
}
