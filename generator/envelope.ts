import type { EnvelopeField } from "../catalog/contract.ts";
import type { ContractModel } from "./model.ts";

type Declaration = ContractModel["declaration"];

/** The envelope's fields in the order of the wire. */
export function envelopeFields(declaration: Declaration): readonly (readonly [key: string, field: EnvelopeField])[] {
  return Object.entries(declaration.envelope);
}

/** The envelope's key for the event's type or data. Throws when there is none, or more than one. */
export function envelopeKey(declaration: Declaration, from: "event.type" | "data"): string {
  const found = envelopeFields(declaration).filter(([, field]) => "from" in field && field.from === from);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only[0];
  throw new Error(
    `The contract "${declaration.id}": expected one field of the envelope from "${from}", got ${found.length}.`,
  );
}

/** How a value of the envelope looks in JSON. The data and the type differ by event, so they are told apart. */
export type EnvelopeValue =
  | { readonly kind: "type" | "data" | "members" | "meta" | "text" | "instant" | "integer" }
  /** `others`: an event with another value is one that is not known. */
  | { readonly kind: "constant"; readonly value: string | number | boolean; readonly others?: "unknown" };

export function envelopeValue(field: EnvelopeField): EnvelopeValue {
  if ("constant" in field) {
    const others = "others" in field ? field.others : undefined;
    return { kind: "constant", value: field.constant, ...(others === undefined ? {} : { others }) };
  }
  switch (field.from) {
    case "event.type":
      return { kind: "type" };
    case "data":
      return { kind: "data" };
    case "event.time":
      return { kind: field.format === "iso-8601-ms" ? "instant" : "integer" };
    case "data.members":
      return { kind: "members" };
    case "meta":
      return { kind: "meta" };
    case "event.id":
    case "endpoint.id":
    case "tenant":
      return { kind: "text" };
  }
}

/** The fields of the envelope that the body has. */
export function bodyFields(declaration: Declaration): ReturnType<typeof envelopeFields> {
  return envelopeFields(declaration).filter(([, field]) => field.header === undefined);
}

/** A field of the envelope that a header carries. */
export interface CarriedField {
  readonly header: string;
  readonly key: string;
  readonly field: EnvelopeField;
}

export function carriedFields(declaration: Declaration): readonly CarriedField[] {
  return envelopeFields(declaration).flatMap(([key, field]) =>
    field.header === undefined ? [] : [{ header: field.header, key, field }],
  );
}

/** The header that carries this, or null. */
export function headerOf(declaration: Declaration, source: Declaration["headers"][string]): string | null {
  const header = Object.entries(declaration.headers).find(([, carried]) => carried === source)?.[0];
  if (header !== undefined) return header;
  const isFrom = (field: EnvelopeField) => "from" in field && field.from === source;
  return carriedFields(declaration).find(({ field }) => isFrom(field))?.header ?? null;
}

/** The media type of a request's body; records that stand on lines of their own are no JSON text. */
export function contentTypeOf(declaration: Declaration): string {
  if (declaration.contentType !== undefined) return declaration.contentType;
  const isLines = declaration.mode === "stream" && declaration.batch.body.kind === "lines";
  return isLines ? "application/x-ndjson" : "application/json";
}

/** The constants of the envelope with which an event is known; with another one all of it may have another form. */
export function knownWith(declaration: Declaration): readonly (readonly [key: string, value: string | number])[] {
  return envelopeFields(declaration).flatMap(([key, field]) =>
    "others" in field && field.others === "unknown" ? [[key, field.constant] as const] : [],
  );
}

/** The JSON type of a constant that may have another value later. */
export function openConstantType(value: string | number | boolean): "string" | "integer" | "number" {
  return typeof value === "string" ? "string" : Number.isInteger(value) ? "integer" : "number";
}
