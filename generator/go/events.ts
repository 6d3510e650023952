import { envelopeFields, envelopeValue, headerOf, openConstantType } from "../envelope.ts";
import type { EnvelopeValue } from "../envelope.ts";
import type { ContractModel, EventType } from "../model.ts";
import { envelopeNames, eventName, goName } from "./names.ts";
import { documented, note, structOf } from "./source.ts";
import type { Lines, StructField } from "./source.ts";
import { constantType } from "./types.ts";
import type { GoType } from "./types.ts";

/** The sealed interface, the envelope, a struct for each event type, and the one for later types. */
export function eventDeclarations(contract: ContractModel): readonly Lines[] {
  return [
    sealedInterface(contract),
    ...envelopeDeclarations(contract),
    ...contract.events.flatMap((event) => eventStruct(contract, event)),
    ...unknownEvent(contract),
  ];
}

export interface EnvelopeMember {
  readonly key: string;
  /** The field of its struct. */
  readonly name: string;
  readonly doc: string;
  readonly value: EnvelopeValue;
}

/** What the envelope has, with the type of it in Go; null for what differs by event. */
export function envelopeMembers(contract: ContractModel): readonly EnvelopeMember[] {
  const names = envelopeNames(contract);
  return envelopeFields(contract.declaration).map(([key, field]) => {
    return { key, name: names.get(key) ?? key, doc: field.doc, value: envelopeValue(field) };
  });
}

export function envelopeType(value: EnvelopeValue): GoType | null {
  switch (value.kind) {
    case "type":
    case "text":
      return { text: "string", reader: "decode.Text[string]", nilable: false };
    case "instant":
      return { text: "webhook.Timestamp", reader: "decode.Text[webhook.Timestamp]", nilable: false };
    case "integer":
      return { text: "int64", reader: "decode.Integer", nilable: false };
    case "constant":
      return value.others === undefined ? constantType(value.value) : openConstants[openConstantType(value.value)];
    case "data":
    case "members":
    case "meta":
      return null;
  }
}

const openConstants = {
  string: { text: "string", reader: "decode.Text[string]", nilable: false },
  integer: { text: "int64", reader: "decode.Integer", nilable: false },
  number: { text: "float64", reader: "decode.Number[float64]", nilable: false },
} as const;

/** The header that carries the event's id where the envelope does not. */
export function eventIdHeader({ declaration }: ContractModel): string | null {
  return eventIdKey(declaration) === null ? headerOf(declaration, "event.id") : null;
}

function eventIdKey(declaration: ContractModel["declaration"]): string | null {
  const found = envelopeFields(declaration).find(([, field]) => "from" in field && field.from === "event.id");
  return found?.[0] ?? null;
}

function sealedInterface({ declaration }: ContractModel): Lines {
  const summary = `Event is any event of ${declaration.title}: a pointer to a type of this package, *UnknownEvent among them.`;
  return documented(note(summary), [
    "type Event interface {",
    "\t// EventType is the type as it was sent.",
    "\tEventType() string",
    "\t// EventID is the same on every attempt: deduplicate on it. Empty: it was not sent.",
    "\tEventID() string",
    "\t// Header is what every event has beside its data.",
    "\tHeader() *Envelope",
    "\tisEvent()",
    "}",
  ]);
}

function envelopeDeclarations(contract: ContractModel): readonly Lines[] {
  const members = envelopeMembers(contract).flatMap(({ key, name, doc, value }): readonly StructField[] => {
    const type = envelopeType(value);
    return type === null ? [] : [{ doc: note(doc), name, type: type.text, tag: `json:"${key}"` }];
  });
  const raw = { doc: note("Raw is the event as it was sent."), name: "Raw", type: "json.RawMessage", tag: 'json:"-"' };
  const carried = { doc: note("From the headers."), name: "eventID", type: "string", tag: null };
  const fields = [...members, raw, ...(eventIdHeader(contract) === null ? [] : [carried])];
  return [
    documented(note("Envelope is what every event has beside its data."), structOf("Envelope", fields)),
    ...envelopeMethods(contract),
  ];
}

function envelopeMethods(contract: ContractModel): readonly Lines[] {
  const type = envelopeMembers(contract).find(({ value }) => value.kind === "type")?.name ?? "Type";
  const key = eventIdKey(contract.declaration);
  const id =
    key === null ? (eventIdHeader(contract) === null ? '""' : "e.eventID") : `e.${envelopeNames(contract).get(key)}`;
  return [
    documented(note("EventType is the type as it was sent."), [
      `func (e *Envelope) EventType() string { return e.${type} }`,
    ]),
    documented(note("EventID is the same on every attempt."), [`func (e *Envelope) EventID() string { return ${id} }`]),
    documented(note("Header gives the envelope."), ["func (e *Envelope) Header() *Envelope { return e }"]),
  ];
}

function eventStruct(contract: ContractModel, event: EventType): readonly Lines[] {
  const name = eventName(event);
  const called = event.title === null ? "" : ` (${event.title})`;
  const details = [event.doc.summary, event.doc.details].filter((text) => text !== "").join("\n\n");
  const doc = { ...event.doc, summary: `${name} is the event "${event.name}"${called}.`, details };
  const fields = envelopeMembers(contract).flatMap((member) => contentField(member, event));
  return [
    documented(doc, structOf(name, [{ doc: null, name: null, type: "Envelope", tag: null }, ...fields])),
    [`func (*${name}) isEvent() {}`],
  ];
}

/** Data and meta of an event; data whose members stand in the envelope is embedded. */
function contentField({ key, name, doc, value }: EnvelopeMember, event: EventType): readonly StructField[] {
  const tag = `json:"${key}"`;
  if (value.kind === "data") return [{ doc: note(doc), name, type: goName(event.data), tag }];
  if (value.kind === "members") return [{ doc: null, name: null, type: goName(event.data), tag: null }];
  if (value.kind !== "meta" || event.meta === null) return [];
  return [{ doc: note(doc), name, type: goName(event.meta), tag }];
}

function unknownEvent(contract: ContractModel): readonly Lines[] {
  const data = envelopeMembers(contract).filter(({ value }) => value.kind === "data");
  const fields: readonly StructField[] = [
    { doc: null, name: null, type: "Envelope", tag: null },
    { doc: note("RawType is the type that was sent."), name: "RawType", type: "string", tag: 'json:"-"' },
    ...data.map(({ key, name, doc }) => {
      return { doc: note(doc), name, type: "json.RawMessage", tag: `json:"${key},omitempty"` };
    }),
  ];
  const summary = "UnknownEvent is an event of a type that was added after this was generated.";
  return [documented(note(summary), structOf("UnknownEvent", fields)), ["func (*UnknownEvent) isEvent() {}"]];
}
