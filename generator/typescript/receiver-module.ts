import { hardLine } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel } from "../model.ts";
import { marker } from "../output.ts";
import { carriedId, receiverContract } from "../receiver-contract.ts";
import {
  blockObject,
  constants,
  documented,
  importNames,
  interfaceOf,
  moduleOf,
  namesIn,
  propertyKey,
  quote,
  raw,
} from "../typescript-syntax.ts";
import { typeAlias, typeName, unionOf } from "../typescript-types.ts";
import { envelopeStatement, eventStatement, unknownEventStatement } from "./event-types.ts";
import { eventName, inTypeScript } from "./receiver-names.ts";
import { shapeNames, shapeStatements } from "./shape-types.ts";
import { verdictStatements } from "./verdict-types.ts";

/** A contract's module in the SDK: its types, what the core has to know of it, and its `Webhook`. */
export function receiverModule(read: ContractModel): Piece {
  const contract = inTypeScript(read);
  return moduleOf(moduleHeader(contract), [
    ...(contract.sameTypesAs === undefined
      ? contract.shapes.flatMap((shape) => shapeStatements(contract, shape))
      : [["export type ", namesIn(shapeNames(contract)), ";"]]),
    envelopeStatement(contract),
    ...contract.events.map((event) => eventStatement(contract, event, eventName(event))),
    unknownEventStatement(contract),
    eventMap(contract),
    note("Any event, also one of a type that was added later.", webhookEvent),
    ...verdictStatements(contract),
    note("What the core has to know to verify and read these events.", contractConstant(contract)),
    note(`The receiver of ${contract.declaration.title}.`, webhookStatement(contract)),
  ]);
}

/** What the core has for each mode, and where. */
const cores = {
  push: { define: "defineWebhook", file: "../core/webhook.ts" },
  stream: { define: "defineStream", file: "../core/stream.ts" },
  action: { define: "defineAction", file: "../core/action.ts" },
} as const;

function moduleHeader(contract: ContractModel): readonly Piece[] {
  const { declaration } = contract;
  const { define, file } = cores[declaration.mode];
  const isAction = declaration.mode === "action";
  const isSigned = declaration.signature !== null;
  return [
    `// ${marker}`,
    ...(isAction ? [importNames("import type", ["Allow", "Deny", "Override"], file)] : []),
    ...(isSigned ? [] : [importNames("import type", ["Authorization"], "../core/authorization.ts")]),
    importNames("import type", ["ReceiverContract"], "../core/contract.ts"),
    ...(isSigned && hasCarriedId(contract) ? [importNames("import type", ["Secrets"], "../core/receiver.ts")] : []),
    importNames("import", isAction ? [define, "verdicts"] : [define], file),
    ...sharedImports(contract),
  ];
}

function hasCarriedId(contract: ContractModel): boolean {
  return contract.declaration.mode !== "stream" && carriedId(contract) !== null;
}

const webhookEvent = typeAlias(
  "WebhookEvent",
  unionOf([typeName("EventMap[keyof EventMap]"), typeName("UnknownEvent")]),
);

function webhookStatement(contract: ContractModel): Piece {
  const { declaration } = contract;
  const carried = declaration.mode === "stream" ? null : carriedId(contract);
  const verdicts = declaration.mode === "action" ? ["VerdictMap"] : [];
  const credentials = declaration.signature === null ? ["Authorization"] : carried === null ? [] : ["Secrets"];
  const idKey = carried === null ? [] : [quote(carried.as)];
  const types = ["EventMap", ...verdicts, "UnknownEvent", ...credentials, ...idKey].join(", ");
  return [
    `export const Webhook = ${cores[declaration.mode].define}<${types}>(contract);`,
    hardLine,
    "export type Webhook = InstanceType<typeof Webhook>;",
  ];
}

function eventMap(contract: ContractModel): Piece {
  const members = contract.events.map((event) => `${propertyKey(event.name)}: ${eventName(event)};`);
  return note("The known events by type.", interfaceOf("EventMap", members));
}

function contractConstant(contract: ContractModel): Piece {
  const members = Object.entries(receiverContract(contract));
  const shared = contract.sameTypesAs === undefined ? null : raw("sameTypes.shapes");
  const entries = members.map(([key, value]) => [key, (key === "shapes" && shared) || constants(value, 1)] as const);
  return ["export const contract: ReceiverContract = ", blockObject(entries).piece, ";"];
}

/** The types of an earlier contract with the same event types, and what its core has to know of them. */
function sharedImports({ sameTypesAs, ...contract }: ContractModel): readonly Piece[] {
  if (sameTypesAs === undefined) return [];
  const file = `./${sameTypesAs}.ts`;
  return [
    importNames("import", ["contract as sameTypes"], file),
    importNames("import type", shapeNames(contract), file),
  ];
}

function note(summary: string, piece: Piece): Piece {
  return documented({ summary, details: "", deprecated: null }, piece);
}
