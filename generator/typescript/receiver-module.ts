import { hardLine } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { PushModel } from "../model.ts";
import { marker } from "../output.ts";
import { data, documented, importNames, interfaceOf, moduleOf, propertyKey } from "../typescript-syntax.ts";
import { typeAlias, typeName, unionOf } from "../typescript-types.ts";
import { envelopeStatement, eventStatement, unknownEventStatement } from "./event-types.ts";
import { receiverContract } from "../receiver-contract.ts";
import { receiverNames } from "./receiver-names.ts";
import type { ReceiverNames } from "./receiver-names.ts";
import { shapeStatements } from "./shape-types.ts";

/** A contract's module in the SDK: its types, what the core has to know of it, and its `Webhook`. */
export function receiverModule(contract: PushModel): Piece {
  const names = receiverNames(contract);
  const header = [
    `// ${marker}`,
    importNames("import type", ["ReceiverContract"], "../core/contract.ts"),
    importNames("import", ["defineWebhook"], "../core/webhook.ts"),
  ];
  return moduleOf(header, [
    ...contract.shapes.flatMap((shape) => shapeStatements(contract, shape)),
    envelopeStatement(contract),
    ...contract.events.map((event) => eventStatement(contract, event, names.eventOf(event))),
    unknownEventStatement(contract),
    eventMap(contract, names),
    note("Any event, also one of a type that was added later.", webhookEvent),
    note("What the core has to know to verify and read these events.", contractConstant(contract)),
    note(`The receiver of ${contract.declaration.title}.`, webhook),
  ]);
}

const webhookEvent = typeAlias(
  "WebhookEvent",
  unionOf([typeName("EventMap[keyof EventMap]"), typeName("UnknownEvent")]),
);

const webhook: Piece = [
  "export const Webhook = defineWebhook<EventMap, UnknownEvent>(contract);",
  hardLine,
  "export type Webhook = InstanceType<typeof Webhook>;",
];

function eventMap(contract: PushModel, names: ReceiverNames): Piece {
  const members = contract.events.map((event) => `${propertyKey(event.name)}: ${names.eventOf(event)};`);
  return note("The known events by type.", interfaceOf("EventMap", members));
}

function contractConstant(contract: PushModel): Piece {
  return ["export const contract: ReceiverContract = ", data(receiverContract(contract), 2).piece, ";"];
}

function note(summary: string, piece: Piece): Piece {
  return documented({ summary, details: "", deprecated: null }, piece);
}
