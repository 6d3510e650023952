import { shapeOf } from "../model.ts";
import type { ContractModel, ScalarType, Slot, StringFormat, Type } from "../model.ts";
import { code } from "./markdown.ts";

/** A type in words. */
export function typeText(contract: ContractModel, type: Type): string {
  switch (type.kind) {
    case "array":
      return `array of ${slotText(contract, type.items)}`;
    case "record":
      return `object with keys of the sender's own, each ${slotText(contract, type.values)}`;
    case "tuple":
      return `array of ${type.items.map((item) => slotText(contract, item)).join(", then ")}`;
    case "unknown":
      return "any JSON";
    case "shape": {
      const shape = shapeOf(contract, type.name);
      if (shape.kind === "object") return shape.open === true ? "object, with further members" : "object";
      return `object, by its ${code(shape.discriminator)}`;
    }
    case "scalars":
      return type.of.map(scalarText).join(" or ");
    default:
      return scalarText(type);
  }
}

function slotText(contract: ContractModel, slot: Slot): string {
  return typeText(contract, slot.type) + (slot.nullable ? " or null" : "");
}

function scalarText(type: ScalarType): string {
  switch (type.kind) {
    case "string":
      return stringText(type);
    case "integer":
    case "number":
      return type.kind + rangeText(type.minimum, type.maximum);
    case "boolean":
      return "boolean";
    case "constant":
      return code(JSON.stringify(type.value));
    case "enum":
      return (
        type.values.map((value) => code(JSON.stringify(value))).join(", ") + (type.open ? ", or others later" : "")
      );
  }
}

function stringText(type: Extract<ScalarType, { kind: "string" }>): string {
  const words: Record<StringFormat, string> = {
    id: "id",
    uuid: "UUID",
    "date-time": "date-time",
    email: "e-mail address",
    uri: "URL",
  };
  const format = type.format === null ? "" : ` (${words[type.format]})`;
  const length =
    type.lengthMax === null ? "" : `, ${type.truncated ? "cut to" : "at most"} ${type.lengthMax} characters`;
  const pattern = type.pattern === undefined ? "" : `, matching ${code(type.pattern)}`;
  return `string${format}${length}${pattern}`;
}

function rangeText(minimum: number | null, maximum: number | null): string {
  if (minimum !== null && maximum !== null) return `, ${minimum} to ${maximum}`;
  if (minimum !== null) return `, at least ${minimum}`;
  return maximum === null ? "" : `, at most ${maximum}`;
}
