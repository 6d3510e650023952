import { createHash } from "node:crypto";
import type { Emitter } from "../emitter.ts";
import { jsonFile } from "../json.ts";
import { isPush } from "../model.ts";
import type { CatalogModel, PushModel } from "../model.ts";
import { nameSpace } from "../names.ts";
import { marker } from "../output.ts";
import { componentNames } from "./component-names.ts";
import type { ComponentNames } from "./component-names.ts";
import { headerParameter, tagName, webhookOf } from "./webhook.ts";
import { eventSchema, shapeSchema } from "./schema.ts";
import type { Json } from "./schema.ts";

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
  const contracts = catalog.contracts.filter(isPush).filter((contract) => contract.events.length > 0);
  const claimed = nameSpace("The OpenAPI document", new Map());
  const named = contracts.map((contract) => ({ contract, names: componentNames(contract, claimed) }));
  return {
    info: documentInfo(contracts),
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    // A delivery is told from a forgery by its signature, which OpenAPI has no security scheme for.
    security: [],
    tags: contracts.flatMap(tags),
    paths: {},
    webhooks: webhooks(named),
    components: {
      parameters: Object.assign({}, ...named.map(parameters)),
      schemas: Object.assign({}, ...named.map(schemas)),
    },
    "x-hookwright": { contracts: Object.fromEntries(contracts.map((each) => [each.declaration.id, wireFacts(each)])) },
  };
}

interface Named {
  readonly contract: PushModel;
  readonly names: ComponentNames;
}

function documentInfo(contracts: readonly PushModel[]) {
  const titles = contracts.map((contract) => contract.declaration.title);
  const chapters = contracts.map(({ declaration }) => `## ${declaration.title}\n\n${declaration.doc}`);
  return {
    title: titles.length === 1 ? titles[0] : "Webhooks",
    summary: `The events that are sent, and how: ${titles.join(", ")}.`,
    description: chapters.join("\n\n"),
  };
}

function tags(contract: PushModel): readonly Json[] {
  const groups = [...new Set(contract.events.map((event) => event.group))];
  const { title } = contract.declaration;
  return groups.map((group) => ({
    name: tagName(contract, group),
    description: `${title}: events whose type starts with \`${group}.\`.`,
  }));
}

function webhooks(named: readonly Named[]): Json {
  const types = named.flatMap(({ contract }) => contract.events.map((event) => event.name));
  const isShared = (type: string) => types.indexOf(type) !== types.lastIndexOf(type);
  const entries = named.flatMap(({ contract, names }) =>
    contract.events.map((event) => {
      const key = isShared(event.name) ? `${contract.declaration.id}/${event.name}` : event.name;
      return [key, { post: webhookOf(contract, event, names) }];
    }),
  );
  return Object.fromEntries(entries);
}

function parameters({ contract, names }: Named): Json {
  const { declaration } = contract;
  const entries = Object.entries(declaration.headers).map(([header, source]) => {
    return [names.ofHeader(header), headerParameter(declaration, header, source)];
  });
  return Object.fromEntries(entries);
}

function schemas({ contract, names }: Named): Json {
  const events = contract.events.map((event) => [names.ofEvent(event), eventSchema(contract, event, names)]);
  const shapes = contract.shapes.map((shape) => [names.ofShape(shape.name), shapeSchema(shape, names)]);
  return Object.fromEntries([...events, ...shapes]);
}

/** What of the wire contract OpenAPI has no words for. */
function wireFacts({ declaration }: PushModel): Json {
  const { title, signature, headers, userAgent, timeoutSeconds, outcomes, retry, disable, subscription } = declaration;
  const attemptsMax = retry.waitsSeconds.length + 1;
  return {
    title,
    delivery: "at least once, one event in one request",
    userAgent,
    headers,
    signature,
    timeoutSeconds,
    retry: { attemptsMax, waitsSeconds: retry.waitsSeconds },
    outcomes,
    disable,
    subscription,
  };
}
