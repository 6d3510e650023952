import type { EnvelopeField } from "../../catalog/contract.ts";
import { envelopeFields, envelopeKey, envelopeValue } from "../envelope.ts";
import type { EnvelopeValue } from "../envelope.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel, Doc, EventType } from "../model.ts";
import { documented, interfaceOf, propertyKey, quote } from "../typescript-syntax.ts";

/** What all events have beside their data. */
export function envelopeStatement(contract: ContractModel): Piece {
  const fields = envelopeFields(contract.declaration).filter(([, field]) => isOfEveryEvent(envelopeValue(field).kind));
  const members = fields.map(([key, field]) => documented(doc(field.doc), envelopeMember(key, field)));
  return documented(
    doc("What every event has beside its data."),
    interfaceOf("Envelope<Type extends string>", members),
  );
}

function isOfEveryEvent(kind: EnvelopeValue["kind"]): boolean {
  return kind !== "data" && kind !== "meta";
}

export function eventStatement(contract: ContractModel, event: EventType, name: string): Piece {
  const key = propertyKey(envelopeKey(contract.declaration, "data"));
  const data = documented(dataDoc(contract), `${key}: ${event.data};`);
  const members = [data, ...metaMembers(contract, event)];
  return documented(event.doc, interfaceOf(`${name} extends Envelope<${quote(event.name)}>`, members));
}

function metaMembers(contract: ContractModel, event: EventType): readonly Piece[] {
  if (event.meta === null) return [];
  return envelopeFields(contract.declaration)
    .filter(([, field]) => envelopeValue(field).kind === "meta")
    .map(([key, field]) => documented(doc(field.doc), `${propertyKey(key)}: ${event.meta};`));
}

/**
 * The type is a literal of its own and not `string`: with `string` in the union, TypeScript would no longer narrow the
 * known events by their type.
 */
export function unknownEventStatement(contract: ContractModel): Piece {
  const key = propertyKey(envelopeKey(contract.declaration, "data"));
  return documented(
    doc("An event of a type that was added after this was generated."),
    interfaceOf('UnknownEvent extends Envelope<"$unknown">', [
      documented(doc("The type that was sent."), "rawType: string;"),
      documented(dataDoc(contract), `${key}: unknown;`),
    ]),
  );
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
      return JSON.stringify(value.value);
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

function dataDoc({ declaration }: ContractModel): Doc {
  return doc(declaration.envelope[envelopeKey(declaration, "data")]?.doc ?? "");
}

function doc(summary: string): Doc {
  return { summary, details: "", deprecated: null };
}
