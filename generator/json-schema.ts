import type { EnvelopeField, StreamContract } from "../catalog/contract.ts";
import type { ComponentNames } from "./component-names.ts";
import { bodyFields, envelopeKey, envelopeValue, openConstantType } from "./envelope.ts";
import type { ContractModel, Doc, EventType, Field, ObjectShape, ScalarType, Shape, Slot, Type } from "./model.ts";
import type { UnionShape } from "./model.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A document's schemas: what they are called, where they stand, and which words of JSON Schema the document has. */
export interface SchemaDialect {
  readonly names: ComponentNames;
  /** What stands before a component's name in a reference, `#/$defs/`. */
  readonly base: string;
  readonly integer: Json;
  /** Whether a `$ref` may have other keywords beside it: not before draft 2019-09, nor in AsyncAPI. */
  readonly besideReference: "allowed" | "ignored";
  /** The keyword for the items of a list that have places of their own: `items` until draft 2019-09. */
  readonly places: "prefixItems" | "items";
  /** Whether the document has the keyword `discriminator` of OpenAPI. */
  readonly discriminator: "openapi" | "none";
}

/**
 * All schemas of a contract by component name: each event as it is sent, any of them, a batch, and the shapes, unless an
 * earlier contract has the same. They are
 * for receivers, so they accept what may be added later: further keys, event types, and what stands behind `Open<…>`.
 */
export function schemaComponents(contract: ContractModel, dialect: SchemaDialect): Json {
  const { names } = dialect;
  const { mode } = contract.declaration;
  const events = contract.events.map((event) => [names.ofEvent(event), eventSchema(contract, event, dialect)]);
  const own = contract.sameTypesAs === undefined ? contract.shapes : [];
  const shapes = own.map((shape) => [names.ofShape(shape.name), shapeSchema(shape, dialect)]);
  return {
    ...Object.fromEntries(events),
    ...(mode === "action" ? {} : { [names.anyEvent]: anyEventSchema(contract, dialect) }),
    ...(mode === "stream" ? { [names.batch]: batchSchema(contract.declaration, dialect) } : {}),
    ...Object.fromEntries(shapes),
  };
}

/** An event as it is sent; of a batch, one record of it. */
export function eventSchema(contract: ContractModel, event: EventType, dialect: SchemaDialect): Json {
  const fields = bodyFields(contract.declaration).filter(([, field]) => isSent(field, event));
  const own = fields.filter(([, field]) => envelopeValue(field).kind !== "members");
  const notes = { ...(event.title === null ? {} : { title: event.title }), ...annotations(event.doc) };
  if (own.length === 0) return { ...notes, ...reference(dialect.names.ofShape(event.data), dialect) };
  const envelope = {
    required: own.map(([key]) => key),
    properties: Object.fromEntries(own.map(([key, field]) => [key, envelopeSchema(field, event, dialect)])),
  };
  if (own.length === fields.length) return { type: "object", ...notes, ...envelope };
  return { ...notes, allOf: [reference(dialect.names.ofShape(event.data), dialect), { type: "object", ...envelope }] };
}

/** The other event types of a contract do not have the field that is for the meta of some. */
function isSent(field: EnvelopeField, event: EventType): boolean {
  return envelopeValue(field).kind !== "meta" || event.meta !== null;
}

function envelopeSchema(field: EnvelopeField, event: EventType, dialect: SchemaDialect): Json {
  const { doc: description } = field;
  const value = envelopeValue(field);
  switch (value.kind) {
    case "type":
      return { type: "string", const: event.name, description };
    case "constant":
      if (value.others !== undefined) return { type: openConstantType(value.value), description };
      return { type: Number.isInteger(value.value) ? "integer" : typeof value.value, const: value.value, description };
    case "data":
    case "members":
      return annotated(reference(dialect.names.ofShape(event.data), dialect), { description }, dialect);
    case "meta":
      return annotated(reference(dialect.names.ofShape(event.meta ?? ""), dialect), { description }, dialect);
    case "text":
      return { type: "string", description };
    case "instant":
      // What others made says it in a form of theirs.
      return { type: "string", ...("given" in field ? {} : { format: "date-time" }), description };
    case "integer":
      return { ...dialect.integer, description };
  }
}

function anyEventSchema(contract: ContractModel, dialect: SchemaDialect): Json {
  const { declaration, events } = contract;
  const description = `Any event of ${declaration.title}, also of a type that is added later.`;
  const key = envelopeKey(declaration, "event.type");
  if (bodyFields(declaration).every(([each]) => each !== key)) {
    // A header says which one it is, so that no body is known to be none of them.
    const known = events.map((event) => reference(dialect.names.ofEvent(event), dialect));
    return { description, anyOf: [...known, { type: "object", description: "Of a type that is added later." }] };
  }
  const variants = events.map((event) => ({ tag: event.name, component: dialect.names.ofEvent(event) }));
  return { description, ...oneOf({ key, variants, open: true }, dialect) };
}

/** What one request of a stream holds. */
function batchSchema({ batch, title }: Pick<StreamContract, "batch" | "title">, dialect: SchemaDialect): Json {
  const record = recordSchema(batch, reference(dialect.names.anyEvent, dialect));
  const records = { type: "array", minItems: 1, maxItems: batch.recordsMax, items: record };
  const description = `Records of ${title}, oldest first.`;
  switch (batch.body.kind) {
    case "object":
      const { member } = batch.body;
      return { type: "object", description, required: [member], properties: { [member]: records } };
    case "array":
      return { ...records, description };
    case "lines":
      return { type: "string", description: `${description} Each line is one record.`, ...lineContent(record) };
  }
}

