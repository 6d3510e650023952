/** The types of the language that have a meaning in a payload, and those that have none. */
import type { ts } from "ts-morph";
import { anonymous, readMapped, readSelection } from "./object-types.ts";
import { fieldScope, innerScope, refuse, wrongArguments } from "./scope.ts";
import type { Application, Scope } from "./scope.ts";
import { readCased } from "./template-literals.ts";
import { literalTexts } from "./term.ts";
import type { FieldTerm, Term } from "./term.ts";
import { readFiltered, readNonNullable } from "./union-filters.ts";

/** Null: the syntax does not say what it is. */
const readers: Readonly<Record<string, (type: Application, scope: Scope) => Term | null>> = {
  Array: readArray,
  ReadonlyArray: readArray,
  Record: readRecord,
  Partial: readMapped,
  Required: readMapped,
  Readonly: readMapped,
  Omit: readSelection,
  Pick: readSelection,
  NonNullable: readNonNullable,
  Extract: readFiltered,
  Exclude: readFiltered,
  Uppercase: readText,
  Lowercase: readText,
  Capitalize: readText,
  Uncapitalize: readText,
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

/** Says which type to use in place of one without a JSON form. */
export function remedyOf(name: string): string | undefined {
  return Object.hasOwn(remedies, name) ? remedies[name] : undefined;
}

/** Null when the language has no such type that is known here. */
export function builtInTerm(type: Application, scope: Scope): Term | null {
  if (Object.hasOwn(readers, type.name)) return readers[type.name]?.(type, scope) ?? null;
  const remedy = remedyOf(type.name);
  if (remedy === undefined) return null;
  return refuse(scope, { code: "HW021", at: type.node, says: `${type.name} has no JSON form`, remedy });
}

function readArray(type: Application, scope: Scope): Term {
  const [items, ...others] = type.args;
  if (items === undefined || others.length > 0) return wrongArguments(type, scope, { expected: `${type.name}<Item>` });
  return { kind: "array", items: scope.reading.termOf(items, innerScope(scope)), node: type.node };
}

function readRecord(type: Application, scope: Scope): Term {
  const [keys, values, ...others] = type.args;
  if (keys === undefined || values === undefined || others.length > 0)
    return wrongArguments(type, scope, { expected: "Record<string, Value>" });
  const inner = innerScope(scope);
  const key = scope.reading.termOf(keys, inner);
  const names = literalTexts(key);
  if (names !== null) {
    const selected = names.filter((name) => scope.select?.(name) ?? true);
    return anonymous(
      type,
      selected.map((name) => fieldOf(name, { keys, values, scope })),
    );
  }
  const term: Term = { kind: "record", values: scope.reading.termOf(values, inner), node: type.node };
  if (key.kind === "invalid" || (key.kind === "scalar" && key.type.kind === "string")) return term;
  const remedy = "use Record<string, …>, or an object with these fields";
  return refuse(scope, { code: "HW026", at: keys, says: "the keys of a record are not any text", remedy });
}

interface RecordPlace {
  readonly keys: ts.TypeNode;
  readonly values: ts.TypeNode;
  readonly scope: Scope;
}

function fieldOf(name: string, { keys, values, scope }: RecordPlace): FieldTerm {
  const term = scope.reading.termOf(values, fieldScope(scope, name));
  return { name, optional: false, doc: null, term, node: keys };
}

function readText(type: Application, scope: Scope): Term | null {
  const [text, ...others] = type.args;
  if (text === undefined || others.length > 0) return wrongArguments(type, scope, { expected: `${type.name}<"text">` });
  const term = scope.reading.termOf(text, innerScope(scope));
  return term.kind === "invalid" ? term : readCased(type.name, term);
}
