import type { TSchema } from "@sinclair/typebox";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const draft = "https://json-schema.org/draft/2020-12/schema";

/**
 * A strict schema of what is emitted, as one for whoever receives it: keys may be added to what is sent, so
 * objects take keys that they do not name. In JSON Schema 2020-12 alone: no patterns of
 * JavaScript's and no keywords of OpenAPI's, so that strict validators in any language take it.
 */
export function receiveSchema(schema: TSchema): JsonObject {
  const plain: Json = JSON.parse(JSON.stringify(schema));
  return { $schema: draft, ...(isObject(plain) ? received(plain) : {}) };
}

function received(schema: JsonObject): JsonObject {
  const { additionalProperties: _closed, discriminator: _hint, patternProperties, ...rest } = schema;
  const [others] = isObject(patternProperties) ? Object.values(patternProperties) : [];
  return {
    ...Object.fromEntries(Object.entries(rest).map(([keyword, value]) => [keyword, receivedKeyword(keyword, value)])),
    // A record's keys are any text at all, which its pattern says in JavaScript's words.
    ...(isObject(others) && { additionalProperties: received(others) }),
  };
}

function receivedKeyword(keyword: string, value: Json): Json {
  if (keyword === "properties" && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, isObject(each) ? received(each) : each]),
    );
  if (keyword === "anyOf" && isList(value)) return value.map((each) => (isObject(each) ? received(each) : each));
  if (keyword === "items" && isObject(value)) return received(value);
  return value;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !isList(value);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
