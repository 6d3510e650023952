/** Unions: what of them is null, and what tells their members apart. */
import type { ts } from "ts-morph";
import type { ScalarType, Type } from "../model.ts";
import type { FieldTerm, ObjectTerm, Term, UnionTerm } from "./term.ts";

type ScalarTerm = Extract<Term, { kind: "scalar" }>;

/** A term with null and undefined taken out of it. `term` is null when nothing else is left. */
export interface Nullable {
  readonly term: Exclude<Term, { kind: "null" | "absent" }> | null;
  readonly nullable: boolean;
  /** Where it may be undefined. */
  readonly absent: ts.Node | null;
}

/** Unions in unions become one; a union of one member is that member, unless it is open. */
export function withoutNull(term: Term): Nullable {
  if (term.kind === "null") return { term: null, nullable: true, absent: null };
  if (term.kind === "absent") return { term: null, nullable: false, absent: term.node };
  if (term.kind !== "union") return { term, nullable: false, absent: null };
  const parts = term.of.map(withoutNull);
  const nullable = parts.some((part) => part.nullable);
  const absent = parts.find((part) => part.absent !== null)?.absent ?? null;
  const rest = [...new Set(parts.map((part) => part.term).filter((part) => part !== null))];
  const [only, ...others] = rest;
  if (only === undefined) return { term: null, nullable, absent };
  if (others.length === 0 && !term.open) return { term: only, nullable, absent };
  const unions = rest.filter((part) => part.kind === "union");
  const open = term.open || unions.some((part) => part.open);
  const kind = term.others ?? unions.find((part) => part.others !== undefined)?.others;
  const of = new Set(rest.flatMap((part) => (part.kind === "union" ? part.of : [part])));
  return { term: { ...term, of: [...of], open, ...(kind && { others: kind }) }, nullable, absent };
}

/**
 * A union of scalars as one type: literals of a JSON type become a constant or an enum, and at most one type of each
 * JSON type remains. Null when a value could be of two of them, or when something is open that is no set of literals.
 */
export function scalarUnion(members: readonly ScalarTerm[], union: Pick<UnionTerm, "open" | "others">): Type | null {
  const { open } = union;
  const types = Map.groupBy(members, ({ type }) => jsonType(type));
  if (union.others !== undefined && !types.has(union.others)) return null;
  const merged = [...types].map(([kind, group]) => {
    const type = mergeScalars(group, open);
    return type?.kind === "enum" && kind === union.others ? { ...type, others: "emitted" as const } : type;
  });
  const of = merged.filter((type) => type !== null);
  const [only, ...others] = of;
  if (only === undefined || of.length < merged.length) return null;
  if (open && of.every((type) => type.kind !== "enum")) return null;
  return others.length === 0 ? only : { kind: "scalars", of };
}

function jsonType(type: ScalarType): "string" | "number" | "boolean" {
  switch (type.kind) {
    case "integer":
      return "number";
    case "constant":
      return jsonTypeOf(type.value);
    case "enum":
      return typeof type.values[0] === "number" ? "number" : "string";
    default:
      return type.kind;
  }
}

function jsonTypeOf(value: string | number | boolean): "string" | "number" | "boolean" {
  return typeof value === "string" ? "string" : typeof value === "number" ? "number" : "boolean";
}

/** Scalars of one JSON type as one. */
function mergeScalars(terms: readonly ScalarTerm[], open: boolean): ScalarType | null {
  const group = terms.map(({ type }) => type);
  const values = [...new Set(group.flatMap((type) => (type.kind === "constant" ? [type.value] : [])))];
  const [first, second] = values;
  const literals = values.filter((value) => typeof value !== "boolean");
  if (first === undefined) return group.length === 1 ? (group[0] ?? null) : null;
  if (group.some((type) => type.kind !== "constant")) return null;
  if (literals.length === 0) return second === undefined ? constantOf(first) : { kind: "boolean" };
  if (literals.length === 1 && !open) return constantOf(first);
  return { kind: "enum", values: literals, open, ...namesOf(literals, terms) };
}

function namesOf(values: readonly (string | number)[], terms: readonly ScalarTerm[]): { names?: (string | null)[] } {
  const names = new Map<unknown, string>();
  for (const { type, named } of terms)
    if (type.kind === "constant" && named !== undefined) names.set(type.value, named);
  return names.size === 0 ? {} : { names: values.map((value) => names.get(value) ?? null) };
}

function constantOf(value: string | number | boolean): ScalarType {
  return { kind: "constant", value };
}

export interface Tagged {
  readonly discriminator: string;
  readonly variants: readonly { readonly tag: string; readonly object: ObjectTerm }[];
}

/** The first field that is a constant text in every member, always there, and different in each. Null when none is. */
export function tellApart(members: readonly ObjectTerm[]): Tagged | null {
  const candidates = members[0]?.fields ?? [];
  for (const { name } of candidates) {
    const variants = members.flatMap((object) => {
      const tag = tagOf(object.fields.find((field) => field.name === name));
      return tag === null ? [] : [{ tag, object }];
    });
    const tags = new Set(variants.map(({ tag }) => tag));
    if (tags.size === members.length) return { discriminator: name, variants };
  }
  return null;
}

function tagOf(field: FieldTerm | undefined): string | null {
  if (field === undefined || field.optional) return null;
  const { term, nullable } = withoutNull(field.term);
  if (nullable || term?.kind !== "scalar" || term.type.kind !== "constant") return null;
  return typeof term.type.value === "string" ? term.type.value : null;
}

/** A short list of what a union has, for messages. */
export function membersOf(union: UnionTerm): string {
  return union.of.map(memberName).join(" | ");
}

function memberName(term: Term): string {
  switch (term.kind) {
    case "object":
      return term.name ?? "{ … }";
    case "scalar":
      return term.type.kind === "constant" ? JSON.stringify(term.type.value) : term.type.kind;
    default:
      return term.kind;
  }
}
