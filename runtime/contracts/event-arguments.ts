import { Type, type TSchema } from "@sinclair/typebox";
import { TypeCompiler, type TypeCheck } from "@sinclair/typebox/compiler";
import type { Contract } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";
import { firstProblem } from "./event-data.ts";
import { eventTypeOf } from "./contract-of.ts";
import { isFilterWord } from "./filter-tokens.ts";
import { filterKeywords } from "./filter.ts";
import { receiveSchema } from "./receive-schema.ts";
import type { WireContract } from "./wire-contract.ts";

/**
 * What of an event type's data a subscriber may ask for, `{ "severity": "P1" }`: each member that is a text, a number, true
 * or false. What it asks for is the filter of its endpoint.
 */
export interface EventArguments {
  /** JSON Schema of the arguments; any of them may be left out, and there are no others. */
  readonly schema: object;
  /** The filter that an event passes whose data have all of these values. Null: there are none. Throws `invalid_request`. */
  readonly filterOf: (given: Readonly<Record<string, unknown>>) => string | null;
}

/** Throws `unknown_event_type`. */
export function eventArguments(contract: WireContract<Contract>, type: string): EventArguments {
  const root = rootOf(contract.declaration.envelope);
  const members = scalarMembers(eventTypeOf(contract, type, "name").schema);
  const reached = Object.entries(members).filter(([name]) => pathTo(root, name) !== null);
  const asked = Type.Partial(Type.Object(Object.fromEntries(reached)), { additionalProperties: false });
  let check: TypeCheck<TSchema> | undefined;
  return {
    schema: { ...receiveSchema(asked), additionalProperties: false },
    filterOf: (given) => {
      check ??= TypeCompiler.Compile(asked);
      const problem = firstProblem(check, given, {
        root: "arguments",
        unknownKey: `expected one of ${reached.map(([name]) => name).join(", ") || "none"}, got another name`,
      });
      if (problem !== null)
        throw new HookwrightError("invalid_request", `${problem.path}: ${problem.text}.`, { path: problem.path });
      const tests = Object.entries(given).map(([name, value]) => `${pathTo(root, name)} = ${JSON.stringify(value)}`);
      return tests.length === 0 ? null : tests.toSorted().join(" and ");
    },
  };
}

/** Where an event's data stand in its body: a member, or the body itself. Null: in a member that no filter can name. */
type Root = { readonly member: string } | "body" | null;

function rootOf(envelope: Contract["envelope"]): Root {
  const [key, field] =
    Object.entries(envelope).find(([, each]) => "from" in each && /^data(\.members)?$/.test(each.from)) ?? [];
  if (key === undefined || field === undefined) return null;
  if ("from" in field && field.from === "data.members") return "body";
  return isFirst(key) ? { member: key } : null;
}

function pathTo(root: Root, name: string): string | null {
  if (root === null) return null;
  if (root === "body") return isFirst(name) ? name : null;
  return `${root.member}.${isFilterWord(name) ? name : JSON.stringify(name)}`;
}

const isFirst = (name: string) => isFilterWord(name) && !filterKeywords.includes(name);

function scalarMembers(schema: TSchema): Readonly<Record<string, TSchema>> {
  const properties: Readonly<Record<string, TSchema>> = schema["properties"] ?? {};
  return Object.fromEntries(Object.entries(properties).filter(([, each]) => isScalar(each)));
}

const scalars: readonly unknown[] = ["string", "number", "integer", "boolean", "null"];

function isScalar(schema: TSchema): boolean {
  const anyOf: readonly TSchema[] | undefined = schema["anyOf"];
  return scalars.includes(schema["type"]) || "const" in schema || (anyOf !== undefined && anyOf.every(isScalar));
}
