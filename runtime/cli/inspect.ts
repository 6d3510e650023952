import { exampleEvents } from "../../generator/example-events.ts";
import { jsonFile } from "../../generator/json.ts";
import type { CatalogModel, ContractModel, EventType, Field, Type } from "../../generator/model.ts";
import { shapeOf } from "../../generator/model.ts";
import { typeText } from "../../generator/reference/type-text.ts";
import { nearNames } from "../near-names.ts";
import { readPresentCatalog, type CatalogPlace } from "./present-catalog.ts";

export interface InspectFlags extends CatalogPlace {
  readonly json?: true;
}

interface Found {
  readonly contract: ContractModel;
  readonly event: EventType;
}

/** Prints what is known of an event type, `deployment.created` or `stech/deployment.created`. Exit status 1: no such type. */
export async function runInspect(type: string, flags: InspectFlags): Promise<0 | 1> {
  const catalog = await readPresentCatalog(flags);
  const all = eventsOf(catalog);
  const found = all.filter(({ contract, event }) => [event.name, nameOf({ contract, event })].includes(type));
  if (found.length === 0) {
    const near = nearNames(type, [...new Set(all.flatMap((each) => [each.event.name, nameOf(each)]))]);
    const hint = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
    console.error(`error: there is no event type "${type}".${hint}`);
    return 1;
  }
  console.log(flags.json ? JSON.stringify(found.map(factsOf), null, 2) : found.map(textOf).join("\n\n"));
  return 0;
}

function eventsOf({ contracts }: CatalogModel): readonly Found[] {
  return contracts.flatMap((contract) => contract.events.map((event) => ({ contract, event })));
}

function nameOf({ contract, event }: Found): string {
  return `${contract.declaration.id}/${event.name}`;
}

function factsOf({ contract, event }: Found) {
  const { declaration, shapes } = contract;
  return {
    ...event,
    contract: { id: declaration.id, title: declaration.title, mode: declaration.mode },
    headers: headersOf(contract),
    fields: fieldRows(contract, { kind: "shape", name: event.data }, "data"),
    shapes: shapes.map(({ name }) => name),
    sent: exampleEvents(contract, event),
  };
}

function headersOf({ declaration }: ContractModel): Readonly<Record<string, string>> {
  return { "content-type": "application/json", "user-agent": declaration.userAgent, ...declaration.headers };
}

function textOf(found: Found): string {
  const { contract, event } = found;
  const { doc, span, title, level, since } = event;
  const facts = Object.entries({ title, level, since, deprecated: doc.deprecated }).filter(
    ([, value]) => value !== null,
  );
  const fields = fieldRows(contract, { kind: "shape", name: event.data }, "data");
  return [
    `${nameOf(found)}  ${contract.declaration.title}, mode ${contract.declaration.mode}`,
    `declared at ${span.file}:${span.line}:${span.column}`,
    ["", doc.summary, ...(doc.details === "" ? [] : ["", doc.details])].join("\n"),
    ...facts.map(([name, value]) => `${name}: ${value}`),
    `\nFields\n${columns(fields.map(({ path, type, state }) => [path, type, state]))}`,
    `\nHeaders\n${columns(Object.entries(headersOf(contract)))}`,
    ...exampleEvents(contract, event).map(({ name, event: sent }) => `\nExample: ${name}\n${indented(jsonFile(sent))}`),
  ].join("\n");
}

interface FieldRow {
  readonly path: string;
  readonly type: string;
  /** `required`, `optional`, `nullable` or `optional, nullable`. */
  readonly state: string;
}

/** A row for each field, also of the objects in it; of a union, of all its variants. */
function fieldRows(contract: ContractModel, type: Type, path: string): readonly FieldRow[] {
  switch (type.kind) {
    case "array":
      return fieldRows(contract, type.items.type, `${path}[]`);
    case "record":
      return fieldRows(contract, type.values.type, `${path}.*`);
    case "shape": {
      const shape = shapeOf(contract, type.name);
      if (shape.kind === "object")
        return shape.fields.flatMap((field) => fieldRow(contract, field, `${path}.${field.name}`));
      return shape.variants.flatMap(({ tag, shape: name }) =>
        fieldRows(contract, { kind: "shape", name }, `${path}<${tag}>`),
      );
    }
    default:
      return [];
  }
}

function fieldRow(contract: ContractModel, field: Field, path: string): readonly FieldRow[] {
  const states = [...(field.optional ? ["optional"] : []), ...(field.nullable ? ["nullable"] : [])];
  const state = states.length === 0 ? "required" : states.join(", ");
  const type = typeText(contract, field.type).replaceAll("`", "");
  return [{ path, type, state }, ...fieldRows(contract, field.type, path)];
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}`,
    )
    .join("\n");
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, "  ");
}
