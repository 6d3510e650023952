import { claimComponents, componentNames } from "../component-names.ts";
import type { ComponentNames } from "../component-names.ts";
import type { Emitter, OutputFile } from "../emitter.ts";
import { exampleEvents } from "../example-events.ts";
import { eventSchema, schemaComponents, shapeSchema } from "../json-schema.ts";
import type { SchemaDialect } from "../json-schema.ts";
import { jsonFile } from "../json.ts";
import type { ContractModel, EventType, Shape, Type } from "../model.ts";
import { nameSpace } from "../names.ts";
import { once } from "../once.ts";
import { marker } from "../output.ts";

/** Where the schemas are published. An `$id` is a name: it stays the same wherever a copy is served. */
const baseUrl = "https://hookwright.dev/schemas";
export const bundleUrl = `${baseUrl}/bundle.json`;
const schemasFolder = "runtime/generated/schemas";

/**
 * JSON Schema 2020-12 of every event as it is sent: a file for each event type that stands alone, a bundle of all of
 * them with each shape once, and an index of both.
 */
export const jsonschema: Emitter = {
  target: "jsonschema",
  owns: [schemasFolder],
  emit: (catalog) => {
    const contracts = catalog.contracts.filter((contract) => contract.events.length > 0);
    return [...contracts.flatMap(eventFiles), bundleFile(contracts), indexFile(contracts)];
  },
};

/** The `$id` of an event type's schema. */
export function schemaUrl(contract: ContractModel, event: EventType): string {
  return `${baseUrl}/${fileOf(contract, event)}`;
}

function fileOf({ declaration }: ContractModel, event: EventType): string {
  return `${declaration.id}/${encodeURIComponent(event.name)}.json`;
}

const dialectUrl = "https://json-schema.org/draft/2020-12/schema";

function dialectOf(names: ComponentNames): SchemaDialect {
  const integer = { type: "integer" };
  return { names, base: "#/$defs/", integer, besideReference: "allowed", discriminator: "none", places: "prefixItems" };
}

const eventFiles = once((contract: ContractModel): readonly OutputFile[] => {
  const shapes = new Map(contract.shapes.map((shape) => [shape.name, shape]));
  // The file is about one event type of one contract, so a shape's own name says it.
  const dialect = dialectOf({ ...componentNames(contract), ofShape: (shape) => shape });
  return contract.events.map((event) => {
    const used = usedShapes(event, shapes);
    const schema = {
      $comment: marker,
      $schema: dialectUrl,
      $id: schemaUrl(contract, event),
      ...eventSchema(contract, event, dialect),
      examples: exampleEvents(contract, event).map((example) => example.event),
      $defs: Object.fromEntries(used.map((shape) => [shape.name, shapeSchema(shape, dialect)])),
    };
    return { path: `${schemasFolder}/${fileOf(contract, event)}`, text: jsonFile(schema, 1) };
  });
});

/** What an event holds, each shape once, in the order of the contract. */
function usedShapes(event: EventType, shapes: ReadonlyMap<string, Shape>): readonly Shape[] {
  const used = new Set<string>();
  const visit = (name: string) => {
    if (used.has(name)) return;
    used.add(name);
    const shape = shapes.get(name);
    if (shape?.kind === "union") shape.variants.forEach((variant) => visit(variant.shape));
    if (shape?.kind === "object") shape.fields.flatMap(({ type }) => namesIn(type)).forEach(visit);
  };
  [event.data, ...(event.meta === null ? [] : [event.meta])].forEach(visit);
  return [...shapes.values()].filter((shape) => used.has(shape.name));
}

function namesIn(type: Type): readonly string[] {
  switch (type.kind) {
    case "shape":
      return [type.name];
    case "array":
      return namesIn(type.items.type);
    case "record":
      return namesIn(type.values.type);
    case "tuple":
      return type.items.flatMap((item) => namesIn(item.type));
    default:
      return [];
  }
}

/** Every schema once, under the name of its component in the other documents. */
function bundleFile(contracts: readonly ContractModel[]): OutputFile {
  const claimed = nameSpace("The bundle of JSON Schemas", new Map());
  for (const contract of contracts) claimComponents(contract, claimed);
  const bundle = {
    $comment: marker,
    $schema: dialectUrl,
    $id: bundleUrl,
    description: "Every event of every contract, as it is sent.",
    anyOf: contracts.flatMap((contract) => contract.events.map((event) => ({ $ref: pointer(contract, event) }))),
    $defs: Object.assign({}, ...contracts.map(bundledSchemas)),
  };
  return { path: `${schemasFolder}/bundle.json`, text: jsonFile(bundle, 1) };
}

const bundledSchemas = once((contract: ContractModel) =>
  schemaComponents(contract, dialectOf(componentNames(contract))),
);

function pointer(contract: ContractModel, event: EventType): string {
  return `#/$defs/${componentNames(contract).ofEvent(event)}`;
}

function indexFile(contracts: readonly ContractModel[]): OutputFile {
  const entries = contracts.map((contract) => [contract.declaration.id, schemaPlaces(contract)]);
  const index = { $comment: marker, bundle: bundleUrl, contracts: Object.fromEntries(entries) };
  return { path: `${schemasFolder}/index.json`, text: jsonFile(index, 1) };
}

const schemaPlaces = once((contract: ContractModel) => {
  const events = contract.events.map((event) => {
    const places = { schema: schemaUrl(contract, event), bundled: bundleUrl + pointer(contract, event) };
    return [event.name, places] as const;
  });
  return Object.fromEntries(events);
});
