/** Whether every value of one type is a value of another, as emit() takes them; where it cannot be told, it is not. */
import type { Field, ObjectShape, ScalarType, Shape, Slot, Type } from "../model.ts";
import { isScalarOf } from "./check-example.ts";

/** A slot together with the shapes that its types name. */
export interface Place {
  readonly slot: Slot;
  readonly shapes: ShapesByName;
}

export type ShapesByName = ReadonlyMap<string, Shape>;

/** Null alone: a slot that holds nothing else, and so goes wherever null does. */
export const nothing: Slot = { type: { kind: "scalars", of: [] }, nullable: true };

export function isAssignable(from: Place, to: Place): boolean {
  if (to.slot.type.kind === "unknown") return true;
  if (from.slot.nullable && !to.slot.nullable) return false;
  return isTypeAssignable({ ...from, type: from.slot.type }, { ...to, type: to.slot.type });
}

interface TypePlace {
  readonly type: Type;
  readonly shapes: ShapesByName;
}

function isTypeAssignable(from: TypePlace, to: TypePlace): boolean {
  const [a, b] = [from.type, to.type];
  if (a.kind === "scalars") return a.of.every((type) => isTypeAssignable({ ...from, type }, to));
  if (b.kind === "scalars") return b.of.some((type) => isTypeAssignable(from, { ...to, type }));
  if (a.kind === "array" && b.kind === "array") return isAssignable(inside(from, a.items), inside(to, b.items));
  if (a.kind === "tuple" && b.kind === "tuple")
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => isPlace(inside(from, item), to, b.items[index]))
    );
  if (a.kind === "tuple" && b.kind === "array")
    return a.items.every((item) => isAssignable(inside(from, item), inside(to, b.items)));
  if (a.kind === "record" && b.kind === "record") return isAssignable(inside(from, a.values), inside(to, b.values));
  if (a.kind === "shape" && b.kind === "shape") return isShapeAssignable(inside(from, a.name), inside(to, b.name));
  return isScalar(a) && isScalar(b) && isScalarAssignable(a, b);
}

function isPlace(from: Place, to: TypePlace, slot: Slot | undefined): boolean {
  return slot !== undefined && isAssignable(from, inside(to, slot));
}

function inside<Inner>({ shapes }: TypePlace, inner: Inner): { slot: Inner; shapes: ShapesByName } {
  return { slot: inner, shapes };
}

interface ShapePlace {
  readonly slot: string;
  readonly shapes: ShapesByName;
}

function isShapeAssignable(from: ShapePlace, to: ShapePlace): boolean {
  const [a, b] = [from.shapes.get(from.slot), to.shapes.get(to.slot)];
  if (a?.kind === "union") return a.variants.every(({ shape }) => isShapeAssignable({ ...from, slot: shape }, to));
  if (a === undefined || b === undefined) return false;
  return misfitOf({ fields: a.fields, shapes: from.shapes }, { shape: b, shapes: to.shapes }) === null;
}

/** The fields of some data, by which they are compared with a shape. */
export interface FieldsPlace {
  readonly fields: readonly Pick<Field, "name" | "type" | "nullable" | "optional">[];
  readonly shapes: ShapesByName;
}

/** What keeps data with these fields from being of a shape, in words. Null: nothing does. */
export function misfitOf(
  from: FieldsPlace,
  to: { readonly shape: Shape; readonly shapes: ShapesByName },
): string | null {
  const shape = to.shape.kind === "object" ? to.shape : variantOf(from, to.shape.name, to.shapes);
  if (shape === null) return `it cannot be told which variant of ${to.shape.name} they are`;
  const given = new Map(from.fields.map((field) => [field.name, field]));
  const known = new Set(shape.fields.map(({ name }) => name));
  const extra = from.fields.find(({ name }) => !known.has(name));
  if (extra !== undefined && shape.open !== true) return `${shape.name} has no field ${extra.name}`;
  for (const field of shape.fields) {
    const own = given.get(field.name);
    if (own === undefined && field.optional) continue;
    if (own === undefined) return `the field ${field.name} is missing`;
    if (own.optional && !field.optional) return `the field ${field.name} may be missing`;
    if (!isAssignable({ slot: own, shapes: from.shapes }, { slot: field, shapes: to.shapes }))
      return `the field ${field.name} may have other values`;
  }
  return null;
}

/** The variant that the data's own constant names. */
function variantOf({ fields }: FieldsPlace, union: string, shapes: ShapesByName): ObjectShape | null {
  const shape = shapes.get(union);
  if (shape?.kind !== "union") return null;
  const tag = fields.find(({ name }) => name === shape.discriminator)?.type;
  const variant = shape.variants.find((each) => tag?.kind === "constant" && tag.value === each.tag);
  const found = shapes.get(variant?.shape ?? "");
  return found?.kind === "object" ? found : null;
}

export function isScalar(type: Type): type is ScalarType {
  return !["scalars", "array", "tuple", "record", "shape", "unknown"].includes(type.kind);
}

function isScalarAssignable(a: ScalarType, b: ScalarType): boolean {
  if (a.kind === "constant") return isScalarOf(a.value, b);
  if (a.kind === "enum" && a.others !== undefined && (b.kind !== "enum" || b.others === undefined))
    return isScalarAssignable(anyLike(a.values[0]), b);
  if (a.kind === "enum") return a.values.every((value) => isScalarOf(value, b));
  if (a.kind === "string" && b.kind === "string") return isTextAssignable(a, b);
  if ((a.kind === "integer" || a.kind === "number") && (b.kind === "integer" || b.kind === "number")) {
    const isWithin =
      (a.minimum ?? -Infinity) >= (b.minimum ?? -Infinity) && (a.maximum ?? Infinity) <= (b.maximum ?? Infinity);
    return isWithin && (a.kind === "integer" || b.kind === "number");
  }
  return a.kind === "boolean" && b.kind === "boolean";
}

function anyLike(value: string | number | undefined): ScalarType {
  if (typeof value === "number") return { kind: "number", minimum: null, maximum: null };
  return { kind: "string", format: null, lengthMax: null, truncated: false };
}

type TextType = Extract<ScalarType, { kind: "string" }>;

/** An identifier is any text. */
function isTextAssignable(a: TextType, b: TextType): boolean {
  const isFormat = b.format === null || b.format === "id" || a.format === b.format;
  if (b.pattern !== undefined && a.pattern !== b.pattern) return false;
  return isFormat && (b.lengthMax === null || b.truncated || (a.lengthMax ?? Infinity) <= b.lengthMax);
}
