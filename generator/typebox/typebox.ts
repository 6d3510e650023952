import type { Emitter } from "../emitter.ts";
import { hardLine, join, print } from "../lines.ts";
import type { Piece } from "../lines.ts";
import { shapeOf } from "../model.ts";
import type { ContractModel, EventType, Shape } from "../model.ts";
import { camelCase, pascalCase, typescriptGlobals } from "../names.ts";
import { once } from "../once.ts";
import { marker } from "../output.ts";
import {
  array,
  blockObject,
  data,
  docComment,
  importNames,
  inheritedNames,
  literal,
  moduleOf,
  quote,
  raw,
} from "../typescript-syntax.ts";
import type { Expression } from "../typescript-syntax.ts";
import { resolveNames } from "../resolved-names.ts";
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
  text: print(schemasModule(inRuntime(contract))),
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
  const inherits = contract.shapes.some(hasInheritedName);
  const hasOpen = contract.shapes.some(isOpen);
  const ofSchemas = [...(inherits || hasOpen ? ["type TSchema"] : [])];
  const header = [
    `// ${marker}`,
    importNames("import", ["Type", "type Static", ...ofSchemas], "@sinclair/typebox"),
    'import "../../contracts/formats.ts";',
    importNames("import type", ["EventType"], "../../contracts/wire-contract.ts"),
  ];
  const received = receivedShapes(contract);
  const shapes = contract.shapes.map((shape) => {
    const schema = received.has(shape.name) ? shapeSchema(receivedShape(shape), "any") : shapeSchema(shape, "named");
    return shapeStatement(shape, schema);
  });
  return moduleOf(header, [
    ...(inherits ? [orInherited] : []),
    ...(hasOpen ? [openRecord] : []),
    ...shapes,
    eventTypes(contract),
  ]);
}

function hasInheritedName(shape: Shape): boolean {
  return shape.kind === "object" && shape.fields.some(({ name, optional }) => optional && inheritedNames.has(name));
}

const orInherited: Piece = join(hardLine, [
  "/** A field that an object without it inherits as a function, like `toString`. */",
  "function orInherited<Schema extends TSchema>(schema: Schema) {",
  "  return Type.Unsafe<Static<Schema> | Function>(Type.Union([schema, Type.Function([], Type.Unknown())]));",
  "}",
]);

function isOpen(shape: Shape): boolean {
  return shape.kind === "object" && shape.open === true;
}

const openRecord: Piece = join(hardLine, [
  "/** An object with members that are not named, which others made. */",
  "function openRecord<Schema extends TSchema>(schema: Schema) {",
  "  return Type.Unsafe<Static<Schema> & { [member: string]: unknown }>(schema);",
  "}",
]);

/** The event types of an earlier contract, under this one's name. */
function sharedModule(contract: ContractModel, of: string): Piece {
  const file = `../${of}/schemas.ts`;
  const name = `${camelCase(of)}EventTypes`;
  return moduleOf(
    [`// ${marker}`, importNames("import", [name], file), `export * from ${quote(file)};`],
    [[ofContract(contract), hardLine, `export const ${eventTypesName(contract)} = ${name};`]],
  );
}

/** The contract with the names that its shapes have in the runtime, by the schemas and by what is sent. */
export const inRuntime = once((contract: ContractModel): ContractModel => {
  const prefix = pascalCase(contract.declaration.id);
  const own = ["EventData", "EventMeta", "Questions", "Emitter", "Asker"].map((name) => prefix + name);
  return resolveNames(contract, {
    typeName: pascalCase,
    reservedTypes: [...typescriptGlobals, ...imported, ...own, eventTypesName(contract)],
    laterName: null,
    events: "none",
    members: null,
  });
});

function ofContract({ declaration }: ContractModel): Piece {
  return docComment({ summary: `The event types of ${declaration.title}.`, details: "", deprecated: null }) ?? "";
}

const imported = ["Type", "Static", "TSchema", "EventType", "Emitter", "Asker"];

function shapeStatement(shape: Shape, schema: Expression): Piece {
  const { name } = shape;
  const comment = docComment(shape.doc);
  return [
    ...(comment === null ? [] : [comment, hardLine]),
    join(hardLine, [[`export const ${name} = `, schema.piece, ";"], `export type ${name} = Static<typeof ${name}>;`]),
  ];
}

function eventTypes(contract: ContractModel): Piece {
  const entries = contract.events.map((event) => [event.name, eventType(contract, event)] as const);
  return [
    ofContract(contract),
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
