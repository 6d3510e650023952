/** An example against its type, as strictly as emit() takes it. */
import type { ts } from "ts-morph";
import type { Field, ObjectShape, ScalarType, Shape, Slot, Type, UnionShape } from "../model.ts";
import { textAt, valueAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import { formats } from "./formats.ts";
import type { Report } from "./report.ts";

export interface ExampleCheck {
  readonly report: Report;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** For messages, `deployment.created.examples["by a person"]`. */
  readonly path: string;
}

export function checkExample(value: Evaluated, slot: Slot, check: ExampleCheck): void {
  if (value.kind === "invalid") return;
  const isNull = value.kind === "scalar" && value.value === null;
  if (!isNull) checkType(value, slot.type, check);
  else if (!slot.nullable && slot.type.kind !== "unknown") refuse(value, check, expected(slot.type));
}

function checkType(value: Evaluated, type: Type, check: ExampleCheck): void {
  switch (type.kind) {
    case "unknown":
      return;
    case "array":
      if (value.kind !== "array") return refuse(value, check, "an array");
      value.items.forEach((item, index) => checkExample(item, type.items, inside(check, `[${index}]`)));
      return;
    case "tuple":
      if (value.kind !== "array" || value.items.length !== type.items.length)
        return refuse(value, check, expected(type));
      type.items.forEach((slot, index) => {
        const item = value.items[index];
        if (item !== undefined) checkExample(item, slot, inside(check, `[${index}]`));
      });
      return;
    case "record":
      if (value.kind !== "object") return refuse(value, check, "an object");
      for (const [key, entry] of value.entries)
        checkExample(entry.value, type.values, inside(check, `[${JSON.stringify(key)}]`));
      return;
    case "shape":
      return checkShape(value, type.name, check);
    case "scalars":
      if (!type.of.some((scalar) => isOf(value, scalar))) refuse(value, check, expected(type));
      return;
    default:
      if (!isOf(value, type)) refuse(value, check, expected(type));
  }
}

function checkShape(value: Evaluated, name: string, check: ExampleCheck): void {
  const shape = check.shapes.get(name);
  if (shape === undefined) return;
  if (value.kind !== "object") return refuse(value, check, `an object, ${name}`);
  if (shape.kind === "object") checkFields(value, shape, check);
  else checkVariant(value, shape, check);
}

function checkVariant(value: EvaluatedObject, shape: UnionShape, check: ExampleCheck): void {
  const { discriminator, variants } = shape;
  const tag = textAt(value, discriminator);
  const variant = variants.find((candidate) => candidate.tag === tag);
  if (variant !== undefined) return checkShape(value, variant.shape, check);
  const at = valueAt(value, discriminator) ?? value;
  if (at.kind === "invalid") return;
  const tags = variants.map((candidate) => JSON.stringify(candidate.tag)).join(" or ");
  refuse(
    at,
    at === value ? check : inside(check, `.${discriminator}`),
    at === value ? `the field ${discriminator}` : tags,
  );
}

function checkFields(value: EvaluatedObject, shape: ObjectShape, check: ExampleCheck): void {
  for (const field of shape.fields) checkField(value, field, check);
  if (shape.open === true) return;
  const names = new Set(shape.fields.map(({ name }) => name));
  for (const [key, entry] of value.entries)
    if (!names.has(key))
      complain(entry.key, check, { says: `${shape.name} has no field ${key}`, remedy: "remove it, or declare it" });
}

function checkField(value: EvaluatedObject, field: Field, check: ExampleCheck): void {
  const entry = value.entries.get(field.name);
  if (entry !== undefined) checkExample(entry.value, field, inside(check, `.${field.name}`));
  else if (!field.optional)
    complain(value.node, check, { says: `the field ${field.name} is missing`, remedy: `add ${field.name}` });
}

function isOf(value: Evaluated, type: ScalarType): boolean {
  return value.kind === "scalar" && isScalarOf(value.value, type);
}

/** Whether emit() would take it. */
export function isScalarOf(plain: string | number | boolean | null, type: ScalarType): boolean {
  switch (type.kind) {
    case "string":
      return typeof plain === "string" && isText(plain, type);
    case "integer":
      return Number.isSafeInteger(plain) && isWithin(plain, type);
    case "number":
      return isWithin(plain, type);
    case "boolean":
      return typeof plain === "boolean";
    case "constant":
      return plain === type.value;
    case "enum":
      if (type.others !== undefined && typeof plain === typeof type.values[0]) return true;
      return type.values.some((known) => known === plain);
  }
}

function isText(text: string, { format, lengthMax, pattern }: Extract<ScalarType, { kind: "string" }>): boolean {
  if (pattern !== undefined && !new RegExp(pattern).test(text)) return false;
  return (format === null || formats[format].holds(text)) && (lengthMax === null || text.length <= lengthMax);
}

function isWithin(value: unknown, { minimum, maximum }: Extract<ScalarType, { kind: "integer" | "number" }>): boolean {
  return typeof value === "number" && value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
}

function expected(type: Type): string {
  switch (type.kind) {
    case "string":
      if (type.format !== null) return formats[type.format].title;
      if (type.pattern !== undefined) return `a text that matches ${type.pattern}`;
      return type.lengthMax === null ? "a text" : `a text of at most ${type.lengthMax} characters`;
    case "integer":
      return `a whole number${bounds(type)}`;
    case "number":
      return `a number${bounds(type)}`;
    case "boolean":
      return "true or false";
    case "constant":
      return JSON.stringify(type.value);
    case "enum":
      return type.values.map((value) => JSON.stringify(value)).join(" or ");
    case "scalars":
      return type.of.map(expected).join(" or ");
    case "array":
      return "an array";
    case "tuple":
      return `an array of ${type.items.length}`;
    case "record":
      return "an object";
    case "shape":
      return `an object, ${type.name}`;
    case "unknown":
      return "a value";
  }
}

function bounds({ minimum, maximum }: { readonly minimum: number | null; readonly maximum: number | null }): string {
  if (minimum !== null && maximum !== null) return ` from ${minimum} to ${maximum}`;
  if (minimum !== null) return ` from ${minimum}`;
  return maximum === null ? "" : ` up to ${maximum}`;
}

function inside(check: ExampleCheck, step: string): ExampleCheck {
  return { ...check, path: check.path + step };
}

function refuse(value: Evaluated, check: ExampleCheck, wanted: string): void {
  complain(value.node, check, { says: `expected ${wanted}, got ${got(value)}`, remedy: `write ${wanted}` });
}

function complain(at: ts.Node, check: ExampleCheck, words: { readonly says: string; readonly remedy: string }): void {
  check.report({ code: "HW051", at, message: `${check.path}: ${words.says}`, remedy: words.remedy });
}

function got(value: Evaluated): string {
  if (value.kind === "array") return `an array of ${value.items.length}`;
  if (value.kind !== "scalar") return "an object";
  const text = JSON.stringify(value.value);
  return text.length <= 60 ? text : `a text of ${text.length - 2} characters`;
}
