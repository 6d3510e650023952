import type { TSchema } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import type { FastifySchemaCompiler } from "fastify";
import { firstProblem } from "../contracts/event-data.ts";
import { withUtcTimes } from "../contracts/formats.ts";
import { HookwrightError } from "../errors.ts";
import { normalisedTexts, type TextPlace } from "./texts.ts";

/** Checks a part of a request, without coercion but for query parameters, which are always text. */
export const compileValidation: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = "body" }) => {
  const check = TypeCompiler.Compile(schema);
  const place = places[httpPart];
  return (given: unknown) => {
    const texts = place === undefined ? given : textsOf(schema, given, place);
    if (texts instanceof HookwrightError) return { error: texts };
    const value = httpPart === "querystring" ? withNumbers(schema, texts) : texts;
    if (check.Check(value)) return { value };
    const inUtc = withUtcTimes(schema, value);
    if (check.Check(inUtc)) return { value: inUtc };
    const problem = firstProblem(check, value, { root: "", unknownKey: "unknown field" });
    const { path, text } = problem ?? { path: "", text: "not as declared" };
    const field = path === "" ? httpPart : path;
    return { error: new HookwrightError("invalid_request", `${field}: ${text}.`, { path: field }) };
  };
};

/** Headers have no such characters: HTTP has none of them, and a route says what its own ones may be. */
const places: Readonly<Record<string, TextPlace>> = { params: "path", querystring: "query", body: "body" };

function textsOf(schema: TSchema, given: unknown, place: TextPlace): unknown {
  try {
    return normalisedTexts(schema, given, place);
  } catch (error) {
    if (error instanceof HookwrightError) return error;
    throw error;
  }
}

/** Only text that is a whole number becomes one: TypeBox's own conversion reads `5.5` as 5. */
function withNumbers(schema: TSchema, query: unknown): unknown {
  const isInteger = (name: string) => schema["properties"]?.[name]?.type === "integer";
  const converted = Object.entries(Object(query)).map(([name, value]) =>
    isInteger(name) && typeof value === "string" && /^\d{1,15}$/.test(value) ? [name, Number(value)] : [name, value],
  );
  return Object.fromEntries(converted);
}
