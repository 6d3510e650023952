/**
 * The catalog model: what the catalog says, as plain data that no longer knows TypeScript. Every emitter sees this and
 * nothing else, so the same model gives the same bytes.
 */
import type { Contract, PushContract } from "../catalog/contract.ts";
import { once } from "./once.ts";

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
      /** A regular expression that it matches, from `usr_${string}`. Left out: any text. */
      readonly pattern?: string;
    }
  | { readonly kind: "integer" | "number"; readonly minimum: number | null; readonly maximum: number | null }
  | { readonly kind: "boolean" }
  /** A single literal, `kind: "agent_run_blocked"`. */
  | { readonly kind: "constant"; readonly value: string | number | boolean }
  /** Several literals of one JSON type. `open`: others may come later. */
  | {
      readonly kind: "enum";
      readonly values: readonly (string | number)[];
      readonly open: boolean;
      /** `emit` takes other values of the JSON type as well. Left out: it takes these alone. */
      readonly others?: "emitted";
      /** The text that the names of each value are made of; null where it is the value itself, left out where all are. */
      readonly names?: readonly (string | null)[];
    };

export type Type =
  | ScalarType
  /** Several scalars that differ in their JSON type, `number | string`. */
  | { readonly kind: "scalars"; readonly of: readonly ScalarType[] }
  | { readonly kind: "array"; readonly items: Slot }
  /** A list with so many items, each of a type of its own. More may be added at its end. */
  | { readonly kind: "tuple"; readonly items: readonly Slot[] }
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
  /** The text that its names are made of. Left out: the name on the wire. */
  readonly named?: string;
  /** The text that the type of its values is named after, where they are an enum and the language has a type for them. */
  readonly enumNamed?: string;
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
  /** Members that are not named are sent too: others made it. Left out: the fields are all there is. */
  readonly open?: true;
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
  /** Undefined when the event type has no meta. */
  readonly meta?: unknown;
}

/** What a contract declares, less its examples, which stand at their event types. */
export type Declaration = Declared<Contract>;

/** The same of the contracts of one kind, `Declared<PushContract>`. */
export type Declared<Of> = Of extends unknown ? Omit<Of, "examples"> : never;

export interface EventType {
  /** As on the wire, `agent_run.completed`. */
  readonly name: string;
  /** The text that its names are made of. Left out: the name on the wire. */
  readonly named?: string;
  /** What stands before the first full stop of the name. */
  readonly group: string;
  readonly doc: Doc;
  /** From `@title`: what people call it, `Failed Login`. Null without one. */
  readonly title: string | null;
  /** From `@level`: how grave it is, from 0 (debug) to 4 (critical). Null where the contract has no levels. */
  readonly level: number | null;
  /** From `@since`: the version it came with. Null without one. */
  readonly since: string | null;
  /** The name of the shape of `data`. */
  readonly data: string;
  /** The name of the shape of what it says beside its data (`WithMeta`). Null: it says nothing beside it. */
  readonly meta: string | null;
  readonly examples: readonly Example[];
  readonly span: Span;
}

export interface ContractModel<Of extends Declaration = Declaration> {
  readonly declaration: Of;
  readonly events: readonly EventType[];
  /** The name of the shape of an answer. Null but in mode `action`. */
  readonly verdict: string | null;
  /** In the order of first use; what a shape uses stands before it. */
  readonly shapes: readonly Shape[];
  /** The id of an earlier contract whose event types are the same declarations. Left out: there is none. */
  readonly sameTypesAs?: string;
  /** Where members of the declaration stand, by their way: `headers`, `signature.encoding`. For messages alone. */
  readonly spans?: Readonly<Record<string, Span>>;
}

/** A contract in mode `push`. */
export type PushModel = ContractModel<Declared<PushContract>>;

export function isPush(contract: ContractModel): contract is PushModel {
  return contract.declaration.mode === "push";
}

export interface CatalogModel {
  readonly contracts: readonly ContractModel[];
}

const shapesOf = once(({ shapes }: ContractModel) => new Map(shapes.map((shape) => [shape.name, shape])));

/** The shape of that name. Throws when there is none: a model that was read never lacks one. */
export function shapeOf(contract: ContractModel, name: string): Shape {
  const shape = shapesOf(contract).get(name);
  if (shape === undefined) throw new Error(`The contract "${contract.declaration.id}" has no shape "${name}".`);
  return shape;
}
