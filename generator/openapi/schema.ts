import type { EnvelopeField } from "../../catalog/contract.ts";
import { envelopeFields, envelopeValue } from "../envelope.ts";
import type { ContractModel, Doc, EventType, Field, ObjectShape, ScalarType, Shape, Slot, Type } from "../model.ts";
import type { UnionShape } from "../model.ts";
import type { ComponentNames } from "./component-names.ts";

export type Json = Readonly<Record<string, unknown>>;

/**
 * An event as it is sent. Published schemas are for receivers, so they accept what may be added later: further keys,
 * and what stands behind `Open<…>`.
 */
export function eventSchema(contract: ContractModel, event: EventType, names: ComponentNames): Json {
  const fields = envelopeFields(contract.declaration).filter(
    ([, field]) => event.meta !== null || envelopeValue(field).kind !== "meta",
  );
  const properties = fields.map(([key, field]) => [key, envelopeSchema(field, event, names)]);
  return {
    type: "object",
    ...annotations(event.doc),
    required: fields.map(([key]) => key),
    properties: Object.fromEntries(properties),
  };
}

function envelopeSchema(field: EnvelopeField, event: EventType, names: ComponentNames): Json {
  const { doc: description } = field;
  const value = envelopeValue(field);
  switch (value.kind) {
    case "type":
      return { type: "string", const: event.name, description };
    case "constant":
      return { type: typeof value.value === "number" ? "number" : "string", const: value.value, description };
    case "data":
    case "members":
      return { $ref: reference(event.data, names), description };
    case "meta":
      return { $ref: reference(event.meta ?? event.data, names), description };
    case "text":
      return { type: "string", description };
    case "instant":
      return { type: "string", format: "date-time", description };
    case "integer":
      return { type: "integer", format: "int64", description };
  }
}

/** A shape as a component; those that it uses are components too. */
export function shapeSchema(shape: Shape, names: ComponentNames): Json {
  return shape.kind === "object" ? objectSchema(shape, names) : unionSchema(shape, names);
}

function objectSchema(shape: ObjectShape, names: ComponentNames): Json {
  const required = shape.fields.filter((field) => !field.optional).map((field) => field.name);
  const properties = shape.fields.map((field) => [field.name, fieldSchema(field, names)]);
  return {
    type: "object",
    ...annotations(shape.doc),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
  };
}

function unionSchema(shape: UnionShape, names: ComponentNames): Json {
  const variants = shape.variants.map((variant) => ({ $ref: reference(variant.shape, names) }));
  const mapping = shape.variants.map((variant) => [variant.tag, reference(variant.shape, names)]);
  return {
    ...annotations(shape.doc),
    oneOf: shape.open ? [...variants, laterVariant(shape)] : variants,
    discriminator: { propertyName: shape.discriminator, mapping: Object.fromEntries(mapping) },
  };
}

function laterVariant(shape: UnionShape): Json {
  const tags = shape.variants.map((variant) => variant.tag);
  return {
    type: "object",
    description: "A kind that is added later.",
    required: [shape.discriminator],
    properties: { [shape.discriminator]: { type: "string", not: { enum: tags } } },
  };
}

function fieldSchema(field: Field, names: ComponentNames): Json {
  return { ...slotSchema(field, names), ...annotations(field.doc) };
}

function slotSchema(slot: Slot, names: ComponentNames): Json {
  const schema = typeSchema(slot.type, names);
  return slot.nullable ? orNull(schema) : schema;
}

function orNull(schema: Json): Json {
  if (Object.keys(schema).length === 0) return schema;
  if (Array.isArray(schema["anyOf"])) return { ...schema, anyOf: [...schema["anyOf"], { type: "null" }] };
  if (schema["$ref"] !== undefined || schema["const"] !== undefined) return { anyOf: [schema, { type: "null" }] };
  if (Array.isArray(schema["enum"])) return { type: [schema["type"], "null"], enum: [...schema["enum"], null] };
  return { ...schema, type: [schema["type"], "null"] };
}

function typeSchema(type: Type, names: ComponentNames): Json {
  switch (type.kind) {
    case "array":
      return { type: "array", items: slotSchema(type.items, names) };
    case "record":
      return { type: "object", additionalProperties: slotSchema(type.values, names) };
    case "unknown":
      return {};
    case "shape":
      return { $ref: reference(type.name, names) };
    default:
      return scalarSchema(type);
  }
}

function scalarSchema(type: ScalarType | Extract<Type, { kind: "scalars" }>): Json {
  switch (type.kind) {
    case "string":
      return {
        type: "string",
        ...known({ format: type.format === "id" ? null : type.format, maxLength: type.lengthMax }),
      };
    case "integer":
      return { type: "integer", format: "int64", ...known({ minimum: type.minimum, maximum: type.maximum }) };
    case "number":
      return { type: "number", ...known({ minimum: type.minimum, maximum: type.maximum }) };
    case "boolean":
      return { type: "boolean" };
    case "constant":
      return { type: typeof type.value, const: type.value };
    case "enum":
      return enumSchema(type);
    case "scalars":
      return { anyOf: type.of.map(scalarSchema) };
  }
}

/** The known values stand first, so that documents show them and editors offer them. */
function enumSchema(type: Extract<ScalarType, { kind: "enum" }>): Json {
  const valueType = typeof type.values[0] === "number" ? "number" : "string";
  const closed = { type: valueType, enum: type.values };
  return type.open ? { anyOf: [closed, { type: valueType }] } : closed;
}

function known(facts: Readonly<Record<string, string | number | null>>): Json {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}

function annotations(doc: Doc | null): Json {
  if (doc === null) return {};
  const description = [doc.summary, doc.details].filter((text) => text !== "").join("\n\n");
  return {
    ...(description === "" ? {} : { description }),
    ...(doc.deprecated === null ? {} : { deprecated: true }),
  };
}

function reference(shape: string, names: ComponentNames): string {
  return `#/components/schemas/${names.ofShape(shape)}`;
}
