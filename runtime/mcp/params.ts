import { Type, type Static, type TSchema } from "@sinclair/typebox";
import { TypeCompiler, type TypeCheck } from "@sinclair/typebox/compiler";
import { firstProblem } from "../contracts/event-data.ts";
import { HookwrightError } from "../errors.ts";

const name = Type.String({ maxLength: 255 });
const args = Type.Optional(Type.Record(Type.String(), Type.Unknown()));
const cursor = Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()]));
const maxAgeMs = Type.Optional(Type.Integer({ minimum: 0 }));
const url = Type.String({ maxLength: 10_000 });
const mode = Type.Optional(Type.String());

export const ListParams = Type.Object({ cursor });
export const PollParams = Type.Object({
  name,
  arguments: args,
  cursor,
  maxAgeMs,
  maxEvents: Type.Optional(Type.Integer({ minimum: 1 })),
});
export const SubscribeParams = Type.Object({
  name,
  arguments: args,
  cursor,
  maxAgeMs,
  delivery: Type.Object({ mode, url, secret: Type.String({ maxLength: 255 }) }),
  ttlMs: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
});
export const UnsubscribeParams = Type.Object({ name, arguments: args, delivery: Type.Object({ mode, url }) });

const checks = new Map<TSchema, TypeCheck<TSchema>>();

/** Parameters of that form; members that it does not name are nobody's. Throws `invalid_request`. */
export function readParams<Schema extends TSchema>(schema: Schema, given: unknown): Static<Schema> {
  const check = checks.get(schema) ?? TypeCompiler.Compile(schema);
  checks.set(schema, check);
  const value = given ?? {};
  const problem = firstProblem(check, value, { root: "params", unknownKey: "expected no such member" });
  if (problem === null) return value as Static<Schema>;
  throw new HookwrightError("invalid_request", `${problem.path}: ${problem.text}.`, { path: problem.path });
}