/** A record as it stands in a body: the event, in its wrapper where there is one. */
export function recordSchema({ record }: StreamContract["batch"], event: Json): Json {
  if (record === undefined) return event;
  const id = { type: "string", description: "The event's id." };
  return {
    type: "object",
    required: [record.id, record.member],
    properties: { [record.id]: id, [record.member]: event },
  };
}

/** JSON Schema has no word for JSON lines; this says what a line holds (§8 of its validation vocabulary). */
function lineContent(record: Json): Json {
  return { contentMediaType: "application/x-ndjson", contentSchema: record };
}

/** A shape as a component; those that it uses are components too. */
export function shapeSchema(shape: Shape, dialect: SchemaDialect): Json {
  return shape.kind === "object" ? objectSchema(shape, dialect) : unionSchema(shape, dialect);
}

function objectSchema(shape: ObjectShape, dialect: SchemaDialect): Json {
  const required = shape.fields.filter((field) => !field.optional).map((field) => field.name);
  const properties = shape.fields.map((field) => [field.name, fieldSchema(field, dialect)]);
  return {
    type: "object",
    ...annotations(shape.doc),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
    // Every receiver takes members that it does not know; of an open record it is told that there are some.
    ...(shape.open === true ? { additionalProperties: true } : {}),
  };
}

function unionSchema(shape: UnionShape, dialect: SchemaDialect): Json {
  const variants = shape.variants.map(({ tag, shape: name }) => ({ tag, component: dialect.names.ofShape(name) }));
  return { ...annotations(shape.doc), ...oneOf({ key: shape.discriminator, variants, open: shape.open }, dialect) };
}

interface Choice {
  /** The property that tells the variants apart. */
  readonly key: string;
  readonly variants: readonly { readonly tag: string; readonly component: string }[];
  readonly open: boolean;
}

function oneOf({ key, variants, open }: Choice, dialect: SchemaDialect): Json {
  const known = variants.map(({ component }) => reference(component, dialect));
  const later = laterVariant(
    key,
    variants.map(({ tag }) => tag),
  );
  if (dialect.discriminator === "none") return { oneOf: open ? [...known, later] : known };
  const mapping = Object.fromEntries(variants.map(({ tag, component }) => [tag, dialect.base + component]));
  const told = { oneOf: known, discriminator: { propertyName: key, mapping } };
  // A discriminator knows its tags (OpenAPI 3.1 §4.8.25), so what has another one stands outside.
  return open ? { anyOf: [told, later] } : told;
}

function laterVariant(key: string, tags: readonly string[]): Json {
  return {
    type: "object",
    description: "A kind that is added later.",
    required: [key],
    properties: { [key]: { type: "string", not: { enum: tags } } },
  };
}

function fieldSchema(field: Field, dialect: SchemaDialect): Json {
  return annotated(slotSchema(field, dialect), annotations(field.doc), dialect);
}

function slotSchema(slot: Slot, dialect: SchemaDialect): Json {
  const schema = typeSchema(slot.type, dialect);
  return slot.nullable ? orNull(schema) : schema;
}

function orNull(schema: Json): Json {
  if (Object.keys(schema).length === 0) return schema;
  if (Array.isArray(schema["anyOf"])) return { ...schema, anyOf: [...schema["anyOf"], { type: "null" }] };
  if (schema["$ref"] !== undefined || schema["const"] !== undefined) return { anyOf: [schema, { type: "null" }] };
  if (Array.isArray(schema["enum"])) return { type: [schema["type"], "null"], enum: [...schema["enum"], null] };
  return { ...schema, type: [schema["type"], "null"] };
}

function typeSchema(type: Type, dialect: SchemaDialect): Json {
  switch (type.kind) {
    case "array":
      return { type: "array", items: slotSchema(type.items, dialect) };
    case "record":
      return { type: "object", additionalProperties: slotSchema(type.values, dialect) };
    case "tuple": {
      const items = type.items.map((item) => slotSchema(item, dialect));
      return { type: "array", [dialect.places]: items, minItems: items.length };
    }
    case "unknown":
      return {};
    case "shape":
      return reference(dialect.names.ofShape(type.name), dialect);
    default:
      return scalarSchema(type, dialect);
  }
}

function scalarSchema(type: ScalarType | Extract<Type, { kind: "scalars" }>, dialect: SchemaDialect): Json {
  switch (type.kind) {
    case "string":
      return {
        type: "string",
        ...known({
          format: type.format === "id" ? null : type.format,
          maxLength: type.lengthMax,
          pattern: type.pattern ?? null,
        }),
      };
    case "integer":
      return { ...dialect.integer, ...known({ minimum: type.minimum, maximum: type.maximum }) };
    case "number":
      return { type: "number", ...known({ minimum: type.minimum, maximum: type.maximum }) };
    case "boolean":
      return { type: "boolean" };
    case "constant":
      return { type: typeof type.value, const: type.value };
    case "enum":
      return enumSchema(type);
    case "scalars":
      return { anyOf: type.of.map((scalar) => scalarSchema(scalar, dialect)) };
  }
}

/** A receiver takes any value of an open enum, so the values that are known today are told and not required. */
function enumSchema({ values, open }: Extract<ScalarType, { kind: "enum" }>): Json {
  const type = typeof values[0] === "number" ? "number" : "string";
  return open ? { type, "x-extensible-enum": values } : { type, enum: values };
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

function reference(component: string, { base }: SchemaDialect): Json {
  return { $ref: base + component };
}

function annotated(schema: Json, notes: Json, { besideReference }: SchemaDialect): Json {
  const isHidden = besideReference === "ignored" && "$ref" in schema && Object.keys(notes).length > 0;
  return isHidden ? { allOf: [schema], ...notes } : { ...schema, ...notes };
}
