/** What comes in, a verdict: it may have more than is known of it, and is no error for that. */
import { shapeOf } from "../model.ts";
import type { ContractModel, Field, Shape, Type } from "../model.ts";

/**
 * The names of the verdict's shape and of those it uses. Throws for one that a question uses too, as it would have to
 * be strict and tolerant at once.
 */
export function receivedShapes(contract: ContractModel): ReadonlySet<string> {
  const received = contract.verdict === null ? [] : usedShapes(contract, contract.verdict);
  const sent = new Set(contract.events.flatMap((event) => usedShapes(contract, event.data)));
  const both = received.find((name) => sent.has(name));
  if (both === undefined) return new Set(received);
  throw new Error(`The shape "${both}" of "${contract.declaration.id}" is both sent and received. Make two of it.`);
}

function usedShapes(contract: ContractModel, name: string): readonly string[] {
  const shape = shapeOf(contract, name);
  const used =
    shape.kind === "object" ? shape.fields.flatMap(shapesIn) : shape.variants.map((variant) => variant.shape);
  return [name, ...used.flatMap((inner) => usedShapes(contract, inner))];
}

function shapesIn({ type }: { readonly type: Type }): readonly string[] {
  if (type.kind === "shape") return [type.name];
  if (type.kind === "array") return shapesIn(type.items);
  if (type.kind === "tuple") return type.items.flatMap(shapesIn);
  return type.kind === "record" ? shapesIn(type.values) : [];
}

/** The shape with open sets that take any value of their JSON type. Throws for a union of shapes. */
export function receivedShape(shape: Shape): Shape {
  if (shape.kind === "object") return { ...shape, fields: shape.fields.map(receivedField) };
  throw new Error(`The shape "${shape.name}" is a union, which a verdict cannot have. Use one object type.`);
}

function receivedField(field: Field): Field {
  return { ...field, type: receivedType(field.type) };
}

function receivedType(type: Type): Type {
  switch (type.kind) {
    case "enum":
      return type.open ? { kind: "scalars", of: [type, anyLike(type.values[0])] } : type;
    case "array":
      return { kind: "array", items: { ...type.items, type: receivedType(type.items.type) } };
    case "record":
      return { kind: "record", values: { ...type.values, type: receivedType(type.values.type) } };
    case "tuple":
      return { kind: "tuple", items: type.items.map((item) => ({ ...item, type: receivedType(item.type) })) };
    default:
      return type;
  }
}

function anyLike(value: string | number | undefined) {
  if (typeof value === "number") return { kind: "number", minimum: null, maximum: null } as const;
  return { kind: "string", format: null, lengthMax: null, truncated: false } as const;
}
