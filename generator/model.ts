/**
 * The catalog model: what the catalog says, as plain data that no longer knows TypeScript. Every emitter sees this and
 * nothing else, so the same model gives the same bytes.
 */
import type { Contract as Declaration } from "../catalog/contract.ts";

/** Where something stands in the catalog; line and column count from 1. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters to underline. */
  readonly length: number;
}

/** A JSDoc comment: its first paragraph without its final line breaks, and what follows it. */
export interface Doc {
  readonly summary: string;
  /** Further paragraphs in Markdown; empty when there are none. */
  readonly details: string;
  /** The text of `@deprecated`. Null when the tag is absent. */
  readonly deprecated: string | null;
}

export type StringFormat = "id" | "uuid" | "date-time" | "email" | "uri";

export type ScalarType =
  | {
      readonly kind: "string";
      readonly format: StringFormat | null;
      readonly lengthMax: number | null;
      /** True when longer text is cut at emit, false when it is refused. */
      readonly truncated: boolean;
    }
  | { readonly kind: "integer" | "number"; readonly minimum: number | null; readonly maximum: number | null }
  | { readonly kind: "boolean" }
  /** A single literal, `kind: "agent_run_blocked"`. */
  | { readonly kind: "constant"; readonly value: string | number | boolean }
  /** Several literals of one JSON type. `open`: others may come later. */
  | { readonly kind: "enum"; readonly values: readonly (string | number)[]; readonly open: boolean };

export type Type =
  | ScalarType
  /** Several scalars that differ in their JSON type, `number | string`. */
  | { readonly kind: "scalars"; readonly of: readonly ScalarType[] }
  | { readonly kind: "array"; readonly items: Slot }
  /** An object with keys of the sender's own, `Record<string, …>`. */
  | { readonly kind: "record"; readonly values: Slot }
  /** Any JSON value. */
  | { readonly kind: "unknown" }
  /** A shape of the same contract, by name. */
  | { readonly kind: "shape"; readonly name: string };

/** A place that holds a value. Null and absence are different states and never collapse. */
export interface Slot {
  readonly type: Type;
  readonly nullable: boolean;
}

export interface Field extends Slot {
  /** As on the wire. */
  readonly name: string;
  readonly optional: boolean;
  readonly doc: Doc | null;
  readonly span: Span;
}

export type Shape = ObjectShape | UnionShape;

export interface ObjectShape {
  readonly kind: "object";
  /** PascalCase, unique in its contract. */
  readonly name: string;
  readonly doc: Doc | null;
  readonly fields: readonly Field[];
}

/** One of several object shapes, told apart by a constant field that all of them have. */
export interface UnionShape {
  readonly kind: "union";
  readonly name: string;
  readonly doc: Doc | null;
  readonly discriminator: string;
  readonly variants: readonly { readonly tag: string; readonly shape: string }[];
  /** Others may come later; a receiver gets them as a value. */
  readonly open: boolean;
}

/** A named payload from the catalog's examples, checked against its event type. */
export interface Example {
  readonly name: string;
  readonly data: unknown;
}

export interface EventType {
  /** As on the wire, `agent_run.completed`. */
  readonly name: string;
  /** What stands before the first full stop of the name. */
  readonly group: string;
  readonly doc: Doc;
  /** The name of the shape of `data`. */
  readonly data: string;
  readonly examples: readonly Example[];
  readonly span: Span;
}

export interface ContractModel {
  /** What the contract declares, less its examples, which stand at their event types. */
  readonly declaration: Omit<Declaration, "examples">;
  readonly events: readonly EventType[];
  /** In the order of first use; what a shape uses stands before it. */
  readonly shapes: readonly Shape[];
}

export interface CatalogModel {
  readonly contracts: readonly ContractModel[];
}

/** The shape of that name. Throws when there is none: a model that was read never lacks one. */
export function shapeOf(contract: ContractModel, name: string): Shape {
  const shape = contract.shapes.find((candidate) => candidate.name === name);
  if (shape === undefined) throw new Error(`The contract "${contract.declaration.id}" has no shape "${name}".`);
  return shape;
}
