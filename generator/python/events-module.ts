import { hardLine } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel, EventType } from "../model.ts";
import { carriedId, dataKeyOf } from "../receiver-contract.ts";
import { knownWith } from "../envelope.ts";
import { quote } from "../typescript-syntax.ts";
import { annotations, assignment, constructor, fieldsTuple, slots } from "./class-body.ts";
import type { Attribute } from "./class-body.ts";
import { envelopeAttributes, ownAttributes } from "./envelope.ts";
import { modelsPackage, unionNames } from "./models-module.ts";
import { eventName } from "./python-names.ts";
import { blockCall, call, classOf, docstring, joinLines, lined, method, moduleOf, summary } from "./python-syntax.ts";
import { scalarText, variantsName } from "./type-text.ts";
import { answerBases, baseOf, unknownBase } from "./verdict-methods.ts";

/** The classes of a contract's events, and the table by which the core finds them. */
export function eventsModule(contract: ContractModel): Piece {
  return moduleOf({
    doc: `The events of ${contract.declaration.title}.`,
    imports: [
      "from __future__ import annotations",
      "",
      "from typing import Any, ClassVar, Literal, Union",
      "",
      "from hookwright_webhooks._core import decode as _decode",
      "from hookwright_webhooks._core import model as _model",
      // The contract's own package is a section of its own, another's stands with the core.
      ...(contract.sameTypesAs === undefined ? [""] : []),
      `from ${modelsPackage(contract)} import models as _models`,
    ],
    statements: [
      baseClass(contract),
      ...answerBases(contract),
      ...contract.events.map((event) => eventClass(contract, event, eventName(event))),
      unknownClass(contract),
      webhookEvent(contract),
      typesTable(contract),
    ],
  });
}

function baseClass(contract: ContractModel): Piece {
  const { common, type, id } = envelopeAttributes(contract);
  const fields = common.filter((attribute) => attribute !== type).map((attribute) => attribute.field);
  return classOf("Event(_model.Event)", [
    docstring(summary("What every event has beside its data.")) ?? "",
    joinLines([
      `TYPE_ATTRIBUTE = ${quote(type.name)}`,
      ...(id === null ? [] : [`ID_ATTRIBUTE = ${quote(id)}`]),
      slots(common),
      fieldsTuple(fields, "base"),
    ]),
    annotations(common),
    constructor([...common, raw], [...common.map(assignment), "self.raw = raw"]),
    ...(id === null && carriedId(contract) !== null && !common.some(({ name }) => name === "id") ? [idProperty] : []),
  ]);
}

const idProperty: Piece = [
  "@property",
  hardLine,
  method({
    name: "id",
    parameters: [],
    returns: "str",
    body: [
      '"""The event\'s id, which a header carried. Raises LookupError where the event did not come out of `verify`."""',
      "return self.dedupe_key",
    ],
  }),
];

const raw: Attribute = { name: "raw", annotation: "bytes", fallback: 'b""', doc: null };

function eventClass(contract: ContractModel, event: EventType, name: string): Piece {
  const attributes = ownAttributes(contract, event);
  return classOf(`${name}(${baseOf(contract, event)})`, [
    docstring(event.doc) ?? "",
    joinLines([
      `TYPE: ClassVar[Literal[${quote(event.name)}]] = ${quote(event.name)}`,
      slots(attributes),
      fieldsTuple(["*Event.FIELDS", ...ownFields(contract, event)]),
    ]),
    annotations(attributes),
    eventConstructor(contract, attributes, "self.TYPE"),
  ]);
}

function ownFields(contract: ContractModel, event: EventType): readonly Piece[] {
  const { data, meta } = envelopeAttributes(contract);
  const unions = unionNames(contract);
  const classOfShape = (shape: string) => `_models.${unions.has(shape) ? variantsName(shape) : shape}`;
  const dataKey = dataKeyOf(contract);
  const carried =
    dataKey === null
      ? call("_model.Field", [quote(""), quote(data.name), call("_model.Members", [classOfShape(event.data)])])
      : call("_model.Field", [quote(dataKey), quote(data.name), classOfShape(event.data)]);
  if (event.meta === null || meta === null) return [carried];
  return [carried, call("_model.Field", [quote(meta.wire), quote(meta.name), classOfShape(event.meta)])];
}

/** Hands what every event has to the base class, and keeps the rest. */
function eventConstructor(contract: ContractModel, own: readonly Attribute[], typeName: string): Piece {
  const { common, type } = envelopeAttributes(contract);
  const given = typeName === type.name ? common : common.filter((attribute) => attribute !== type);
  const handed = common.map((attribute) =>
    attribute === type ? `${type.name}=${typeName}` : `${attribute.name}=${attribute.name}`,
  );
  return constructor(
    [...given, ...own, raw],
    [blockCall("super().__init__", [...handed, "raw=raw"]), ...own.map(assignment)],
  );
}

function unknownClass(contract: ContractModel): Piece {
  const { data, type } = envelopeAttributes(contract);
  const own = [{ ...data, annotation: "Any", fallback: null }];
  const said = `An event of a type that was added after this was generated; \`${type.name}\` is the type that was sent.`;
  return classOf(`UnknownEvent(${unknownBase(contract)})`, [
    docstring(summary(said)) ?? "",
    joinLines([
      slots(own),
      fieldsTuple([
        "*Event.FIELDS",
        call("_model.Field", [quote(dataKeyOf(contract) ?? ""), quote(data.name), quote("unknown")]),
      ]),
    ]),
    annotations(own),
    eventConstructor(contract, own, type.name),
  ]);
}

function webhookEvent(contract: ContractModel): Piece {
  const members = [...contract.events.map(eventName), "UnknownEvent"];
  const said = docstring(summary("Any event, also one of a type that was added later."));
  return joinLines([["WebhookEvent = Union", lined("[", members, "]")], said ?? ""]);
}

function typesTable(contract: ContractModel): Piece {
  const dataKey = dataKeyOf(contract);
  const known = contract.events.map((event): Piece => [`${quote(event.name)}: `, eventName(event)]);
  return [
    "TYPES = ",
    blockCall("_decode.EventTypes", [
      `type_key=${quote(envelopeAttributes(contract).type.wire)}`,
      `data_key=${dataKey === null ? "None" : quote(dataKey)}`,
      `data_attribute=${quote(envelopeAttributes(contract).data.name)}`,
      "envelope=Event.FIELDS",
      ["known=", lined("{", known, "}")],
      "unknown=UnknownEvent",
      ...knownWithPiece(contract),
    ]),
  ];
}

/** Of an envelope whose constants may be others later: with those an event is unknown. */
function knownWithPiece({ declaration }: ContractModel): readonly Piece[] {
  const constants = knownWith(declaration).map(([key, value]): Piece => [`${quote(key)}: ${scalarText(value)}`]);
  return constants.length === 0 ? [] : [["known_with=", lined("{", constants, "}")]];
}
