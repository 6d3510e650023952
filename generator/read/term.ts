import type { ts } from "ts-morph";
import type { Doc, ScalarType } from "../model.ts";

/** A type as the catalog writes it: resolved to what it stands for, not yet named by where it stands. */
export type Term =
  /** `named`: of a constant, the name that its author gave it. */
  | { readonly kind: "scalar"; readonly type: ScalarType; readonly named?: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "null" }
  /** `undefined`, which only an optional field may be. */
  | { readonly kind: "absent"; readonly node: ts.Node }
  | { readonly kind: "array"; readonly items: Term; readonly node: ts.Node }
  | { readonly kind: "record"; readonly values: Term; readonly node: ts.Node }
  | { readonly kind: "tuple"; readonly items: readonly Term[]; readonly node: ts.Node }
  | ObjectTerm
  | UnionTerm
  /** A field of this type is left out of the model. */
  | { readonly kind: "write-only"; readonly node: ts.Node }
  /** What is wrong with it has been reported. */
  | { readonly kind: "invalid" };

export interface ObjectTerm {
  readonly kind: "object";
  /** Null when it has none of its own; then it is named from where it stands. */
  readonly name: string | null;
  readonly doc: Doc | null;
  readonly fields: readonly FieldTerm[];
  /** From `OpenRecord`: it has members that are not named. Left out: it has none. */
  readonly open?: true;
  readonly node: ts.Node;
}

export interface FieldTerm {
  readonly name: string;
  readonly optional: boolean;
  /** From `@named`. Left out: the name on the wire. */
  readonly named?: string;
  readonly doc: Doc | null;
  readonly term: Term;
  /** The field's name. */
  readonly node: ts.Node;
}

export interface UnionTerm {
  readonly kind: "union";
  readonly name: string | null;
  readonly doc: Doc | null;
  readonly of: readonly Term[];
  readonly open: boolean;
  /** Of an open one: of which kind the values are that `emit` takes besides. Left out: it takes none. */
  readonly others?: "string" | "number";
  readonly node: ts.Node;
}

export const invalid: Term = { kind: "invalid" };

export function constant(value: string | number | boolean): Term {
  return { kind: "scalar", type: { kind: "constant", value } };
}

/** A union of these; one alone is itself. */
export function unionTerm(of: readonly Term[], node: ts.Node): Term {
  const [only, ...others] = of;
  if (only !== undefined && others.length === 0) return only;
  return { kind: "union", name: null, doc: null, of, open: false, node };
}

/** The members of a union, of unions in it too; any other term is its own one. */
export function membersIn(term: Term): readonly Term[] {
  return term.kind === "union" ? term.of.flatMap(membersIn) : [term];
}

/** The texts of a literal or of a union of literals, as `Omit` and `Pick` take them. Null for any other type. */
export function literalTexts(term: Term): readonly string[] | null {
  if (term.kind === "union") {
    const texts = term.of.map(literalTexts);
    return texts.every((part) => part !== null) ? texts.flat() : null;
  }
  const isKey = term.kind === "scalar" && term.type.kind === "constant" && typeof term.type.value !== "boolean";
  return isKey ? [String(term.type.value)] : null;
}
