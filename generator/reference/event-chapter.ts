import { exampleEvents } from "../example-events.ts";
import { jsonFile } from "../json.ts";
import { shapeOf } from "../model.ts";
import type { ContractModel, Doc, EventType, Field, Shape, Slot, Type, UnionShape } from "../model.ts";
import { code, codeBlock, table } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";
import { typeText } from "./type-text.ts";

export function eventChapter(contract: ContractModel, event: EventType): Chapter {
  const data = shapeOf(contract, event.data);
  const examples = exampleEvents(contract, event);
  // One shows an object; the kinds of a union each look different.
  const shown = data.kind === "union" ? examples : examples.slice(0, 1);
  return {
    level: 3,
    title: code(event.name),
    blocks: [
      ...docBlocks(event.doc),
      ...shapeBlocks(contract, data, "data"),
      ...shown.flatMap((example) => [`Example: ${example.name}.`, codeBlock("json", jsonFile(example.event))]),
    ],
  };
}

function docBlocks({ summary, details, deprecated }: Doc): readonly string[] {
  const warning = deprecated === null ? "" : `**Deprecated.** ${deprecated}`.trim();
  return [warning, summary, details].filter((block) => block !== "");
}

/** A table of an object's fields, then one for each variant of the unions in it. Names start at the event's data. */
function shapeBlocks(contract: ContractModel, shape: Shape, path: string): readonly string[] {
  if (shape.kind === "union") return unionBlocks(contract, shape, path);
  const { rows, unions } = fieldRows(contract, shape.fields, path);
  const fields = rows.length === 0 ? `${code(path)} is an object without fields.` : table(head, rows);
  return [fields, ...unions.flatMap((union) => unionBlocks(contract, union.shape, union.path))];
}

const head = ["Field", "Type", "May be", "Meaning"];

function unionBlocks(contract: ContractModel, shape: UnionShape, path: string): readonly string[] {
  const key = code(`${path}.${shape.discriminator}`);
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
  const found = fields.map((field) => fieldRow(contract, field, `${path}.${field.name}`));
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

function stateText(field: Slot & { readonly optional: boolean }): string {
  return [...(field.nullable ? ["null"] : []), ...(field.optional ? ["absent"] : [])].join(" or ");
}

function meaningText(doc: Doc | null): string {
  return doc === null ? "" : docBlocks(doc).join(" ");
}
