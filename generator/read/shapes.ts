/** Terms to the model's types: object types and unions become shapes with names of their own. */
import type { ts } from "ts-morph";
import type { Field, ObjectShape, Shape, Slot, Type, UnionShape } from "../model.ts";
import { pascalCase } from "../names.ts";
import { placeOf, spanOf } from "./report.ts";
import type { Finding, Report } from "./report.ts";
import type { FieldTerm, ObjectTerm, Term, UnionTerm } from "./term.ts";
import { membersOf, scalarUnion, tellApart, withoutNull } from "./unions.ts";

/** Where a term stands: the name it gets when it has none, and the path for messages. */
export interface Standing {
  readonly name: string;
  readonly path: string;
}

/** The shapes of one contract. */
export interface ShapeBook {
  /** In the order of first use; what a shape uses stands before it. */
  readonly shapes: () => readonly Shape[];
  readonly byName: ReadonlyMap<string, Shape>;
  /** Null when something in it has been reported. `at` is what to point at when the term itself has no place. */
  readonly slotOf: (term: Term, standing: Standing, at: ts.Node) => Slot | null;
}

export function openShapeBook(report: Report): ShapeBook {
  const book: Book = { report, byName: new Map(), owners: new Map(), byStructure: new Map(), named: new Map() };
  return {
    shapes: () => [...book.byName.values()],
    byName: book.byName,
    slotOf: (term, standing, at) => slotOf({ book, ...standing, at }, term),
  };
}

interface Book {
  readonly report: Report;
  readonly byName: Map<string, Shape>;
  /** Where the shape of a name is declared. */
  readonly owners: Map<string, ts.Node>;
  /** Names of shapes that have none of their own, by what they are. */
  readonly byStructure: Map<string, string>;
  /** Declared object types that have been entered. */
  readonly named: Map<ObjectTerm, string | null>;
}

interface Place extends Standing {
  readonly book: Book;
  readonly at: ts.Node;
}

/** `absence`: whether the place may be empty, so that undefined adds nothing. */
function slotOf(place: Place, whole: Term, absence: "refused" | "allowed" = "refused"): Slot | null {
  const { term, nullable, absent } = withoutNull(whole);
  if (absent !== null && absence === "refused")
    return refuse(place, { code: "HW024", at: absent, says: "undefined has no JSON form" });
  if (term === null)
    return refuse(place, {
      code: "HW030",
      says: "null alone says nothing",
      remedy: "say what it is when it is not null",
    });
  const type = typeOf(place, term);
  return type === null ? null : { type, nullable };
}

function typeOf(place: Place, term: Exclude<Term, { kind: "null" | "absent" }>): Type | null {
  switch (term.kind) {
    case "invalid":
      return null;
    case "write-only":
      return refuse(place, { code: "HW035", at: term.node, says: "WriteOnly is not the type of a field" });
    case "scalar":
      return term.type;
    case "unknown":
      return { kind: "unknown" };
    case "array": {
      const items = slotOf({ ...place, path: `${place.path}[]`, at: term.node }, term.items);
      return items === null ? null : { kind: "array", items };
    }
    case "record": {
      const values = slotOf({ ...place, path: `${place.path}{}`, at: term.node }, term.values);
      return values === null ? null : { kind: "record", values };
    }
    case "tuple":
      return tupleType(place, term);
    case "object":
      return shapeType(objectShape(place, term));
    case "union":
      return unionType(place, term);
  }
}

/** Each place is named after where it stands, if it has a shape without a name of its own. */
function tupleType(place: Place, { items, node }: Extract<Term, { kind: "tuple" }>): Type | null {
  const slots = items.map((item, index) =>
    slotOf({ ...place, name: `${place.name}${index + 1}`, path: `${place.path}[${index}]`, at: node }, item),
  );
  const read = slots.filter((slot) => slot !== null);
  return read.length < slots.length ? null : { kind: "tuple", items: read };
}

function shapeType(name: string | null): Type | null {
  return name === null ? null : { kind: "shape", name };
}

function unionType(place: Place, union: UnionTerm): Type | null {
  if (union.of.some((member) => member.kind === "invalid")) return null;
  const objects = union.of.filter((member) => member.kind === "object");
  if (objects.length === union.of.length) return shapeType(unionShape(place, union, objects));
  const scalars = union.of.filter((member) => member.kind === "scalar");
  if (scalars.length === union.of.length) {
    const type = scalarUnion(scalars, union);
    if (type !== null) return type;
  }
  if (union.open && (scalars.length > 0 || union.of.length === 1)) return refuseOpen(place, union);
  return refuse(place, {
    code: "HW029",
    at: union.node,
    says: `the members of ${membersOf(union)} cannot be told apart`,
  });
}

