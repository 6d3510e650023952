import type { Doc, Field, ScalarType, Shape, Slot, Type } from "../model.ts";
import { array, blockObject, call, extendedObject, inheritedNames } from "../typescript-syntax.ts";
import { inlineObject, literal, raw } from "../typescript-syntax.ts";
import type { Expression, Properties } from "../typescript-syntax.ts";

/**
 * A shape as a TypeBox expression. Shapes that it uses are constants of the same module. `keys`: whether an object has
 * the keys that are named alone, or others too.
 */
export function shapeSchema(shape: Shape, keys: "named" | "any"): Expression {
  if (shape.kind === "union") {
    const variants = shape.variants.map((variant) => raw(variant.shape));
    const discriminator = inlineObject([["propertyName", literal(shape.discriminator)]]);
    return union(variants, [["discriminator", discriminator], ...annotations(shape.doc)]);
  }
  const fields = blockObject(shape.fields.map((field) => [field.name, fieldSchema(field)]));
  if (shape.open === true) return call("openRecord", call("Type.Object", fields, ...options(annotations(shape.doc))));
  const strict = keys === "named" ? [["additionalProperties", literal(false)] as const] : [];
  return call("Type.Object", fields, ...options([...strict, ...annotations(shape.doc)]));
}

function fieldSchema(field: Field): Expression {
  const schema = slotSchema(field, annotations(field.doc));
  if (!field.optional) return schema;
  return call("Type.Optional", inheritedNames.has(field.name) ? call("orInherited", schema) : schema);
}

function slotSchema(slot: Slot, notes: Properties): Expression {
  if (!slot.nullable) return typeSchema(slot.type, notes);
  return union([...alternatives(slot.type), call("Type.Null")], notes);
}

function typeSchema(type: Type, notes: Properties): Expression {
  switch (type.kind) {
    case "enum":
    case "scalars":
      return union(alternatives(type), notes);
    case "array":
      return call("Type.Array", slotSchema(type.items, []), ...options(notes));
    case "tuple":
      return call("Type.Tuple", array(type.items.map((item) => slotSchema(item, []))), ...options(notes));
    case "record":
      return call("Type.Record", anyKey, slotSchema(type.values, []), ...options(notes));
    case "unknown":
      return call("Type.Unknown", ...options(notes));
    case "shape":
      return notes.length === 0 ? raw(type.name) : extendedObject(type.name, notes);
    default:
      return scalarSchema(type, notes);
  }
}

// The pattern of a plain Type.String() leaves values behind a key with a line break unchecked.
const anyKey = call("Type.String", inlineObject([["pattern", literal("^[^]*$")]]));

function scalarSchema(type: Exclude<ScalarType, { kind: "enum" }>, notes: Properties): Expression {
  switch (type.kind) {
    case "string":
      return call("Type.String", ...options([...stringFacts(type), ...notes]));
    case "integer":
      return call("Type.Integer", ...options([...integerBounds(type), ...notes]));
    case "number":
      return call("Type.Number", ...options([...bounds(type.minimum, type.maximum), ...notes]));
    case "boolean":
      return call("Type.Boolean", ...options(notes));
    case "constant":
      return call("Type.Literal", literal(type.value), ...options(notes));
  }
}

/** The members that a union with this type among them has. */
function alternatives(type: Type): readonly Expression[] {
  if (type.kind === "enum") {
    const known = type.values.map((value) => call("Type.Literal", literal(value)));
    if (type.others === undefined) return known;
    return [...known, call(typeof type.values[0] === "number" ? "Type.Number" : "Type.String")];
  }
  if (type.kind === "scalars") return type.of.flatMap(alternatives);
  return [typeSchema(type, [])];
}

function union(members: readonly Expression[], notes: Properties): Expression {
  return call("Type.Union", array(members), ...options(notes));
}

function options(properties: Properties): readonly Expression[] {
  return properties.length === 0 ? [] : [inlineObject(properties)];
}

/** An `id` is opaque text, so no format stands for it. */
function stringFacts(type: Extract<ScalarType, { kind: "string" }>): Properties {
  return [
    ...(type.format === null || type.format === "id" ? [] : [["format", literal(type.format)] as const]),
    ...(type.lengthMax === null ? [] : [["maxLength", literal(type.lengthMax)] as const]),
    ...(type.pattern === undefined ? [] : [["pattern", literal(type.pattern)] as const]),
  ];
}

/** Without bounds of its own, an integer has those within which a double is exact (RFC 8259 §6). */
function integerBounds(type: { readonly minimum: number | null; readonly maximum: number | null }): Properties {
  return [
    ["minimum", type.minimum === null ? raw("Number.MIN_SAFE_INTEGER") : literal(type.minimum)],
    ["maximum", type.maximum === null ? raw("Number.MAX_SAFE_INTEGER") : literal(type.maximum)],
  ];
}

function bounds(minimum: number | null, maximum: number | null): Properties {
  return [
    ...(minimum === null ? [] : [["minimum", literal(minimum)] as const]),
    ...(maximum === null ? [] : [["maximum", literal(maximum)] as const]),
  ];
}

function annotations(doc: Doc | null): Properties {
  if (doc === null) return [];
  const description = [doc.summary, doc.details].filter((text) => text !== "").join("\n\n");
  return [
    ...(description === "" ? [] : [["description", literal(description)] as const]),
    ...(doc.deprecated === null ? [] : [["deprecated", literal(true)] as const]),
  ];
}
