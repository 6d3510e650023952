import type { TSchema } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import type { FastifySchemaCompiler } from "fastify";
import { firstProblem } from "../contracts/event-data.ts";
import { withUtcTimes } from "../contracts/formats.ts";
import { HookwrightError } from "../errors.ts";

/** Checks a part of a request, without coercion but for query parameters, which are always text. */
export const compileValidation: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = "body" }) => {
  const check = TypeCompiler.Compile(schema);
  return (given: unknown) => {
    const value = httpPart === "querystring" ? withNumbers(schema, given) : given;
    if (check.Check(value)) return { value };
    const inUtc = withUtcTimes(schema, value);
    if (check.Check(inUtc)) return { value: inUtc };
    const { path, text } = firstProblem(check, value, "unknown field") ?? { path: "", text: "not as declared" };
    const field = path === "" ? httpPart : path.slice(1);
    return { error: new HookwrightError("invalid_request", `${field}: ${text}.`, { path: field }) };
  };
};

/** Only text that is a whole number becomes one: TypeBox's own conversion reads `5.5` as 5. */
function withNumbers(schema: TSchema, query: unknown): unknown {
  const isInteger = (name: string) => schema["properties"]?.[name]?.type === "integer";
  const converted = Object.entries(Object(query)).map(([name, value]) =>
    isInteger(name) && typeof value === "string" && /^\d{1,15}$/.test(value) ? [name, Number(value)] : [name, value],
  );
  return Object.fromEntries(converted);
}
