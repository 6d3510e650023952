/** The types of the language that have a meaning in a payload, and those that have none. */
import { readMapped, readSelection } from "./object-types.ts";
import { refuse, wrongArguments } from "./scope.ts";
import type { Application, Scope } from "./scope.ts";
import type { Term } from "./term.ts";

const readers: Readonly<Record<string, (type: Application, scope: Scope) => Term>> = {
  Array: readArray,
  ReadonlyArray: readArray,
  Record: readRecord,
  Partial: readMapped,
  Required: readMapped,
  Readonly: readMapped,
  Omit: readSelection,
  Pick: readSelection,
};

/** Types without a JSON form, and what to use in their place. */
const remedies: Readonly<Record<string, string>> = {
  Date: "use Timestamp",
  Map: "use Record<string, …>",
  WeakMap: "use Record<string, …>",
  ReadonlyMap: "use Record<string, …>",
  Set: "use an array",
  WeakSet: "use an array",
  ReadonlySet: "use an array",
  RegExp: "use string",
  URL: "use Url",
  Promise: "use the type of its value",
  Function: "leave it out",
  Symbol: "use a literal",
  BigInt: "use Int, or text",
  Error: "use an object with the fields that are sent",
  Buffer: "use string, in base64",
  ArrayBuffer: "use string, in base64",
  DataView: "use string, in base64",
  Uint8Array: "use string, in base64",
};

/** Null when the language has no such type that is known here. */
export function builtInTerm(type: Application, scope: Scope): Term | null {
  if (Object.hasOwn(readers, type.name)) return readers[type.name]?.(type, scope) ?? null;
  const remedy = Object.hasOwn(remedies, type.name) ? remedies[type.name] : undefined;
  if (remedy === undefined) return null;
  return refuse(scope, { code: "HW021", at: type.node, says: `${type.name} has no JSON form`, remedy });
}

function readArray(type: Application, scope: Scope): Term {
  const [items, ...others] = type.args;
  if (items === undefined || others.length > 0) return wrongArguments(type, scope, { expected: `${type.name}<Item>` });
  return { kind: "array", items: scope.reading.termOf(items, scope), node: type.node };
}

function readRecord(type: Application, scope: Scope): Term {
  const [keys, values, ...others] = type.args;
  if (keys === undefined || values === undefined || others.length > 0)
    return wrongArguments(type, scope, { expected: "Record<string, Value>" });
  const key = scope.reading.termOf(keys, scope);
  const term: Term = { kind: "record", values: scope.reading.termOf(values, scope), node: type.node };
  if (key.kind === "invalid" || (key.kind === "scalar" && key.type.kind === "string")) return term;
  const remedy = "use Record<string, …>, or an object with these fields";
  return refuse(scope, { code: "HW026", at: keys, says: "the keys of a record are not any text", remedy });
}
