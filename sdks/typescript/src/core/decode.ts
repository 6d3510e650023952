import type { Descriptor, FieldDescriptor, ReceiverContract, ShapeDescriptor, Slot } from "./contract.ts";
import { WebhookError } from "./errors.ts";
import { describe, isObject, type JsonObject } from "./values.ts";

/**
 * Reads an event, which is at `path` in the body, from its JSON. What a later version of the catalog may add is kept as
 * it came: fields, enum values, event types (`type: "$unknown"`, the name in `rawType`). Throws not_an_object,
 * missing_type or invalid_field.
 */
export function decodeEvent(contract: ReceiverContract, event: unknown, path = ""): JsonObject {
  const { typeKey, envelope, events, shapes } = contract;
  if (!isObject(event)) throw notAnObject(path, event);
  const type = own(event, typeKey);
  if (typeof type !== "string") throw missingType(under(path, typeKey), type);
  const place = { shapes, path };
  decodeFields(envelope, event, place);
  const isOther = Object.entries(contract.knownWith ?? {}).some(([key, held]) => own(event, key) !== held);
  const data = isOther ? undefined : own(events, type);
  if (data === undefined) return { ...event, [typeKey]: "$unknown", rawType: type };
  decodePart(event, { key: contract.dataKey, shape: data }, place);
  const meta = own(contract.metas, type);
  if (meta !== undefined) decodePart(event, { key: contract.metaKey, shape: meta }, place);
  return event;
}

/** Reads a value against a shape of the contract. Throws invalid_field. */
export function decodeShapeOf(contract: ReceiverContract, shape: string, value: JsonObject): void {
  decodePart(value, { key: null, shape }, { shapes: contract.shapes, path: "" });
}

/** Null: the members of the shape stand in the event itself. */
function decodePart(
  event: JsonObject,
  part: { readonly key: string | null; readonly shape: string },
  place: Place,
): void {
  if (part.key === null) decodeShape(shapeNamed(part.shape, place), event, place);
  else decodeFields({ [part.key]: { type: { shape: part.shape } } }, event, place);
}

/** Where the decoder stands. */
interface Place {
  readonly shapes: ReceiverContract["shapes"];
  readonly path: string;
}

function decodeFields(fields: Readonly<Record<string, FieldDescriptor>>, object: JsonObject, place: Place): void {
  for (const [name, field] of Object.entries(fields)) {
    const at = { ...place, path: under(place.path, name) };
    if (Object.hasOwn(object, name)) replace(object, name, decode(field, object[name], at));
    else if (field.optional !== true) throw invalidField(at.path, expectedOf(field), undefined);
  }
}

function decode(slot: Slot, value: unknown, place: Place): unknown {
  if (value === null && slot.nullable === true) return null;
  if (!accepts(slot.type, value)) throw invalidField(place.path, expectedOf(slot), value);
  if (typeof slot.type === "string") return value;
  if ("array" in slot.type && Array.isArray(value)) return decodeItems(slot.type.array, value, place);
  if ("tuple" in slot.type && Array.isArray(value)) return decodePlaces(slot.type.tuple, value, place);
  if ("record" in slot.type && isObject(value)) return decodeValues(slot.type.record, value, place);
  if ("shape" in slot.type && isObject(value)) return decodeShape(shapeNamed(slot.type.shape, place), value, place);
  return value;
}

/** Whether the value's own JSON type fits; what it contains is looked at afterwards. */
function accepts(type: Descriptor, value: unknown): boolean {
  if (type === "unknown") return true;
  // Beyond 2^53 - 1 the parser has rounded the number, and the sender's language may not have.
  if (type === "integer") return Number.isSafeInteger(value);
  if (type === "number") return Number.isFinite(value);
  if (typeof type === "string") return typeof value === type;
  if ("constant" in type) return value === type.constant;
  if ("scalars" in type) return type.scalars.some((scalar) => accepts(scalar, value));
  return "array" in type || "tuple" in type ? Array.isArray(value) : isObject(value);
}

function decodeItems(slot: Slot, items: unknown[], place: Place): unknown[] {
  for (const [index, item] of items.entries()) {
    const decoded = decode(slot, item, { ...place, path: `${place.path}[${index}]` });
    if (decoded !== item) items[index] = decoded;
  }
  return items;
}

function decodePlaces(slots: readonly Slot[], items: unknown[], place: Place): unknown[] {
  for (const [index, slot] of slots.entries()) {
    const path = `${place.path}[${index}]`;
    if (index >= items.length) throw invalidField(path, expectedOf(slot), undefined);
    const decoded = decode(slot, items[index], { ...place, path });
    if (decoded !== items[index]) items[index] = decoded;
  }
  return items;
}

function decodeValues(slot: Slot, record: JsonObject, place: Place): JsonObject {
  for (const [key, value] of Object.entries(record)) {
    const step = /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    replace(record, key, decode(slot, value, { ...place, path: place.path + step }));
  }
  return record;
}

function decodeShape(shape: ShapeDescriptor, value: JsonObject, place: Place): JsonObject {
  if ("fields" in shape) {
    decodeFields(shape.fields, value, place);
    return value;
  }
  const { discriminator, variants, open } = shape;
  const tag = own(value, discriminator);
  const tagPath = under(place.path, discriminator);
  if (typeof tag !== "string") throw invalidField(tagPath, "string", tag);
  const variant = own(variants, tag);
  if (variant !== undefined) return decodeShape(shapeNamed(variant, place), value, place);
  if (open) return { [discriminator]: "$unknown", rawKind: tag, raw: value };
  throw invalidField(tagPath, Object.keys(variants).map(quoted).join(" or "), tag);
}

/** The path of a member of what is at `path`. */
export function under(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function shapeNamed(name: string, place: Place): ShapeDescriptor {
  const shape = own(place.shapes, name);
  if (shape === undefined) throw new Error(`The contract has no shape "${name}".`);
  return shape;
}

// The property is the object's own, so a key `__proto__` sets that property and not the prototype.
function replace(object: JsonObject, key: string, value: unknown): void {
  if (object[key] !== value) object[key] = value;
}

/** The object's own property: `constructor` on the wire is a name like any other. */
function own<Value>(object: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function expectedOf(slot: Slot): string {
  return slot.nullable === true ? `${nameOf(slot.type)} or null` : nameOf(slot.type);
}

function nameOf(type: Descriptor): string {
  if (type === "unknown") return "any value";
  if (typeof type === "string") return type;
  if ("constant" in type) return quoted(type.constant);
  if ("scalars" in type) return type.scalars.map(nameOf).join(" or ");
  return "array" in type || "tuple" in type ? "array" : "object";
}

function quoted(value: string | number | boolean): string {
  return JSON.stringify(value);
}

function notAnObject(path: string, value: unknown): WebhookError {
  const got = describe(value);
  const message = `${path === "" ? "The body" : path} is not an event: expected an object, got ${got}.`;
  return new WebhookError("not_an_object", message, { ...(path === "" ? {} : { path }), expected: "object", got });
}

function missingType(path: string, value: unknown): WebhookError {
  const got = describe(value);
  const message = `The event does not name its type: expected a string at ${path}, got ${got}.`;
  return new WebhookError("missing_type", message, { path, expected: "string", got });
}

function invalidField(path: string, expected: string, value: unknown): WebhookError {
  const got = describe(value);
  return new WebhookError("invalid_field", `${path}: expected ${expected}, got ${got}.`, { path, expected, got });
}
