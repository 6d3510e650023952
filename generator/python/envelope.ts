import { envelopeFields, envelopeValue, openConstantType } from "../envelope.ts";
import type { EnvelopeValue } from "../envelope.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel, Doc, EventType } from "../model.ts";
import { once } from "../once.ts";
import { dataKeyOf } from "../receiver-contract.ts";
import { quote } from "../typescript-syntax.ts";
import type { Attribute } from "./class-body.ts";
import { envelopeNames } from "./python-names.ts";
import { call, data, summary } from "./python-syntax.ts";
import { constantText, scalarText } from "./type-text.ts";

/** A field of the envelope as an attribute of its events' classes. */
export interface EnvelopeAttribute extends Attribute {
  readonly wire: string;
  readonly kind: EnvelopeValue["kind"];
  /** The entry of FIELDS; the type has none, since it decides which class it is. */
  readonly field: Piece;
}

export interface EnvelopeAttributes {
  /** What every event has, in the order of the wire. */
  readonly common: readonly EnvelopeAttribute[];
  readonly type: EnvelopeAttribute;
  /** The attribute that carries the event's id; null when the contract sends none. */
  readonly id: string | null;
  /** The attribute of the data: the name of its key, or `data` where its members stand in the envelope itself. */
  readonly data: { readonly name: string; readonly doc: Doc };
  /** The attribute of what some types say beside their data. */
  readonly meta: { readonly name: string; readonly wire: string; readonly doc: Doc } | null;
}

export const envelopeAttributes = once((contract: ContractModel): EnvelopeAttributes => {
  const { declaration } = contract;
  const dataKey = dataKeyOf(contract);
  const fields = envelopeFields(declaration);
  const wires = fields.map(([key, field]) => (envelopeValue(field).kind === "members" ? "data" : key));
  const names = envelopeNames(wires);
  const nameOf = (wire: string) => names.get(wire) ?? wire;
  const common = fields.flatMap(([key, field]) => {
    const value = envelopeValue(field);
    if (value.kind === "data" || value.kind === "members" || value.kind === "meta") return [];
    return [
      {
        ...attribute(nameOf(key), value),
        wire: key,
        kind: value.kind,
        doc: summary(field.doc),
        field: entry(key, nameOf(key), value),
      },
    ];
  });
  const type = common.find(({ kind }) => kind === "type");
  if (type === undefined) throw new Error(`The contract "${declaration.id}" does not send the event's type.`);
  const id = fields.find(([, field]) => "from" in field && field.from === "event.id");
  const meta = fields.find(([, field]) => envelopeValue(field).kind === "meta");
  const dataDoc = fields.find(([, field]) => ["data", "members"].includes(envelopeValue(field).kind))?.[1].doc ?? "";
  return {
    common,
    type,
    id: id === undefined ? null : nameOf(id[0]),
    data: { name: nameOf(dataKey ?? "data"), doc: summary(dataDoc) },
    meta: meta === undefined ? null : { name: nameOf(meta[0]), wire: meta[0], doc: summary(meta[1].doc) },
  };
});

function attribute(name: string, value: EnvelopeValue): Pick<Attribute, "name" | "annotation" | "fallback"> {
  if (value.kind === "constant") {
    const annotation = value.others === undefined ? constantText(value.value) : kinds[openConstantType(value.value)];
    return { name, annotation, fallback: scalarText(value.value) };
  }
  return { name, annotation: value.kind === "integer" ? "int" : "str", fallback: null };
}

const kinds = { string: "str", integer: "int", number: "float" };

function entry(wire: string, name: string, value: EnvelopeValue): Piece {
  const kind = value.kind === "integer" ? quote("integer") : quote("string");
  const type = value.kind === "constant" ? constantField(value) : kind;
  return call("_model.Field", [quote(wire), quote(name), type]);
}

function constantField({ value, others }: Extract<EnvelopeValue, { kind: "constant" }>): Piece {
  return others === undefined ? call("_model.Constant", [data(value)]) : quote(openConstantType(value));
}

/** The attributes of an event beside those that all have: its data, and its meta if it has one. */
export function ownAttributes(contract: ContractModel, event: EventType): readonly Attribute[] {
  const { data: carried, meta } = envelopeAttributes(contract);
  const own = { ...carried, annotation: `_models.${event.data}`, fallback: null };
  if (event.meta === null || meta === null) return [own];
  return [own, { name: meta.name, doc: meta.doc, annotation: `_models.${event.meta}`, fallback: null }];
}
