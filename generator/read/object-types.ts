/** Object types: their fields, and what is made of several of them. */
import { ts } from "ts-morph";
import { hasControl } from "./literals.ts";
import { docOf } from "./docs.ts";
import { readNaming, withValueNames } from "./naming-tags.ts";
import { fieldScope, innerScope, refuse, wrongArguments } from "./scope.ts";
import type { Application, Scope } from "./scope.ts";
import { invalid, literalTexts, membersIn, unionTerm } from "./term.ts";
import type { FieldTerm, ObjectTerm, Term } from "./term.ts";

/** The fields between braces. What is not a field is reported and left out. */
export function readFields(members: readonly ts.TypeElement[], scope: Scope): readonly FieldTerm[] {
  const fields = new Map<string, FieldTerm>();
  for (const member of members) {
    const known = member.name === undefined ? null : fieldName(member.name);
    // A computed name is none of those that are chosen.
    if (scope.select !== null && (known === null ? member.name !== undefined : !scope.select(known))) continue;
    const field = readField(member, scope);
    if (field === null) continue;
    if (fields.has(field.name))
      refuse(scope, { code: "HW033", at: field.node, says: `the field ${field.name} is declared twice` });
    fields.set(field.name, field);
  }
  return [...fields.values()];
}

function readField(member: ts.TypeElement, scope: Scope): FieldTerm | null {
  if (!ts.isPropertySignature(member)) {
    refuseMember(member, scope);
    return null;
  }
  const { name: node, type } = member;
  const name = fieldName(node);
  if (name === null) {
    refuse(scope, { code: "HW037", at: node, says: "a field has a computed name" });
    return null;
  }
  if (name === "__proto__") {
    refuse(scope, { code: "HW039", at: node, says: "a field is called __proto__" });
    return null;
  }
  if (hasControl(name)) {
    refuse(scope, { code: "HW047", at: node, says: "the name of a field has a control character" });
    return null;
  }
  if (!name.isWellFormed()) {
    refuse(scope, { code: "HW054", at: node, says: "the name of a field has half a surrogate pair" });
    return null;
  }
  const inner = fieldScope(scope, name);
  const term = type === undefined ? readNothing(node, inner) : scope.reading.termOf(type, inner);
  const naming = readNaming(member, { path: inner.path, node, term }, scope.reading.report);
  return {
    name,
    optional: member.questionToken !== undefined,
    ...(naming.own === null ? {} : { named: naming.own }),
    doc: docOf(member),
    term: withValueNames(term, naming.values),
    node,
  };
}

function readNothing(node: ts.Node, scope: Scope): Term {
  return refuse(scope, { code: "HW023", at: node, says: "a field without a type is any", remedy: "say what it is" });
}

export function fieldName(name: ts.PropertyName): string | null {
  const isWritten = ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name);
  return isWritten ? name.text : null;
}

function refuseMember(member: ts.TypeElement, scope: Scope): void {
  if (ts.isIndexSignatureDeclaration(member))
    refuse(scope, { code: "HW026", at: member, says: "an index signature stands among its fields" });
  else refuse(scope, { code: "HW022", at: member.name ?? member, says: "a function has no JSON form" });
}

/** Fields of a base, then its own; one that is declared again keeps its place. */
export function overlay(base: readonly FieldTerm[], own: readonly FieldTerm[]): readonly FieldTerm[] {
  const fields = new Map(base.map((field) => [field.name, field]));
  for (const field of own) fields.set(field.name, field);
  return [...fields.values()];
}

/** Null: a part is a union, so that it is one of several. */
export function readIntersection(node: ts.IntersectionTypeNode, scope: Scope): Term | null {
  // A text with a brand, `string & { readonly brand: "UserId" }`, is a text on the wire.
  const plain = node.types.map((part) => scope.reading.termOf(part, { ...scope, select: () => false }));
  const branded = plain.find(({ kind }) => kind === "scalar");
  if (branded !== undefined) return branded;
  if (plain.some(({ kind }) => kind === "union")) return null;
  const parts = node.types.map((part) => objectOf(part, scope, { of: "an intersection" }));
  const objects = parts.filter((part) => part !== null);
  const fields = new Map<string, FieldTerm>();
  for (const field of objects.flatMap((part) => part.fields)) {
    const other = fields.get(field.name);
    if (other !== undefined && other !== field)
      refuse(scope, {
        code: "HW033",
        at: node,
        says: `the field ${field.name} stands in two parts of the intersection`,
      });
    fields.set(field.name, field);
  }
  if (objects.length < parts.length) return invalid;
  return { ...anonymous({ node }, [...fields.values()]), ...opennessOf(objects) };
}

/** `Partial`, `Required` and `Readonly`. */
export function readMapped(type: Application, scope: Scope): Term {
  const [target, ...others] = type.args;
  if (target === undefined || others.length > 0) return wrongArguments(type, scope, { expected: `${type.name}<Type>` });
  if (type.name === "Readonly") return scope.reading.termOf(target, scope);
  const object = objectOf(target, scope, { of: type.name });
  if (object === null) return invalid;
  const optional = type.name === "Partial";
  const fields = object.fields.map((field) => {
    return { ...field, optional, term: optional ? field.term : withoutAbsence(field.term) };
  });
  return { ...anonymous(type, fields), ...opennessOf([object]) };
}

/** `Omit` and `Pick`. What they leave out is not read, so nothing can be wrong with it. Null: it is of a union. */
export function readSelection(type: Application, scope: Scope): Term | null {
  const [target, keys, ...others] = type.args;
  if (target === undefined || keys === undefined || others.length > 0)
    return wrongArguments(type, scope, { expected: `${type.name}<Type, "field">` });
  const names = literalTexts(scope.reading.termOf(keys, innerScope(scope)));
  if (names === null) return wrongArguments(type, scope, { expected: `${type.name}<Type, "field">` });
  const isPick = type.name === "Pick";
  const seen = new Set<string>();
  const select = (name: string) => {
    seen.add(name);
    return names.includes(name) === isPick && (scope.select?.(name) ?? true);
  };
  if (scope.reading.termOf(target, { ...scope, select: () => false }).kind === "union") return null;
  const object = objectOf(target, { ...scope, select }, { of: type.name });
  if (object === null) return invalid;
  for (const name of names.filter((candidate) => !seen.has(candidate)))
    refuse(scope, { code: "HW036", at: keys, says: `${type.name} names the field ${name}, which is not there` });
  const selected = object.fields.filter((field) => select(field.name));
  return { ...anonymous(type, selected), ...opennessOf([object]) };
}

/** What is made of an open record is one. */
export function opennessOf(parts: readonly ObjectTerm[]): Pick<ObjectTerm, "open"> {
  return parts.some(({ open }) => open === true) ? { open: true } : {};
}

export function anonymous(type: Pick<Application, "node">, fields: readonly FieldTerm[]): ObjectTerm {
  return { kind: "object", name: null, doc: null, fields, node: type.node };
}

/** The type of a field that is there. */
export function withoutAbsence(term: Term): Term {
  if (term.kind !== "union" || !membersIn(term).some(({ kind }) => kind === "absent")) return term;
  const rest = membersIn(term).filter(({ kind }) => kind !== "absent");
  return term.open ? { ...term, of: rest } : unionTerm(rest, term.node);
}

export function objectOf(node: ts.TypeNode, scope: Scope, place: { readonly of: string }): ObjectTerm | null {
  const term = scope.reading.termOf(node, scope);
  if (term.kind === "object") return term;
  if (term.kind !== "invalid")
    refuse(scope, { code: "HW032", at: node, says: `a part of ${place.of} is not an object type` });
  return null;
}
