import { createHash } from "node:crypto";
import { claimComponents, componentNames } from "../component-names.ts";
import type { Emitter } from "../emitter.ts";
import { schemaComponents } from "../json-schema.ts";
import type { Json, SchemaDialect } from "../json-schema.ts";
import { jsonFile } from "../json.ts";
import type { CatalogModel, ContractModel } from "../model.ts";
import { nameSpace } from "../names.ts";
import { once } from "../once.ts";
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
  for (const contract of contracts) claimComponents(contract, claimed);
  return {
    info: documentInfo(contracts),
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    // A delivery is told from a forgery by its signature, which OpenAPI has no security scheme for.
    security: [],
    tags: contracts.flatMap(tags),
    paths: {},
    webhooks: webhooks(contracts),
    components: components(contracts),
    "x-hookwright": { contracts: Object.fromEntries(contracts.map((each) => [each.declaration.id, wireFacts(each)])) },
  };
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
function webhooks(contracts: readonly ContractModel[]): Json {
  const all = contracts.flatMap(ownWebhooks);
  const counts = new Map<string, number>();
  for (const { name } of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  const entries = all.map(({ id, name, methods }) => [counts.get(name) === 1 ? name : `${id}/${name}`, methods]);
  return Object.fromEntries(entries);
}

const ownWebhooks = once((contract: ContractModel) =>
  webhooksOf(contract, componentNames(contract)).map(({ name, operation }) => {
    return { id: contract.declaration.id, name, methods: { post: operation } };
  }),
);

function components(contracts: readonly ContractModel[]): Json {
  const headers = contracts.map((contract) => headerComponents(contract.declaration, componentNames(contract)));
  const securitySchemes = Object.assign({}, ...headers.map(({ schemes }) => schemes));
  return {
    parameters: Object.assign({}, ...headers.map(({ parameters }) => parameters)),
    schemas: Object.assign({}, ...contracts.map(schemas), feedSchema(contracts)),
    ...(Object.keys(securitySchemes).length === 0 ? {} : { securitySchemes }),
  };
}

const schemas = once((contract: ContractModel): Json => {
  const dialect: SchemaDialect = {
    places: "prefixItems",
    names: componentNames(contract),
    base: "#/components/schemas/",
    integer: { type: "integer", format: "int64" },
    besideReference: "allowed",
    discriminator: "openapi",
  };
  return schemaComponents(contract, dialect);
});

/** What the HTTP API's feed of events consists of; its routes refer to this component by name. */
const feedComponent = "WebhookEvent";

function feedSchema(contracts: readonly ContractModel[]): Json {
  const logged = contracts.filter(({ declaration }) => declaration.mode !== "action");
  if (logged.length === 0) return {};
  const anyOf = logged.map((contract) => componentRef(componentNames(contract).anyEvent));
  return { [feedComponent]: { description: "An event of any contract, as it is sent.", anyOf } };
}

/** What of the wire contract OpenAPI has no words for. */
const wireFacts = once(({ declaration }: ContractModel): Json => {
  const { id, doc, producer, tenant, envelope, ids, ...facts } = declaration;
  const attempts = declaration.mode === "push" ? { attemptsMax: declaration.retry.waitsSeconds.length + 1 } : {};
  return { ...facts, delivery: deliveryText(declaration), ...attempts };
});
