import type { Emitter } from "../emitter.ts";
import { hardLine, join, print } from "../lines.ts";
import type { Piece } from "../lines.ts";
import { shapeOf } from "../model.ts";
import type { ContractModel, EventType, Shape } from "../model.ts";
import { camelCase, nameSpace, typescriptGlobals } from "../names.ts";
import type { NameSpace } from "../names.ts";
import { once } from "../once.ts";
import { marker } from "../output.ts";
import {
  array,
  blockObject,
  data,
  docComment,
  importNames,
  literal,
  moduleOf,
  quote,
  raw,
} from "../typescript-syntax.ts";
import type { Expression } from "../typescript-syntax.ts";
import { receivedShape, receivedShapes } from "./received.ts";
import { shapeSchema } from "./schema.ts";
import { truncationsOf } from "./truncation.ts";

/** The schemas that `emit` checks data against: strict, each key named. That of a verdict, which comes in, is tolerant. */
export const typebox: Emitter = {
  target: "typebox",
  owns: ["runtime/generated"],
  emit: (catalog) => catalog.contracts.map(schemasFile),
};

const schemasFile = once((contract: ContractModel) => ({
  path: schemasPath(contract),
  text: print(schemasModule(contract)),
}));

function schemasPath({ declaration }: ContractModel): string {
  return `runtime/generated/${declaration.id}/schemas.ts`;
}

/** The constant that holds a contract's event types. */
export function eventTypesName(contract: ContractModel): string {
  return `${camelCase(contract.declaration.id)}EventTypes`;
}

function schemasModule(contract: ContractModel): Piece {
  if (contract.sameTypesAs !== undefined) return sharedModule(contract, contract.sameTypesAs);
  const names = nameSpace(schemasPath(contract), new Map([...typescriptGlobals, ...ownNames]));
  const header = [
    `// ${marker}`,
    importNames("import", ["Type", "type Static"], "@sinclair/typebox"),
    'import "../../contracts/formats.ts";',
    importNames("import type", ["EventType"], "../../contracts/wire-contract.ts"),
  ];
  const received = receivedShapes(contract);
  const shapes = contract.shapes.map((shape) => {
    const schema = received.has(shape.name) ? shapeSchema(receivedShape(shape), "any") : shapeSchema(shape, "named");
    return shapeStatement(shape, schema, names);
  });
  return moduleOf(header, [...shapes, eventTypes(contract)]);
}

/** The event types of an earlier contract, under this one's name. */
function sharedModule(contract: ContractModel, of: string): Piece {
  const file = `../${of}/schemas.ts`;
  const name = `${camelCase(of)}EventTypes`;
  return moduleOf(
    [`// ${marker}`, importNames("import", [name], file), `export * from ${quote(file)};`],
    [
      [
        `/** The event types of ${contract.declaration.title}. */`,
        hardLine,
        `export const ${eventTypesName(contract)} = ${name};`,
      ],
    ],
  );
}

const ownNames = new Map(["Type", "Static", "EventType"].map((name) => [name, "an import of the generated module"]));

function shapeStatement(shape: Shape, schema: Expression, names: NameSpace): Piece {
  const name = names.claim(shape.name, `the shape ${shape.name}`);
  const comment = docComment(shape.doc);
  return [
    ...(comment === null ? [] : [comment, hardLine]),
    join(hardLine, [[`export const ${name} = `, schema.piece, ";"], `export type ${name} = Static<typeof ${name}>;`]),
  ];
}

function eventTypes(contract: ContractModel): Piece {
  const entries = contract.events.map((event) => [event.name, eventType(contract, event)] as const);
  return [
    `/** The event types of ${contract.declaration.title}. */`,
    hardLine,
    `export const ${eventTypesName(contract)} = `,
    blockObject(entries).piece,
    " as const satisfies Record<string, EventType>;",
  ];
}

function eventType(contract: ContractModel, event: EventType): Expression {
  const data = shapeOf(contract, event.data);
  return blockObject([
    ["group", literal(event.group)],
    ["summary", literal(event.doc.summary)],
    ["details", literal(event.doc.details)],
    ["deprecated", literal(event.doc.deprecated)],
    ["title", literal(event.title)],
    ["level", literal(event.level)],
    ["since", literal(event.since)],
    ["schema", raw(data.name)],
    ["meta", event.meta === null ? literal(null) : raw(shapeOf(contract, event.meta).name)],
    ["truncated", truncated(contract, event)],
  ]);
}

function truncated(contract: ContractModel, event: EventType): Expression {
  return array(truncationsOf(contract, event).map((truncation) => data(truncation)));
}
