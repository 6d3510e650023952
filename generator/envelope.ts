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
  | { readonly kind: "constant"; readonly value: string | number; readonly others?: "unknown" };

export function envelopeValue(field: EnvelopeField): EnvelopeValue {
  if ("constant" in field) {
    const { constant: value, others } = field;
    return { kind: "constant", value, ...(others === undefined ? {} : { others }) };
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

/** The header that carries this, or null. */
export function headerOf(declaration: Declaration, source: Declaration["headers"][string]): string | null {
  return Object.entries(declaration.headers).find(([, carried]) => carried === source)?.[0] ?? null;
}

/** The media type of a request's body; records that stand on lines of their own are no JSON text. */
export function contentTypeOf(declaration: Declaration): "application/json" | "application/x-ndjson" {
  const isLines = declaration.mode === "stream" && declaration.batch.body.kind === "lines";
  return isLines ? "application/x-ndjson" : "application/json";
}

/** The constants of the envelope with which an event is known; with another one all of it may have another form. */
export function knownWith(declaration: Declaration): readonly (readonly [key: string, value: string | number])[] {
  return envelopeFields(declaration).flatMap(([key, field]) =>
    "constant" in field && field.others === "unknown" ? [[key, field.constant] as const] : [],
  );
}

/** The JSON type of a constant that may have another value later. */
export function openConstantType(value: string | number): "string" | "integer" | "number" {
  return typeof value === "string" ? "string" : Number.isInteger(value) ? "integer" : "number";
}