function refuseOpen(place: Place, union: UnionTerm): null {
  const remedy = "give Open a union of literals, or of object types";
  return refuse(place, { code: "HW031", at: union.node, says: `Open of ${membersOf(union)} is no open set`, remedy });
}

function unionShape(place: Place, union: UnionTerm, objects: readonly ObjectTerm[]): string | null {
  const tagged = tellApart(objects);
  if (tagged === null)
    return refuse(place, {
      code: "HW029",
      at: union.node,
      says: `the members of ${membersOf(union)} cannot be told apart`,
    });
  const name = union.name ?? place.name;
  const variants = tagged.variants.map(({ tag, object }) => {
    const standing = { name: name + pascalCase(tag), path: `${place.path}<${tag}>` };
    return { tag, shape: objectShape({ ...place, ...standing }, object) };
  });
  const known = variants.flatMap(({ tag, shape }) => (shape === null ? [] : [{ tag, shape }]));
  if (known.length < variants.length) return null;
  const { discriminator } = tagged;
  const shape: UnionShape = { kind: "union", name, doc: union.doc, discriminator, variants: known, open: union.open };
  return enter(place, shape, union);
}

function objectShape(place: Place, object: ObjectTerm): string | null {
  const { named } = place.book;
  const known = named.get(object);
  if (known !== undefined) return known;
  const name = object.name ?? place.name;
  const fields = object.fields.map((field) => readField({ ...place, name }, field));
  const shape: ObjectShape = {
    kind: "object",
    name,
    doc: object.doc,
    fields: fields.filter((field) => field !== null),
    ...openness(object),
  };
  const entered = fields.includes(null) && isIncomplete(object, shape) ? null : enter(place, shape, object);
  if (object.name !== null) named.set(object, entered);
  return entered;
}

function openness({ open }: ObjectTerm): Pick<ObjectShape, "open"> {
  return open === undefined ? {} : { open };
}

/** Fields that are only written are missing on purpose; any other has been reported. */
function isIncomplete(object: ObjectTerm, shape: ObjectShape): boolean {
  return object.fields.filter((field) => !isWriteOnly(field.term)).length > shape.fields.length;
}

function isWriteOnly(term: Term): boolean {
  return term.kind === "write-only" || (term.kind === "union" && term.of.some(isWriteOnly));
}

function readField(owner: Place, field: FieldTerm): Field | null {
  const { name, optional, named, doc, term, node } = field;
  if (isWriteOnly(term)) return null;
  const standing = { name: owner.name + pascalCase(name), path: `${owner.path}.${name}` };
  const slot = slotOf({ ...owner, ...standing, at: node }, term, optional ? "allowed" : "refused");
  if (slot === null) return null;
  return { name, ...slot, optional, ...(named === undefined ? {} : { named }), doc, span: spanOf(node) };
}

/** Gives the shape its name. One that has none of its own takes that of an equal one, and gives way to others like it. */
function enter(place: Place, named: Shape, term: ObjectTerm | UnionTerm): string | null {
  const { byName, byStructure, owners } = place.book;
  const structure = structureOf(named);
  const equal = term.name === null ? byStructure.get(structure) : undefined;
  if (equal !== undefined) return equal;
  const shape = term.name === null ? { ...named, name: freeName(named.name, place.book) } : named;
  const other = byName.get(shape.name);
  if (other !== undefined && structureOf(other) !== structure) return refuseName(place, shape, term);
  if (other === undefined) byName.set(shape.name, shape);
  owners.set(shape.name, owners.get(shape.name) ?? term.node);
  if (term.name === null) byStructure.set(structure, shape.name);
  return shape.name;
}

/** The name, with a number where a shape without a name of its own has it already. */
function freeName(name: string, { byName, byStructure }: Book): string {
  if (![...byStructure.values()].includes(name)) return name;
  let number = 2;
  while (byName.has(name + number)) number += 1;
  return name + number;
}

function refuseName(place: Place, { name }: Shape, { node }: ObjectTerm | UnionTerm): null {
  const owner = place.book.owners.get(name);
  const there = owner === undefined ? "" : ` and at ${placeOf(owner)}`;
  return refuse(place, { code: "HW034", at: node, says: `two shapes are called ${name}, at ${placeOf(node)}${there}` });
}

/** What a shape is, its documentation included, without its name and its places. */
function structureOf(shape: Shape): string {
  return JSON.stringify({ ...shape, name: "" }, (key, value: unknown) => (key === "span" ? undefined : value));
}

function refuse(
  place: Place,
  {
    says,
    at = place.at,
    ...finding
  }: Omit<Finding, "message" | "at"> & { readonly says: string; readonly at?: ts.Node },
): null {
  place.book.report({ ...finding, at, message: `${place.path}: ${says}` });
  return null;
}
