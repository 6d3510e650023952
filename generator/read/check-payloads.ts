/** What the event types of a contract say, against the envelope that has to carry it. */
import type { Shape } from "../model.ts";
import type { EventEntry } from "./events.ts";
import { textAt, valueAt } from "./evaluated.ts";
import type { EvaluatedObject } from "./evaluated.ts";
import type { Report } from "./report.ts";

export interface Payloads {
  readonly entries: readonly EventEntry[];
  readonly shapes: ReadonlyMap<string, Shape>;
}

export function checkPayloads(declaration: EvaluatedObject, payloads: Payloads, report: Report): void {
  const envelope = valueAt(declaration, "envelope");
  if (envelope?.kind !== "object" || [...envelope.entries.values()].some(({ value }) => value.kind === "invalid"))
    return;
  const sources = new Set([...envelope.entries.values()].map(({ value }) => textAt(value, "from")));
  if (!sources.has("meta")) reportMetas(payloads, report);
  if (sources.has("data.members")) reportHidden(envelope, payloads, report);
}

function reportMetas({ entries }: Payloads, report: Report): void {
  for (const { name, node, meta } of entries)
    if (typeof meta === "string")
      report({ code: "HW064", at: node, message: `${name} has a meta, and no field of the envelope is from meta` });
}

/** The key of the field from `data.members` is not sent, so a member may have it. */
function reportHidden(envelope: EvaluatedObject, { entries, shapes }: Payloads, report: Report): void {
  const sent = [...envelope.entries].filter(([, { value }]) => textAt(value, "from") !== "data.members");
  const keys = new Set(sent.map(([key]) => key));
  for (const { name, data, node } of entries) {
    const hidden = fieldsOf(data, shapes).filter((field) => keys.has(field.name));
    for (const field of hidden) {
      const message = `${name}.data.${field.name}: the envelope has a field ${field.name} of its own`;
      report({ code: "HW065", at: field.span, message });
    }
    const isUnion = data !== null && shapes.get(data)?.kind === "union";
    const message = `${name}.data: its members stand in the envelope, so it has to be one object type`;
    if (isUnion && hidden.length === 0) report({ code: "HW043", at: node, message });
  }
}

function fieldsOf(name: string | null, shapes: ReadonlyMap<string, Shape>) {
  const shape = name === null ? undefined : shapes.get(name);
  if (shape === undefined) return [];
  const objects = shape.kind === "object" ? [shape] : shape.variants.map((variant) => shapes.get(variant.shape));
  return objects.flatMap((object) => (object?.kind === "object" ? object.fields : []));
}
