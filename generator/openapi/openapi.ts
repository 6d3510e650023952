import { createHash } from "node:crypto";
import { claimComponents, componentNames } from "../component-names.ts";
import type { ComponentNames } from "../component-names.ts";
import type { Emitter } from "../emitter.ts";
import { schemaComponents } from "../json-schema.ts";
import type { Json, SchemaDialect } from "../json-schema.ts";
import { jsonFile } from "../json.ts";
import type { CatalogModel, ContractModel } from "../model.ts";
import { nameSpace } from "../names.ts";
import { marker } from "../output.ts";
import { deliveryText } from "../wire-text.ts";
import { componentRef, headerComponents, tagName, webhooksOf } from "./webhook.ts";

/** The OpenAPI 3.1 document of all webhooks, as a receiver sees them. */
export const openapi: Emitter = {
  target: "openapi",
  owns: ["runtime/generated"],
  emit: (catalog) => [{ path: "runtime/generated/openapi.json", text: jsonFile(openapiDocument(catalog), 1) }],
};

/** The document as plain data. */
export function openapiDocument(catalog: CatalogModel): Json {
  const content = documentContent(catalog);
  // Documents of one version are the same: it is made of what they say.
  const version = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);
  const { info, ...rest } = content;
  return { "x-generated": marker, openapi: "3.1.0", info: { ...info, version }, ...rest };
}

function documentContent(catalog: CatalogModel) {
  const contracts = catalog.contracts.filter((contract) => contract.events.length > 0);
  const claimed = nameSpace("The OpenAPI document", new Map([[feedComponent, "any event of the feed"]]));
  const named = contracts.map((contract) => ({ contract, names: componentNames(contract) }));
  for (const { contract, names } of named) claimComponents(contract, names, claimed);
  return {
    info: documentInfo(contracts),
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    // A delivery is told from a forgery by its signature, which OpenAPI has no security scheme for.
    security: [],
    tags: contracts.flatMap(tags),
    paths: {},
    webhooks: webhooks(named),
    components: components(named),
    "x-hookwright": { contracts: Object.fromEntries(contracts.map((each) => [each.declaration.id, wireFacts(each)])) },
  };
}

interface Named {
  readonly contract: ContractModel;
  readonly names: ComponentNames;
}

function documentInfo(contracts: readonly ContractModel[]) {
  const titles = contracts.map((contract) => contract.declaration.title);
  const chapters = contracts.map(({ declaration }) => `## ${declaration.title}\n\n${declaration.doc}`);
  return {
    title: titles.length === 1 ? titles[0] : "Webhooks",
    summary: `The events that are sent, and how: ${titles.join(", ")}.`,
    description: chapters.join("\n\n"),
    license: { name: "MIT", identifier: "MIT" },
  };
}

function tags({ declaration, events }: ContractModel): readonly Json[] {
  const { mode, title } = declaration;
  if (mode !== "push")
    return [{ name: tagName(declaration, ""), description: `${title}. ${deliveryText(declaration)}` }];
  return [...new Set(events.map((event) => event.group))].map((group) => ({
    name: tagName(declaration, group),
    description: `${title}: events whose type starts with \`${group}.\`.`,
  }));
}

/** By event type; where two contracts have one of the same name, by contract and event type. */
function webhooks(named: readonly Named[]): Json {
  const all = named.flatMap(({ contract, names }) =>
    webhooksOf(contract, names).map((webhook) => ({ ...webhook, id: contract.declaration.id })),
  );
  const counts = new Map<string, number>();
  for (const { name } of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  const entries = all.map(({ id, name, operation }) => [
    counts.get(name) === 1 ? name : `${id}/${name}`,
    { post: operation },
  ]);
  return Object.fromEntries(entries);
}

function components(named: readonly Named[]): Json {
  const headers = named.map(({ contract, names }) => headerComponents(contract.declaration, names));
  const securitySchemes = Object.assign({}, ...headers.map(({ schemes }) => schemes));
  return {
    parameters: Object.assign({}, ...headers.map(({ parameters }) => parameters)),
    schemas: Object.assign({}, ...named.map(schemas), feedSchema(named)),
    ...(Object.keys(securitySchemes).length === 0 ? {} : { securitySchemes }),
  };
}

function schemas({ contract, names }: Named): Json {
  const dialect: SchemaDialect = {
    names,
    base: "#/components/schemas/",
    integer: { type: "integer", format: "int64" },
    besideReference: "allowed",
    discriminator: "openapi",
  };
  return schemaComponents(contract, dialect);
}

/** What the HTTP API's feed of events consists of; its routes refer to this component by name. */
const feedComponent = "WebhookEvent";

function feedSchema(named: readonly Named[]): Json {
  const logged = named.filter(({ contract }) => contract.declaration.mode !== "action");
  if (logged.length === 0) return {};
  const anyOf = logged.map(({ names }) => componentRef(names.anyEvent));
  return { [feedComponent]: { description: "An event of any contract, as it is sent.", anyOf } };
}

/** What of the wire contract OpenAPI has no words for. */
function wireFacts({ declaration }: ContractModel): Json {
  const { id, doc, producer, tenant, envelope, ids, ...facts } = declaration;
  const attempts = declaration.mode === "push" ? { attemptsMax: declaration.retry.waitsSeconds.length + 1 } : {};
  return { ...facts, delivery: deliveryText(declaration), ...attempts };
}
