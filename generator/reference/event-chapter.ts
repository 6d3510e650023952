import { envelopeFields } from "../envelope.ts";
import { exampleEvents } from "../example-events.ts";
import { jsonFile } from "../json.ts";
import { shapeOf } from "../model.ts";
import type { ContractModel, Doc, EventType, Field, Shape, Slot, Type, UnionShape } from "../model.ts";
import { triggerAnswerText } from "../wire-text.ts";
import { code, codeBlock, table } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";
import { typeText } from "./type-text.ts";

export function eventChapter(contract: ContractModel, event: EventType): Chapter {
  const data = shapeOf(contract, event.data);
  const examples = exampleEvents(contract, event);
  // One shows an object; the kinds of a union each look different.
  const shown = data.kind === "union" ? examples : examples.slice(0, 1);
  return {
    title: code(event.name),
    blocks: [
      ...factBlocks(contract, event),
      ...docBlocks(event.doc),
      ...shapeBlocks(contract, data, keyOf(contract, "data")),
      ...(event.meta === null ? [] : shapeBlocks(contract, shapeOf(contract, event.meta), keyOf(contract, "meta"))),
      ...shown.flatMap((example) => [`Example: ${example.name}.`, codeBlock("json", jsonFile(example.body))]),
    ],
  };
}

/** The envelope's key of the data or the meta; empty where the data's members stand in the envelope itself. */
function keyOf({ declaration }: ContractModel, from: "data" | "meta"): string {
  return envelopeFields(declaration).find(([, field]) => "from" in field && field.from === from)?.[0] ?? "";
}

function factBlocks({ declaration }: ContractModel, { name, title, level, since }: EventType): readonly string[] {
  const answer = declaration.mode === "action" ? declaration.triggers[name]?.answer : undefined;
  const facts = [
    ...(title === null ? [] : [`**${title}.**`]),
    ...(level === null ? [] : [`Level ${level}.`]),
    ...(since === null ? [] : [`Since ${since}.`]),
    ...(answer === undefined ? [] : [triggerAnswerText(answer)]),
  ];
  return facts.length === 0 ? [] : [facts.join(" ")];
}

function docBlocks({ summary, details, deprecated }: Doc): readonly string[] {
  const warning = deprecated === null ? "" : `**Deprecated.** ${deprecated}`.trim();
  return [warning, summary, details].filter((block) => block !== "");
}

/** A table of an object's fields, then one for each variant of the unions in it. Names start at the event. */
function shapeBlocks(contract: ContractModel, shape: Shape, path: string): readonly string[] {
  if (shape.kind === "union") return unionBlocks(contract, shape, path);
  const { rows, unions } = fieldRows(contract, shape.fields, path);
  const fields =
    rows.length === 0 ? `${path === "" ? "The event" : code(path)} has no fields of its own.` : table(head, rows);
  const others =
    shape.open === true ? ["Others made it: it may have further members, which are sent as they are."] : [];
  return [fields, ...others, ...unions.flatMap((union) => unionBlocks(contract, union.shape, union.path))];
}

const head = ["Field", "Type", "May be", "Meaning"];

function unionBlocks(contract: ContractModel, shape: UnionShape, path: string): readonly string[] {
  const key = code(joined(path, shape.discriminator));
  const later = shape.open ? " Others are added over time." : "";
  const variants = shape.variants.flatMap(({ tag, shape: name }) => {
    const variant = shapeOf(contract, name);
    const meaning = variant.doc === null ? "" : ` – ${variant.doc.summary}`;
    return [`**${code(JSON.stringify(tag))}**${meaning}`, ...shapeBlocks(contract, variant, path)];
  });
  return [`${key} says which other fields there are.${later}`, ...variants];
}

interface FieldRows {
  readonly rows: readonly (readonly string[])[];
  readonly unions: readonly { readonly shape: UnionShape; readonly path: string }[];
}

function fieldRows(contract: ContractModel, fields: readonly Field[], path: string): FieldRows {
  const found = fields.map((field) => fieldRow(contract, field, joined(path, field.name)));
  return { rows: found.flatMap(({ rows }) => rows), unions: found.flatMap(({ unions }) => unions) };
}

function fieldRow(contract: ContractModel, field: Field, path: string): FieldRows {
  const row = [code(path), typeText(contract, field.type), stateText(field), meaningText(field.doc)];
  const inner = innerRows(contract, field.type, path);
  return { rows: [row, ...inner.rows], unions: inner.unions };
}

/** The fields of the objects that a value holds, `lines[].amount`. */
function innerRows(contract: ContractModel, type: Type, path: string): FieldRows {
  switch (type.kind) {
    case "array":
      return innerRows(contract, type.items.type, `${path}[]`);
    case "record":
      return innerRows(contract, type.values.type, `${path}.*`);
    case "shape": {
      const shape = shapeOf(contract, type.name);
      return shape.kind === "union" ? { rows: [], unions: [{ shape, path }] } : fieldRows(contract, shape.fields, path);
    }
    default:
      return { rows: [], unions: [] };
  }
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function stateText(field: Slot & { readonly optional: boolean }): string {
  return [...(field.nullable ? ["null"] : []), ...(field.optional ? ["absent"] : [])].join(" or ");
}

function meaningText(doc: Doc | null): string {
  return doc === null ? "" : docBlocks(doc).join(" ");
}
