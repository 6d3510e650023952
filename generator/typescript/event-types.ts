import type { EnvelopeField } from "../../catalog/contract.ts";
import { envelopeFields, envelopeValue } from "../envelope.ts";
import type { EnvelopeValue } from "../envelope.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel, Doc, EventType } from "../model.ts";
import { carriedId } from "../receiver-contract.ts";
import type { CarriedId } from "../receiver-contract.ts";
import { documented, interfaceOf, propertyKey, quote } from "../typescript-syntax.ts";

/** What all events have beside their data. */
export function envelopeStatement(contract: ContractModel): Piece {
  const fields = fieldsOf(contract, (kind) => kind !== "data" && kind !== "members" && kind !== "meta");
  const carried = contract.declaration.mode === "stream" ? null : carriedId(contract);
  const id =
    carried === null ? [] : [documented(carriedDoc(carried), `${carried.as}${carried.isSigned ? "" : "?"}: string;`)];
  const members = [...id, ...fields.map(([key, field]) => documented(doc(field.doc), envelopeMember(key, field)))];
  return documented(
    doc("What every event has beside its data."),
    interfaceOf("Envelope<Type extends string>", members),
  );
}

function carriedDoc({ header }: CarriedId): Doc {
  return doc(`The event's id, from the header ${header}: the same on every attempt, so deduplicate on it.`);
}

export function eventStatement(contract: ContractModel, event: EventType, name: string): Piece {
  const isInside = fieldsOf(contract, (kind) => kind === "members").length > 0;
  const bases = [`Envelope<${quote(event.name)}>`, ...(isInside ? [event.data] : [])].join(", ");
  const members = partMembers(contract, { data: `: ${event.data}`, meta: event.meta && `: ${event.meta}` });
  return documented(eventDoc(event), interfaceOf(extending(name, bases, members.length === 0 ? " {}" : " {"), members));
}

/**
 * The type is a literal of its own and not `string`: with `string` in the union, TypeScript would no longer narrow the
 * known events by their type.
 */
export function unknownEventStatement(contract: ContractModel): Piece {
  const isInside = fieldsOf(contract, (kind) => kind === "members").length > 0;
  const beside = documented(doc("Whatever it says."), "[member: string]: unknown;");
  return documented(
    doc("An event of a type that was added after this was generated."),
    interfaceOf('UnknownEvent extends Envelope<"$unknown">', [
      documented(doc("The type that was sent."), "rawType: string;"),
      ...partMembers(contract, { data: ": unknown", meta: "?: unknown" }),
      ...(isInside ? [beside] : []),
    ]),
  );
}

/** Data and meta, in the order of the envelope; null where there is none. */
function partMembers(contract: ContractModel, types: Readonly<Record<"data" | "meta", string | null>>): Piece[] {
  return fieldsOf(contract, (kind) => kind === "data" || kind === "meta").flatMap(([key, field]) => {
    const type = types[envelopeValue(field).kind === "meta" ? "meta" : "data"];
    return type === null ? [] : [documented(doc(field.doc), `${propertyKey(key)}${type};`)];
  });
}

function fieldsOf({ declaration }: ContractModel, fits: (kind: EnvelopeValue["kind"]) => boolean) {
  return envelopeFields(declaration).filter(([, field]) => fits(envelopeValue(field).kind));
}

function extending(name: string, bases: string, opening: string): string {
  const isLong = `export interface ${name} extends ${bases}${opening}`.length > 120;
  return `${name}${isLong ? "\n  " : " "}extends ${bases}`;
}

const levels = ["debug", "info", "warning", "error", "critical"];

/** What people call the event stands before what happened, and how grave it is behind it. */
function eventDoc({ doc: said, title, level, since }: EventType): Doc {
  const facts = [
    ...(level === null ? [] : [`Level: ${levels[level] ?? level}.`]),
    ...(since === null ? [] : [`Since ${since}.`]),
  ].join(" ");
  const details = [said.details, facts].filter((text) => text !== "").join("\n\n");
  return { ...said, summary: title === null ? said.summary : `${title}: ${said.summary}`, details };
}

function envelopeMember(key: string, field: EnvelopeField): Piece {
  return `${propertyKey(key)}: ${envelopeTypeText(field)};`;
}

function envelopeTypeText(field: EnvelopeField): string {
  const value = envelopeValue(field);
  switch (value.kind) {
    case "type":
      return "Type";
    case "constant":
      return value.others === undefined ? JSON.stringify(value.value) : typeof value.value;
    case "integer":
      return "number";
    case "text":
    case "instant":
      return "string";
    case "data":
    case "members":
    case "meta":
      return "unknown";
  }
}

function doc(summary: string): Doc {
  return { summary, details: "", deprecated: null };
}
