import { envelopeFields, envelopeKey, envelopeValue, headerOf } from "../envelope.ts";
import type { EnvelopeValue } from "../envelope.ts";
import type { PushModel, Field, Shape, Slot, Type } from "../model.ts";

type Declaration = PushModel["declaration"];

/** Plain data; the compiler checks it against the core's types where it is written. */
type Json = Readonly<Record<string, unknown>>;

/** What the core of the SDK has to know to verify and read a contract's events. */
export function receiverContract(contract: PushModel): Json {
  const { declaration } = contract;
  const dataKey = envelopeKey(declaration, "data");
  const envelope = envelopeFields(declaration).filter(([key]) => key !== dataKey);
  return {
    id: declaration.id,
    signature: signatureScheme(declaration),
    typeKey: envelopeKey(declaration, "event.type"),
    dataKey,
    envelope: Object.fromEntries(envelope.map(([key, field]) => [key, envelopeDescriptor(envelopeValue(field))])),
    events: Object.fromEntries(contract.events.map((event) => [event.name, event.data])),
    shapes: Object.fromEntries(contract.shapes.map((shape) => [shape.name, shapeDescriptor(shape)])),
  };
}

/** The signature with the names of the headers that carry its parts. */
function signatureScheme(declaration: Declaration): Json {
  const { signature, secret } = declaration;
  return {
    key: signature.key,
    secretPrefix: secret.prefix,
    content: signature.content.map((part) => (part === "timestamp" || part === "body" ? part : "id")),
    encoding: signature.encoding,
    signatureHeader: requiredHeader(declaration, "signature"),
    prefix: signature.prefix,
    separator: signature.separator,
    timestamp: signedTime(declaration),
    idHeader: idHeader(declaration),
    toleranceSeconds: signature.toleranceSeconds,
    toleranceSides: signature.toleranceSides,
  };
}

function signedTime(declaration: Declaration): Json {
  const { timestamp } = declaration.signature;
  if (timestamp.carrier === "signature") return timestamp;
  return { unit: timestamp.unit, carrier: "header", header: requiredHeader(declaration, "timestamp") };
}

function idHeader(declaration: Declaration): string | null {
  const [part, ...others] = declaration.signature.content.filter((each) => each !== "timestamp" && each !== "body");
  if (part === undefined) return null;
  if (others.length > 0) throw new Error(`The contract "${declaration.id}" signs more than one identifier.`);
  return requiredHeader(declaration, part);
}

function requiredHeader(declaration: Declaration, source: Declaration["headers"][string]): string {
  const header = headerOf(declaration, source);
  if (header !== null) return header;
  throw new Error(
    `The contract "${declaration.id}" has no header that carries "${source}", so nobody could verify it.`,
  );
}

function envelopeDescriptor(value: EnvelopeValue): Json {
  if (value.kind === "constant") return { type: { constant: value.value } };
  return { type: value.kind === "integer" ? "integer" : "string" };
}

function shapeDescriptor(shape: Shape): Json {
  if (shape.kind === "object") {
    return { fields: Object.fromEntries(shape.fields.map((field) => [field.name, fieldDescriptor(field)])) };
  }
  const variants = Object.fromEntries(shape.variants.map(({ tag, shape: name }) => [tag, name]));
  return { discriminator: shape.discriminator, variants, open: shape.open };
}

function fieldDescriptor(field: Field): Json {
  return { ...slotDescriptor(field), ...(field.optional ? { optional: true } : {}) };
}

function slotDescriptor(slot: Slot): Json {
  return { type: descriptor(slot.type), ...(slot.nullable ? { nullable: true } : {}) };
}

function descriptor(type: Type): Json | string {
  switch (type.kind) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "unknown":
      return type.kind;
    case "constant":
      return { constant: type.value };
    case "enum":
      return typeof type.values[0] === "number" ? "number" : "string";
    case "scalars":
      return { scalars: type.of.map(descriptor) };
    case "array":
      return { array: slotDescriptor(type.items) };
    case "record":
      return { record: slotDescriptor(type.values) };
    case "shape":
      return { shape: type.name };
  }
}
