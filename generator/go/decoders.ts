import { shapeOf } from "../model.ts";
import type { ContractModel, EventType, ObjectShape, Shape, Type, UnionShape } from "../model.ts";
import { dataKeyOf } from "../receiver-contract.ts";
import { knownWith } from "../envelope.ts";
import { envelopeMembers, envelopeType } from "./events.ts";
import { envelopeNames, eventName, fieldName, goName, isEmbedded, restField, unknownVariant } from "./names.ts";
import { documented, indented, note, quote } from "./source.ts";
import type { Lines } from "./source.ts";
import { decoderName, fieldType } from "./types.ts";

/** The functions that read events and what they are made of. */
export function decoderDeclarations(contract: ContractModel): readonly Lines[] {
  const received = receivedShapes(contract);
  const shapes = contract.shapes.filter((shape) => received.has(shape.name));
  return [eventDecoder(contract), ...shapes.map((shape) => shapeDecoder(contract, shape))];
}

function eventDecoder(contract: ContractModel): Lines {
  const members = envelopeMembers(contract);
  const typeKey = members.find(({ value }) => value.kind === "type")?.key ?? "type";
  const typeField = envelopeNames(contract).get(typeKey) ?? typeKey;
  const envelope = members.flatMap(({ key, name, value }) => {
    const type = value.kind === "type" ? null : envelopeType(value);
    return type === null ? [] : [`envelope.${name} = decode.Required(d, o, ${quote(key)}, ${type.reader})`];
  });
  return documented(note("decodeEvent checks the type first, then the envelope, then what the type says."), [
    "func decodeEvent(d *decode.Decoder, v decode.Value) Event {",
    ...indented([
      "o := d.Event(v)",
      "envelope := Envelope{Raw: v.Raw()}",
      `envelope.${typeField} = d.Type(o, ${quote(typeKey)})`,
      ...envelope,
      ...otherForm(contract, typeField),
      `switch envelope.${typeField} {`,
      ...contract.events.flatMap((event) => [`case ${quote(event.name)}:`, ...indented(eventCase(contract, event))]),
      "}",
      ...unknownEvent(contract, typeField),
    ]),
    "}",
  ]);
}

/** With another constant in its envelope an event may have another form, and is an unknown one. */
function otherForm(contract: ContractModel, typeField: string): Lines {
  const names = envelopeNames(contract);
  const conditions = knownWith(contract.declaration).map(([key, value]) => {
    return `envelope.${names.get(key)} != ${typeof value === "string" ? quote(value) : value}`;
  });
  if (conditions.length === 0) return [];
  return [`if ${conditions.join(" || ")} {`, ...indented(unknownEvent(contract, typeField)), "}"];
}

function eventCase(contract: ContractModel, event: EventType): Lines {
  const dataKey = dataKeyOf(contract);
  const metaKey = envelopeMembers(contract).find(({ value }) => value.kind === "meta")?.key;
  const names = envelopeNames(contract);
  const data =
    dataKey === null
      ? `event.${goName(event.data)} = ${decoderName(event.data)}(d, v)`
      : `event.${names.get(dataKey)} = decode.Required(d, o, ${quote(dataKey)}, ${decoderName(event.data)})`;
  const meta =
    event.meta === null || metaKey === undefined
      ? []
      : [`event.${names.get(metaKey)} = decode.Required(d, o, ${quote(metaKey)}, ${decoderName(event.meta)})`];
  return [`event := &${eventName(event)}{Envelope: envelope}`, data, ...meta, "return event"];
}

function unknownEvent(contract: ContractModel, typeField: string): Lines {
  const dataKey = dataKeyOf(contract);
  const rawType = `RawType: envelope.${typeField}`;
  if (dataKey === null) return [`return &UnknownEvent{Envelope: envelope, ${rawType}}`];
  return [
    `event := &UnknownEvent{Envelope: envelope, ${rawType}}`,
    `event.${envelopeNames(contract).get(dataKey)} = decode.OptionalOrZero(d, o, ${quote(dataKey)}, decode.Any)`,
    "return event",
  ];
}

function shapeDecoder(contract: ContractModel, shape: Shape): Lines {
  const head = `func ${decoderName(shape.name)}(d *decode.Decoder, v decode.Value) ${goName(shape.name)} {`;
  const body = shape.kind === "object" ? objectBody(contract, shape) : unionBody(shape);
  return [head, ...indented(body), "}"];
}

function objectBody(contract: ContractModel, shape: ObjectShape): Lines {
  const name = goName(shape.name);
  if (shape.fields.length === 0 && shape.open !== true) return ["d.Object(v)", `return ${name}{}`];
  const fields = shape.fields.map((field) => {
    return `s.${fieldName(field)} = ${fieldType({ contract, shape, field }).read}`;
  });
  const rest = shape.open === true ? [`s.${restField} = decode.Rest(o, ${namedMembers(contract, shape)})`] : [];
  return ["o := d.Object(v)", `var s ${name}`, ...fields, ...rest, "return s"];
}

/** The members that fields have, those of the envelope too where the object stands in it. */
function namedMembers(contract: ContractModel, shape: ObjectShape): string {
  const envelope = isEmbedded(contract, shape) ? envelopeNames(contract).keys() : [];
  return [...envelope, ...shape.fields.map(({ name }) => name)].map(quote).join(", ");
}

function unionBody(union: UnionShape): Lines {
  const key = quote(union.discriminator);
  const cases = union.variants.flatMap(({ tag, shape }) => [
    `case ${quote(tag)}:`,
    `\treturn decode.Pointer(${decoderName(shape)})(d, v)`,
  ]);
  const tags = union.variants.map(({ tag }) => JSON.stringify(tag)).join(" or ");
  const later = union.open
    ? [`return &${unknownVariant(union)}{RawKind: tag, Raw: v.Raw()}`]
    : [`d.WrongTag(o, ${key}, ${quote(tags)})`, "return nil"];
  return ["o := d.Object(v)", `tag := d.Tag(o, ${key})`, "switch tag {", ...cases, "}", ...later];
}

/** The shapes that events are made of; a verdict's own are only written. */
function receivedShapes(contract: ContractModel): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const shape = shapeOf(contract, name);
    if (shape.kind === "union") for (const variant of shape.variants) visit(variant.shape);
    else for (const field of shape.fields) visitType(field.type, visit);
  };
  for (const event of contract.events) {
    visit(event.data);
    if (event.meta !== null) visit(event.meta);
  }
  return found;
}

function visitType(type: Type, visit: (shape: string) => void): void {
  if (type.kind === "shape") visit(type.name);
  else if (type.kind === "array") visitType(type.items.type, visit);
  else if (type.kind === "record") visitType(type.values.type, visit);
  else if (type.kind === "tuple") for (const item of type.items) visitType(item.type, visit);
}
