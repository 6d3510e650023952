/** The model with other names or types in it; what stays is the same object. */
import type { ContractModel, ScalarType, Shape, Slot, Type } from "./model.ts";

export type EnumType = Extract<ScalarType, { kind: "enum" }>;

/** The enums that a value of the type can be of, in their order. */
export function enumsIn(type: Type): readonly EnumType[] {
  switch (type.kind) {
    case "enum":
      return [type];
    case "array":
      return enumsIn(type.items.type);
    case "record":
      return enumsIn(type.values.type);
    case "tuple":
      return type.items.flatMap((item) => enumsIn(item.type));
    case "scalars":
      return type.of.flatMap(enumsIn);
    default:
      return [];
  }
}

/** Changes the types that stand in a list, a record or a tuple; any other type stays as it is. */
export function mapParts(type: Type, change: (part: Type) => Type): Type {
  const inSlot = (slot: Slot): Slot => ({ ...slot, type: change(slot.type) });
  switch (type.kind) {
    case "array":
      return { ...type, items: inSlot(type.items) };
    case "record":
      return { ...type, values: inSlot(type.values) };
    case "tuple":
      return { ...type, items: type.items.map(inSlot) };
    default:
      return type;
  }
}

/** The type with another enum in place of each. */
export function mapEnums(type: Type, change: (type: EnumType) => EnumType): Type {
  switch (type.kind) {
    case "enum":
      return change(type);
    case "scalars":
      return { ...type, of: type.of.map((scalar) => (scalar.kind === "enum" ? change(scalar) : scalar)) };
    default:
      return mapParts(type, (part) => mapEnums(part, change));
  }
}

/** The contract with other names for its shapes. */
export function renameShapes(contract: ContractModel, nameOf: (name: string) => string): ContractModel {
  if (contract.shapes.every(({ name }) => nameOf(name) === name)) return contract;
  return {
    ...contract,
    verdict: contract.verdict === null ? null : nameOf(contract.verdict),
    events: contract.events.map((event) => ({
      ...event,
      data: nameOf(event.data),
      meta: event.meta === null ? null : nameOf(event.meta),
    })),
    shapes: contract.shapes.map((shape) => renameShape(shape, nameOf)),
  };
}

function renameShape(shape: Shape, nameOf: (name: string) => string): Shape {
  const name = nameOf(shape.name);
  if (shape.kind === "union")
    return { ...shape, name, variants: shape.variants.map((each) => ({ ...each, shape: nameOf(each.shape) })) };
  return { ...shape, name, fields: shape.fields.map((field) => ({ ...field, type: renamedType(field.type, nameOf) })) };
}

function renamedType(type: Type, nameOf: (name: string) => string): Type {
  if (type.kind === "shape") return { ...type, name: nameOf(type.name) };
  return mapParts(type, (part) => renamedType(part, nameOf));
}
