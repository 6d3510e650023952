import { print } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { Field, Slot, Type } from "../model.ts";
import { call, data, tuple } from "./python-syntax.ts";

/** A field as a parameter of its class. */
export interface FieldText {
  readonly annotation: string;
  /** Null: it has to be given. */
  readonly fallback: string | null;
}

/**
 * `models` qualifies the classes of shapes, for another module than theirs. Absence is a state of its own only where null is one too; elsewhere None says it.
 */
export function fieldText(field: Field, models = ""): FieldText {
  const annotation = slotText(field, models);
  if (!field.optional) return { annotation, fallback: null };
  if (field.nullable) return { annotation: `${annotation} | _model.Unset`, fallback: "_model.UNSET" };
  return { annotation: annotation === "Any" ? annotation : `${annotation} | None`, fallback: "None" };
}

function slotText(slot: Slot, models: string): string {
  const text = typeText(slot.type, models);
  return slot.nullable && text !== "Any" ? `${text} | None` : text;
}

function typeText(type: Type, models: string): string {
  switch (type.kind) {
    case "string":
      return "str";
    case "integer":
      return "int";
    case "number":
      return "float";
    case "boolean":
      return "bool";
    case "unknown":
      return "Any";
    case "constant":
      return constantText(type.value);
    case "enum":
      return numberOrText(type.values);
    case "scalars":
      return [...new Set(type.of.map((scalar) => typeText(scalar, models)))].join(" | ");
    case "array":
      return `list[${slotText(type.items, models)}]`;
    case "record":
      return `dict[str, ${slotText(type.values, models)}]`;
    case "tuple":
      return `tuple[${type.items.map((item) => slotText(item, models)).join(", ")}]`;
    case "shape":
      return models + type.name;
  }
}

/** A fraction cannot stand in a Literal (PEP 586). */
export function constantText(value: string | number | boolean): string {
  return typeof value === "number" && !Number.isInteger(value) ? "float" : `Literal[${scalarText(value)}]`;
}

/** Every enum is open to a receiver. */
function numberOrText(values: readonly (string | number)[]): string {
  if (values.some((value) => typeof value === "string")) return "str";
  return values.every((value) => Number.isInteger(value)) ? "int" : "float";
}

/** What the core checks a value against; `unions` are the names of the shapes that are unions. */
export function descriptor(type: Type, unions: ReadonlySet<string>): Piece {
  switch (type.kind) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
    case "unknown":
      return `"${type.kind}"`;
    case "constant":
      return `_model.Constant(${scalarText(type.value)})`;
    case "enum":
      return typeof type.values[0] === "number" ? '"number"' : '"string"';
    case "scalars":
      return call("_model.Scalars", [tuple(type.of.map((scalar) => descriptor(scalar, unions)))]);
    case "array":
      return call("_model.Array", slotDescriptor(type.items, unions));
    case "record":
      return call("_model.Record", slotDescriptor(type.values, unions));
    case "tuple": {
      const items = type.items.map((item) => call("_model.Place", slotDescriptor(item, unions)));
      return call("_model.Tuple", [tuple(items)]);
    }
    case "shape":
      return unions.has(type.name) ? variantsName(type.name) : type.name;
  }
}

/** What the core knows of a union; its own name is that of the type. */
export function variantsName(union: string): string {
  return `_${union}`;
}

function slotDescriptor(slot: Slot, unions: ReadonlySet<string>): readonly Piece[] {
  return [descriptor(slot.type, unions), ...(slot.nullable ? ["nullable=True"] : [])];
}

export function scalarText(value: string | number | boolean): string {
  return print(data(value));
}
