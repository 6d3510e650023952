import { shapeOf } from "../model.ts";
import type { EnumType } from "../model-changes.ts";
import type { ContractModel, Field, ObjectShape, Shape, Type, UnionShape } from "../model.ts";
import { enumName, fieldName, goName, restField, unknownVariant, valueName } from "./names.ts";
import { columns, documented, indented, note, quote, structOf } from "./source.ts";
import type { Lines, StructField } from "./source.ts";
import { fieldType } from "./types.ts";

/** The types of a shape: a struct with its enums, or a sealed interface with the variant for later kinds. */
export function shapeDeclarations(contract: ContractModel, shape: Shape): readonly Lines[] {
  if (shape.kind === "union") return unionDeclarations(contract, shape);
  const name = goName(shape.name);
  const fields = shape.fields.map((field) => ({
    doc: field.doc,
    name: fieldName(field),
    type: fieldType({ contract, shape, field }).text,
    tag: tagOf(field),
  }));
  const all = shape.open === true ? [...fields, rest] : fields;
  const enums = enumsOf(shape).flatMap(({ field, type }) => enumDeclarations(enumName(field), type));
  return [documented(shape.doc, structOf(name, all)), ...markers(contract, shape), ...enums];
}

const rest: StructField = {
  doc: note(`${restField} has the members that no other field names, as they were sent.`),
  name: restField,
  type: "map[string]json.RawMessage",
  tag: 'json:"-"',
};

/** The fields of a shape that are enums, or lists and records of one. */
export function enumsOf(shape: ObjectShape) {
  return shape.fields.flatMap((field) => {
    const type = enumOf(field.type);
    return type === null ? [] : [{ field, type }];
  });
}

function enumOf(type: Type): EnumType | null {
  switch (type.kind) {
    case "enum":
      return type;
    case "array":
      return enumOf(type.items.type);
    case "record":
      return enumOf(type.values.type);
    default:
      return null;
  }
}

/**
 * The tags of encoding/json; what is left out when it is absent is then left out here too. A name that encoding/json does
 * not take has none: the value is read, and not written again.
 */
function tagOf({ name, optional, nullable }: Field): string {
  if (!/^[\p{L}\p{Nd}!#$%&()*+\-./:;<=>?@[\]^_{|}~ ]+$/u.test(name)) return 'json:"-"';
  const state = optional ? (nullable ? ",omitzero" : ",omitempty") : name === "-" ? "," : "";
  return `json:"${name}${state}"`;
}

export function enumDeclarations(name: string, { values, names }: EnumType): readonly Lines[] {
  const isNumber = typeof values[0] === "number";
  const kind = isNumber ? "float64" : "string";
  const rows = values.map((value, index) => {
    const constant = name + valueName(names?.[index] ?? String(value));
    return [constant, name, `= ${isNumber ? value : quote(String(value))}`];
  });
  const summary = `${name} is one of the constants below, or a value that was added after this was generated.`;
  return [
    documented(note(summary), [`type ${name} ${kind}`]),
    ["const (", ...indented(columns(rows)), ")"],
    documented(note("IsKnown says whether the value is one of the constants."), isKnownMethod(name, rows)),
  ];
}

function isKnownMethod(name: string, rows: readonly Lines[]): Lines {
  const names = rows.map(([constant = ""]) => constant);
  const cases = names.map((constant, index) => {
    const end = index === names.length - 1 ? ":" : ",";
    return index === 0 ? `case ${constant}${end}` : `\t${constant}${end}`;
  });
  return [
    `func (v ${name}) IsKnown() bool {`,
    "\tswitch v {",
    ...indented(cases),
    "\t\treturn true",
    "\t}",
    "\treturn false",
    "}",
  ];
}

function unionDeclarations(contract: ContractModel, union: UnionShape): readonly Lines[] {
  const name = goName(union.name);
  refuseUnusableUnion(contract, union);
  const members = union.variants.map(({ shape }) => `*${goName(shape)}`);
  const all = union.open ? [...members, `*${unknownVariant(union)}`] : members;
  const doc = union.doc ?? note(`${name} is one of several types.`);
  const variants = `It is one of ${all.join(", ")}.`;
  const details = doc.details === "" ? variants : `${doc.details}\n\n${variants}`;
  const sealed = documented({ ...doc, details }, [`type ${name} interface{ ${marker(union)}() }`]);
  return union.open ? [sealed, ...laterVariant(union)] : [sealed];
}

function laterVariant(union: UnionShape): readonly Lines[] {
  const name = unknownVariant(union);
  const summary = `${name} is a ${goName(union.name)} with a "${union.discriminator}" that was added after this was generated.`;
  const struct = structOf(name, [
    { doc: note(`RawKind is the "${union.discriminator}" that was sent.`), name: "RawKind", type: "string", tag: null },
    { doc: note("Raw is the object as it was sent."), name: "Raw", type: "json.RawMessage", tag: null },
  ]);
  const marshal = documented(note("MarshalJSON gives what was sent."), [
    `func (v *${name}) MarshalJSON() ([]byte, error) { return v.Raw, nil }`,
  ]);
  return [documented(note(summary), struct), [`func (*${name}) ${marker(union)}() {}`], marshal];
}

/** The methods that seal the unions which the shape is a variant of. */
function markers(contract: ContractModel, shape: ObjectShape): readonly Lines[] {
  const unions = contract.shapes.filter(
    (other): other is UnionShape =>
      other.kind === "union" && other.variants.some((variant) => variant.shape === shape.name),
  );
  return unions.map((union) => [`func (*${goName(shape.name)}) ${marker(union)}() {}`]);
}

function marker(union: UnionShape): string {
  return `is${goName(union.name)}`;
}

/** The decoder tells variants apart by their constant, so each has to have its own. */
function refuseUnusableUnion(contract: ContractModel, union: UnionShape): void {
  for (const { tag, shape } of union.variants) {
    const target = shapeOf(contract, shape);
    if (target.kind === "object") continue;
    throw new Error(`The Go SDK: ${union.name}, "${tag}": expected an object shape, got the union ${shape}.`);
  }
}
