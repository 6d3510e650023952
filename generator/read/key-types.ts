/** Types made of the names of fields: `keyof`, indexed access, and types mapped over known keys. */
import { ts } from "ts-morph";
import { anonymous, objectOf, withoutAbsence } from "./object-types.ts";
import { fieldScope, innerScope, refuse } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { constant, invalid, literalTexts, membersIn, unionTerm } from "./term.ts";
import type { FieldTerm, Term } from "./term.ts";

/** `keyof Type`: its names are told without a look at what they name. */
export function readKeyOf(node: ts.TypeOperatorNode, scope: Scope): Term {
  const names: string[] = [];
  const select = (name: string) => {
    names.push(name);
    return false;
  };
  const term = scope.reading.termOf(node.type, { ...scope, select });
  if (term.kind === "invalid") return invalid;
  if (term.kind === "record")
    return { kind: "scalar", type: { kind: "string", format: null, lengthMax: null, truncated: false } };
  if (term.kind !== "object")
    return refuse(scope, { code: "HW032", at: node.type, says: "keyof is of something that is not an object type" });
  const known = [...new Set([...names, ...term.fields.map(({ name }) => name)])];
  return unionTerm(known.map(constant), node);
}

/** `Type["field"]`, and `List[number]`. Null when the syntax does not say what it is. */
export function readIndexedAccess(node: ts.IndexedAccessTypeNode, scope: Scope): Term | null {
  // `(typeof list)[number]` is known to the compiler alone.
  if (isTypeQuery(node.objectType)) return null;
  const key = scope.reading.termOf(node.indexType, innerScope(scope));
  if (key.kind === "invalid") return invalid;
  const names = literalTexts(key);
  const select = (name: string) => names === null || names.includes(name);
  const target = scope.reading.termOf(node.objectType, { ...scope, select });
  switch (target.kind) {
    case "invalid":
      return invalid;
    case "array":
      return isNumber(key) ? target.items : null;
    case "tuple":
      if (isNumber(key)) return unionTerm(target.items, node);
      return names === null ? null : placesOf(target.items, names, node);
    case "record":
      return target.values;
    case "object":
      return names === null ? null : fieldsOf(target.fields, names, { node, scope });
    default:
      return null;
  }
}

function isTypeQuery(node: ts.TypeNode): boolean {
  return ts.isParenthesizedTypeNode(node) ? isTypeQuery(node.type) : ts.isTypeQueryNode(node);
}

function isNumber(term: Term): boolean {
  return term.kind === "scalar" && term.type.kind === "number";
}

function placesOf(items: readonly Term[], names: readonly string[], node: ts.Node): Term | null {
  const found = names.flatMap((name) => items[Number(name)] ?? []);
  return found.length < names.length ? null : unionTerm(found, node);
}

function fieldsOf(
  fields: readonly FieldTerm[],
  names: readonly string[],
  { node, scope }: { readonly node: ts.IndexedAccessTypeNode; readonly scope: Scope },
): Term {
  const terms = names.map((name): Term => {
    const field = fields.find((each) => each.name === name);
    if (field === undefined)
      return refuse(scope, { code: "HW036", at: node.indexType, says: `there is no field ${name}` });
    return field.optional ? unionTerm([field.term, { kind: "absent", node }], node) : field.term;
  });
  return terms.some(({ kind }) => kind === "invalid") ? invalid : unionTerm(terms, node);
}

/** `{ [Key in "a" | "b"]: Type }`. Null when the syntax does not say what it is. */
export function readMappedType(node: ts.MappedTypeNode, scope: Scope): Term | null {
  const { typeParameter, nameType, type } = node;
  const { constraint, name } = typeParameter;
  if (constraint === undefined || nameType !== undefined || type === undefined) return null;
  const origin = originOf(constraint, scope);
  const keys = scope.reading.termOf(constraint, innerScope(scope));
  if (keys.kind === "invalid" || origin === "invalid") return invalid;
  const valueOf = (key: Term, at: Scope) =>
    scope.reading.termOf(type, { ...innerScope(at), bindings: new Map([...scope.bindings, [name.text, () => key]]) });
  if (membersIn(keys).every((key) => key.kind === "scalar" && key.type.kind === "string"))
    return { kind: "record", values: valueOf(keys, scope), node };
  const names = literalTexts(keys);
  if (names === null) return null;
  const fields = names
    .filter((key) => scope.select?.(key) ?? true)
    .map((key): FieldTerm => {
      const of = origin?.find((field) => field.name === key);
      const term = valueOf(constant(key), fieldScope(scope, key));
      const optional = optionalIn(node, of);
      const isKept = optional || node.questionToken?.kind === ts.SyntaxKind.MinusToken || of?.optional === true;
      return {
        ...(of?.named === undefined ? {} : { named: of.named }),
        name: key,
        optional,
        doc: of?.doc ?? null,
        term: isKept ? withoutAbsence(term) : term,
        node: of?.node ?? node,
      };
    });
  return anonymous({ node }, fields);
}

/** The fields of `Type` in `[Key in keyof Type]`, which keep what is said of them; null where there are none. */
function originOf(constraint: ts.TypeNode, scope: Scope): readonly FieldTerm[] | "invalid" | null {
  if (!ts.isTypeOperatorNode(constraint) || constraint.operator !== ts.SyntaxKind.KeyOfKeyword) return null;
  const term = scope.reading.termOf(constraint.type, scope);
  if (term.kind === "record") return null;
  return term.kind === "object"
    ? term.fields
    : (objectOf(constraint.type, scope, { of: "keyof" })?.fields ?? "invalid");
}

function optionalIn({ questionToken }: ts.MappedTypeNode, of: FieldTerm | undefined): boolean {
  if (questionToken === undefined) return of?.optional ?? false;
  return questionToken.kind !== ts.SyntaxKind.MinusToken;
}
