import type { Piece } from "../lines.ts";
import type { ContractModel, Doc, Field, ObjectShape, Shape, UnionShape } from "../model.ts";
import { quote } from "../typescript-syntax.ts";
import { annotations, assignment, constructor, fieldsTuple, slots, usedNames } from "./class-body.ts";
import type { Attribute } from "./class-body.ts";
import { attributeName, enumFields, enumName, enumValues, packageName, unknownVariant } from "./python-names.ts";
import {
  blockCall,
  call,
  classOf,
  docstring,
  importNames,
  importOrder,
  joinLines,
  lined,
  moduleOf,
  summary,
  tuple,
} from "./python-syntax.ts";
import { descriptor, fieldText, scalarText, variantsName } from "./type-text.ts";

/** The package that has the classes: its own, or that of an earlier contract with the same event types. */
export function modelsPackage({ sameTypesAs }: ContractModel): string {
  return sameTypesAs === undefined ? "." : `hookwright_webhooks.${packageName(sameTypesAs)}`;
}

/** The classes of a contract's data. */
export function modelsModule(contract: ContractModel): Piece {
  if (contract.sameTypesAs !== undefined) return sharedModule(contract);
  const unions = unionNames(contract);
  const types = contract.shapes.flatMap((shape) =>
    shape.kind === "object" ? [...shapeAttributes(shape), ...(shape.open === true ? [rest] : [])] : [],
  );
  const hasEnums = contract.shapes.some((shape) => enumFields(shape).length > 0);
  const typing = [
    ...usedNames(
      ["Any"],
      types.map((attribute) => attribute.annotation),
    ),
    ...(hasEnums ? ["Final"] : []),
    ...usedNames(
      ["Literal"],
      types.map((attribute) => attribute.annotation),
    ),
    ...(unions.size > 0 ? ["Union"] : []),
  ];
  return moduleOf({
    doc: `What the events of ${contract.declaration.title} are made of.`,
    imports: [
      "from __future__ import annotations",
      "",
      ...(typing.length > 0 ? [`from typing import ${typing.join(", ")}`, ""] : []),
      "from hookwright_webhooks._core import model as _model",
    ],
    statements: contract.shapes.flatMap((shape) => [
      ...enumFields(shape).map((field) => enumClass(shape, field)),
      ...(shape.kind === "object" ? [objectClass(shape, unions)] : unionStatements(shape, unions)),
    ]),
  });
}

function sharedModule(contract: ContractModel): Piece {
  const names = modelNames(contract);
  return moduleOf({
    doc: `What the events of ${contract.declaration.title} are made of.`,
    imports: [
      importNames(`${modelsPackage(contract)}.models`, names),
      "",
      ["__all__ = ", lined("[", names.toSorted().map(quote), "]")],
    ],
    statements: [],
  });
}

/** The public names of the classes and enums, in the order of imports. */
export function modelNames(contract: ContractModel): readonly string[] {
  const names = contract.shapes.flatMap((shape) => [
    shape.name,
    ...(shape.kind === "union" && shape.open ? [unknownVariant(shape.name)] : []),
    ...enumFields(shape).map((field) => enumName(field)),
  ]);
  return names.sort(importOrder);
}

export function unionNames(contract: ContractModel): ReadonlySet<string> {
  return new Set(contract.shapes.filter((shape) => shape.kind === "union").map((shape) => shape.name));
}

/** The attributes of a shape's class; `models` qualifies the classes they name. */
export function shapeAttributes(shape: ObjectShape, models = ""): readonly Attribute[] {
  return shape.fields.map((field) => ({
    name: attributeName(field),
    ...fieldText(field, models),
    doc: fieldDoc(field),
  }));
}

function objectClass(shape: ObjectShape, unions: ReadonlySet<string>): Piece {
  const attributes = shapeAttributes(shape);
  const isOpen = shape.open === true;
  const given = isOpen ? [...attributes, rest] : attributes;
  const set = [...attributes.map(assignment), ...(isOpen ? ["self.rest = {} if rest is None else rest"] : [])];
  const fields = shape.fields.map((field) => fieldDescriptor(field, attributeName(field), unions));
  return classOf(`${shape.name}(_model.${isOpen ? "OpenModel" : "Model"})`, [
    docstring(shape.doc ?? summary(`\`${shape.name}\` of this contract.`)) ?? "",
    joinLines([slots(attributes), fieldsTuple(fields)]),
    ...(attributes.length === 0 ? [] : [annotations(attributes)]),
    ...(given.length === 0 ? [] : [constructor(given, set)]),
  ]);
}

/** The members of an open record that have no attribute; its base class has the slot and what is said of it. */
const rest: Attribute = { name: "rest", annotation: "dict[str, Any] | None", fallback: "None", doc: null };

function fieldDescriptor(field: Field, attribute: string, unions: ReadonlySet<string>): Piece {
  return call("_model.Field", [
    quote(field.name),
    quote(attribute),
    descriptor(field.type, unions),
    ...(field.nullable ? ["nullable=True"] : []),
    ...(field.optional ? ["optional=True"] : []),
  ]);
}

function fieldDoc(field: Field): Doc | null {
  if (enumValues(field).size === 0) return field.doc;
  const known = `\`${enumName(field)}\` names the values that are known.`;
  return field.doc === null
    ? summary(known)
    : { ...field.doc, details: field.doc.details === "" ? known : `${field.doc.details}\n\n${known}` };
}

function enumClass(shape: Shape, field: Field): Piece {
  const constants = enumValues(field);
  return classOf(`${enumName(field)}(_model.OpenEnum)`, [
    docstring(
      summary(`The values of \`${field.name}\` of \`${shape.name}\` that are known; later ones are values too.`),
    ) ?? "",
    joinLines([
      ...[...constants].map(([name, value]) => `${name}: Final = ${scalarText(value)}`),
      ["VALUES = ", call("frozenset", [tuple([...constants.keys()])])],
    ]),
  ]);
}

function unionStatements(shape: UnionShape, unions: ReadonlySet<string>): readonly Piece[] {
  const later = unknownVariant(shape.name);
  const members = [...new Set(shape.variants.map((variant) => variant.shape)), ...(shape.open ? [later] : [])];
  const known = shape.variants.map(({ tag, shape: name }) => [
    `${quote(tag)}: `,
    descriptor({ kind: "shape", name }, unions),
  ]);
  const said = docstring(shape.doc);
  return [
    ...(shape.open ? [laterClass(shape)] : []),
    joinLines([[`${shape.name} = Union`, lined("[", members, "]")], ...(said === null ? [] : [said])]),
    [
      `${variantsName(shape.name)} = `,
      blockCall("_model.Variants", [
        quote(shape.discriminator),
        lined("{", known, "}"),
        ...(shape.open ? [later] : []),
      ]),
    ],
  ];
}

function laterClass(shape: UnionShape): Piece {
  return classOf(`${unknownVariant(shape.name)}(_model.UnknownVariant)`, [
    docstring(
      summary(`\`${shape.name}\` with a \`${shape.discriminator}\` that was added after this was generated.`),
    ) ?? "",
    "__slots__ = ()",
  ]);
}
