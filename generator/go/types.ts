import type { ContractModel, Field, ObjectShape, ScalarType, Slot, Type } from "../model.ts";
import { shapeOf } from "../model.ts";
import { mapParts } from "../model-changes.ts";
import { enumName, goName } from "./names.ts";
import { quote } from "./source.ts";

/** A type in Go, with the function of the core or of the package that reads it. */
export interface GoType {
  readonly text: string;
  readonly reader: string;
  /** Its zero value is nil, which then stands for null or absence, and no pointer is needed. */
  readonly nilable: boolean;
}

/** Where a type stands; an enum there is named after it. */
export interface Place {
  readonly contract: ContractModel;
  readonly shape: ObjectShape;
  readonly field: Field;
}

/** The type of a field and the expression that reads it from the object `o`. */
export function fieldType(place: Place): { readonly text: string; readonly read: string } {
  const { field } = place;
  const plain = typeOf(field.type, place);
  const from = (reader: string, how: string) => `decode.${how}(d, o, ${quote(field.name)}, ${reader})`;
  if (!field.optional) {
    const slot = slotType(field, place);
    return { text: slot.text, read: from(slot.reader, "Required") };
  }
  if (field.nullable) return { text: `webhook.Opt[${plain.text}]`, read: from(plain.reader, "ThreeStates") };
  if (plain.nilable) return { text: plain.text, read: from(plain.reader, "OptionalOrZero") };
  return { text: `*${plain.text}`, read: from(plain.reader, "Optional") };
}

export function slotType(slot: Slot, place: Place): GoType {
  const plain = typeOf(slot.type, place);
  return !slot.nullable || slot.type.kind === "unknown" ? plain : nullable(plain);
}

/** The type of a value that is there and not null. */
export function typeOf(type: Type, place: Place): GoType {
  switch (type.kind) {
    case "unknown":
      return { text: "json.RawMessage", reader: "decode.Any", nilable: true };
    case "array": {
      const items = slotType(type.items, place);
      return { text: `[]${items.text}`, reader: `decode.List(${items.reader})`, nilable: true };
    }
    case "record": {
      const values = slotType(type.values, place);
      return { text: `map[string]${values.text}`, reader: `decode.Record(${values.reader})`, nilable: true };
    }
    case "tuple":
      return tupleType(type.items, place);
    case "shape": {
      const isUnion = shapeOf(place.contract, type.name).kind === "union";
      return { text: goName(type.name), reader: decoderName(type.name), nilable: isUnion };
    }
    case "enum":
      return generic(typeof type.values[0] === "number" ? "Number" : "Text", enumName(place.field));
    case "scalars": {
      const readers = type.of.map((scalar) => `decode.AsAny(${scalarType(scalar).reader})`);
      return { text: "webhook.Scalar", reader: `decode.Scalars(${readers.join(", ")})`, nilable: false };
    }
    default:
      return scalarType(type);
  }
}

/** A slice: of one type where all places have the same, else of the JSON of each place, which was checked. */
function tupleType(items: readonly Slot[], place: Place): GoType {
  const types = items.map((item) => {
    const type = typeOf(withoutEnums(item.type), place);
    return item.nullable && item.type.kind !== "unknown" ? nullable(type) : type;
  });
  const [first, ...others] = types;
  const isSame =
    first !== undefined && others.every(({ text, reader }) => text === first.text && reader === first.reader);
  if (isSame)
    return { text: `[]${first.text}`, reader: `decode.Several(${types.length}, ${first.reader})`, nilable: true };
  const readers = types.map(({ reader }) => `decode.Checked(${reader})`).join(", ");
  return { text: "[]json.RawMessage", reader: `decode.Places(${readers})`, nilable: true };
}

/** The constants of an enum are named after the field, and its places would have several. */
function withoutEnums(type: Type): Type {
  if (type.kind !== "enum") return mapParts(type, withoutEnums);
  if (typeof type.values[0] === "number") return { kind: "number", minimum: null, maximum: null };
  return { kind: "string", format: null, lengthMax: null, truncated: false };
}

function nullable(plain: GoType): GoType {
  if (plain.nilable) return { ...plain, reader: `decode.OrZero(${plain.reader})` };
  return { text: `*${plain.text}`, reader: `decode.OrNull(${plain.reader})`, nilable: true };
}

export function decoderName(shape: string): string {
  return `decode${goName(shape)}`;
}

function scalarType(type: ScalarType): GoType {
  switch (type.kind) {
    case "string":
      return generic("Text", type.format === "date-time" ? "webhook.Timestamp" : "string");
    case "integer":
      return plain("int64", "decode.Integer");
    case "number":
      return generic("Number", "float64");
    case "boolean":
      return plain("bool", "decode.Bool");
    case "enum":
      return typeof type.values[0] === "number" ? generic("Number", "float64") : generic("Text", "string");
    case "constant":
      return constantType(type.value);
  }
}

export function constantType(value: string | number | boolean): GoType {
  if (typeof value === "string") return plain("string", `decode.TextConstant(${quote(value)})`);
  if (typeof value === "boolean") return plain("bool", `decode.BoolConstant(${value})`);
  if (Number.isSafeInteger(value)) return plain("int64", `decode.IntegerConstant(${value})`);
  return plain("float64", `decode.NumberConstant(${value})`);
}

function generic(reader: "Text" | "Number", text: string): GoType {
  return plain(text, `decode.${reader}[${text}]`);
}

function plain(text: string, reader: string): GoType {
  return { text, reader, nilable: false };
}
