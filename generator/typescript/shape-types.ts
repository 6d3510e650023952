import type { Doc, Field, ObjectShape, Shape, Slot, Type, UnionShape } from "../model.ts";
import { shapeOf } from "../model.ts";
import type { ContractModel } from "../model.ts";
import type { Piece } from "../lines.ts";
import { documented, inheritedNames, interfaceOf, propertyKey, quote } from "../typescript-syntax.ts";
import { typeAlias, typedMember, typeName, unionOf } from "../typescript-types.ts";
import type { TypeText } from "../typescript-types.ts";
import { unknownVariant } from "./receiver-names.ts";

/** The type of a shape as a receiver sees it; of an open union, also that of the kinds that may come later. */
export function shapeStatements(contract: ContractModel, shape: Shape): readonly Piece[] {
  if (shape.kind === "object") return [documented(shape.doc, objectInterface(shape))];
  refuseUnusableUnion(contract, shape);
  const variants = shape.variants.map((variant) => typeName(variant.shape));
  if (!shape.open) return [documented(shape.doc, typeAlias(shape.name, unionOf(variants)))];
  const later = typeName(unknownVariant(shape.name));
  return [
    documented(laterDoc(shape), laterInterface(shape)),
    documented(shape.doc, typeAlias(shape.name, unionOf([...variants, later]))),
  ];
}

/** The names of all types that stand for the contract's shapes. */
export function shapeNames({ shapes }: Pick<ContractModel, "shapes">): readonly string[] {
  return shapes.flatMap((shape) => [
    shape.name,
    ...(shape.kind === "union" && shape.open ? [unknownVariant(shape.name)] : []),
  ]);
}

function objectInterface(shape: ObjectShape): Piece {
  const others = documented(summary("What it says beside."), "[member: string]: unknown;");
  return interfaceOf(shape.name, [
    ...shape.fields.map((field) => documented(field.doc, fieldMember(field))),
    ...(shape.open === true ? [others] : []),
  ]);
}

function fieldMember(field: Field): Piece {
  if (!field.optional) return typedMember(propertyKey(field.name), slotType(field));
  // Where it is absent, `toString` is the function that every object inherits.
  const inherited = inheritedNames.has(field.name) ? [typeName("Function")] : [];
  return typedMember(`${propertyKey(field.name)}?`, unionOf([slotType(field), ...inherited]));
}

function laterInterface(shape: UnionShape): Piece {
  const key = propertyKey(shape.discriminator);
  return interfaceOf(unknownVariant(shape.name), [
    `${key}: "$unknown";`,
    documented(summary(`The \`${shape.discriminator}\` that was sent.`), "rawKind: string;"),
    documented(summary("The object as it was sent."), "raw: unknown;"),
  ]);
}

function laterDoc(shape: UnionShape): Doc {
  return summary(`\`${shape.name}\` with a \`${shape.discriminator}\` that was added after this was generated.`);
}

function slotType(slot: Slot): TypeText {
  return slot.nullable ? unionOf([typeOf(slot.type), typeName("null")]) : typeOf(slot.type);
}

function typeOf(type: Type): TypeText {
  switch (type.kind) {
    case "string":
    case "boolean":
    case "unknown":
      return typeName(type.kind);
    case "integer":
    case "number":
      return typeName("number");
    case "constant":
      return literalType(type.value);
    case "enum":
      return enumType(type.values);
    case "scalars":
      return unionOf(type.of.map(typeOf));
    case "array":
      return { kind: "array", items: slotType(type.items) };
    case "record":
      return { kind: "record", values: slotType(type.values) };
    case "tuple":
      return { kind: "tuple", items: type.items.map(slotType) };
    case "shape":
      return typeName(type.name);
  }
}

/** Every enum is open to a receiver; `string & {}` keeps the known values in the editor's completion. */
function enumType(values: readonly (string | number)[]): TypeText {
  const open = typeof values[0] === "number" ? "(number & {})" : "(string & {})";
  return unionOf([...values.map(literalType), typeName(open)]);
}

function literalType(value: string | number | boolean): TypeText {
  return typeName(typeof value === "string" ? quote(value) : String(value));
}

function summary(text: string): Doc {
  return { summary: text, details: "", deprecated: null };
}

/** A receiver tells variants apart by their constant, which narrows the type only if each has one of its own. */
function refuseUnusableUnion(contract: ContractModel, shape: UnionShape): void {
  for (const variant of shape.variants) {
    const target = shapeOf(contract, variant.shape);
    const field = target.kind === "object" ? target.fields.find(({ name }) => name === shape.discriminator) : undefined;
    if (field?.type.kind === "constant" && field.type.value === variant.tag) continue;
    throw new Error(
      `${shape.name}: expected ${variant.shape}.${shape.discriminator} to be the constant "${variant.tag}".`,
    );
  }
}
