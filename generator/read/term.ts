import type { ts } from "ts-morph";
import type { Doc, ScalarType } from "../model.ts";

/** A type as the catalog writes it: resolved to what it stands for, not yet named by where it stands. */
export type Term =
  /** `named`: of a constant, the name that its author gave it. */
  | { readonly kind: "scalar"; readonly type: ScalarType; readonly named?: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "null" }
  | { readonly kind: "array"; readonly items: Term; readonly node: ts.Node }
  | { readonly kind: "record"; readonly values: Term; readonly node: ts.Node }
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
  readonly node: ts.Node;
}

export const invalid: Term = { kind: "invalid" };

export function constant(value: string | number | boolean): Term {
  return { kind: "scalar", type: { kind: "constant", value } };
}

/** The texts of a literal or of a union of literals, as `Omit` and `Pick` take them. Null for any other type. */
export function literalTexts(term: Term): readonly string[] | null {
  if (term.kind === "union") {
    const texts = term.of.map(literalTexts);
    return texts.every((part) => part !== null) ? texts.flat() : null;
  }
  const isText = term.kind === "scalar" && term.type.kind === "constant" && typeof term.type.value === "string";
  return isText ? [String(term.type.value)] : null;
}
