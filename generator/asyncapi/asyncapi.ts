import { claimComponents, componentNames } from "../component-names.ts";
import type { ComponentNames } from "../component-names.ts";
import type { Emitter } from "../emitter.ts";
import { bodyFields, carriedFields, contentTypeOf } from "../envelope.ts";
import { exampleBatch, exampleEvents } from "../example-events.ts";
import { recordSchema, schemaComponents } from "../json-schema.ts";
import type { Json } from "../json-schema.ts";
import { jsonFile } from "../json.ts";
import type { CatalogModel, ContractModel, EventType } from "../model.ts";
import { camelCase, nameSpace } from "../names.ts";
import { once } from "../once.ts";
import { marker } from "../output.ts";
import { bodyText, deliveryText, headerText } from "../wire-text.ts";

/** The AsyncAPI 3.1 document: a channel for each contract, on which we send. */
export const asyncapi: Emitter = {
  target: "asyncapi",
  owns: ["runtime/generated"],
  emit: (catalog) => [{ path: "runtime/generated/asyncapi.json", text: jsonFile(asyncapiDocument(catalog), 1) }],
};

/** The document as plain data. Its schemas are in the common part of JSON Schema draft-07 and 2020-12. */
export function asyncapiDocument(catalog: CatalogModel): Json {
  const contracts = catalog.contracts.filter((contract) => contract.events.length > 0);
  const claimed = nameSpace("The AsyncAPI document", new Map());
  for (const contract of contracts) claimComponents(contract, claimed);
  const parts = contracts.map(contractPart);
  const merge = (of: (part: ContractPart) => Json): Json => Object.assign({}, ...parts.map(of));
  const titles = contracts.map((contract) => contract.declaration.title);
  return {
    "x-generated": marker,
    asyncapi: "3.1.0",
    info: {
      title: titles.length === 1 ? titles[0] : "Webhooks",
      version: "1",
      description: `The events that are sent, and how: ${titles.join(", ")}.`,
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    channels: merge(({ channels }) => channels),
    operations: merge(({ operations }) => operations),
    components: {
      schemas: merge(({ schemas }) => schemas),
      messages: merge(({ messages }) => messages),
      messageTraits: merge(({ messageTraits }) => messageTraits),
    },
  };
}

interface ContractPart {
  readonly channels: Json;
  readonly operations: Json;
  readonly schemas: Json;
  readonly messages: Json;
  readonly messageTraits: Json;
}

const contractPart = once((contract: ContractModel): ContractPart => {
  const names = componentNames(contract);
  const { declaration, verdict } = contract;
  const { id, title, doc } = declaration;
  const channel = camelCase(id);
  const sent = messagesOf(contract, names);
  const answers = verdict === null ? {} : { [names.ofShape(verdict)]: answerMessage(names.ofShape(verdict)) };
  const answerChannel = `${channel}Verdicts`;
  // A subscriber's URL is the subscriber's, so no channel has an address.
  const channelOf = (of: string, messages: Json) => ({ address: null, title: of, messages: references(messages) });
  const operation = {
    action: "send",
    channel: { $ref: `#/channels/${channel}` },
    summary: deliveryText(declaration),
    messages: channelMessages(channel, sent),
    bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
    ...(verdict === null ? {} : { reply: replyOf(answerChannel, answers) }),
  };
  return {
    channels: {
      [channel]: { ...channelOf(title, sent), description: doc },
      ...(verdict === null ? {} : { [answerChannel]: channelOf(`${title}: verdicts`, answers) }),
    },
    operations: { [`${channel}Send`]: operation },
    schemas: schemaComponents(contract, {
      names,
      base: "#/components/schemas/",
      integer: { type: "integer" },
      besideReference: "ignored",
      discriminator: "none",
      places: "items",
    }),
    messages: { ...sent, ...answers },
    messageTraits: { [traitName(names)]: requestTrait(contract) },
  };
});

function replyOf(channel: string, answers: Json): Json {
  return { channel: { $ref: `#/channels/${channel}` }, messages: channelMessages(channel, answers) };
}

function channelMessages(channel: string, messages: Json): readonly Json[] {
  return Object.keys(messages).map((name) => ({ $ref: `#/channels/${channel}/messages/${name}` }));
}

function references(messages: Json): Json {
  const entries = Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]);
  return Object.fromEntries(entries);
}

function messagesOf(contract: ContractModel, names: ComponentNames): Json {
  if (contract.declaration.mode === "stream") return { [names.batch]: batchMessage(contract, names) };
  return Object.fromEntries(
    contract.events.map((event) => [names.ofEvent(event), eventMessage(contract, event, names)]),
  );
}

function eventMessage(contract: ContractModel, event: EventType, names: ComponentNames): Json {
  const { summary, details, deprecated } = event.doc;
  const examples = exampleEvents(contract, event).map(({ name, body: payload }) => ({ name, payload }));
  return {
    name: event.name,
    title: event.title ?? event.name,
    summary,
    ...(details === "" ? {} : { description: details }),
    ...(deprecated === null ? {} : { "x-deprecated": deprecated }),
    traits: [{ $ref: `#/components/messageTraits/${traitName(names)}` }],
    payload: schemaRef(names.ofEvent(event)),
    ...(examples.length === 0 ? {} : { examples }),
  };
}

function batchMessage(contract: ContractModel, names: ComponentNames): Json {
  const { declaration } = contract;
  const batch = schemaRef(names.batch);
  const payload =
    declaration.mode === "stream" && declaration.batch.single !== null
      ? { anyOf: [batch, recordSchema(declaration.batch, schemaRef(names.anyEvent))] }
      : batch;
  return {
    name: declaration.id,
    title: `A batch of ${declaration.title}`,
    summary: bodyText(declaration),
    traits: [{ $ref: `#/components/messageTraits/${traitName(names)}` }],
    payload,
    examples: [{ name: "a batch", payload: exampleBatch(contract) }],
  };
}

function answerMessage(component: string): Json {
  return { name: component, title: "Verdict", contentType: "application/json", payload: schemaRef(component) };
}

function traitName({ anyEvent }: ComponentNames): string {
  return `${anyEvent}Request`;
}

/** What all requests of a contract have. */
function requestTrait({ declaration }: ContractModel): Json {
  const carried = carriedFields(declaration);
  const headers = [
    ...carried.map(({ header, field }) => [header, { type: "string", description: field.doc }] as const),
    ...Object.entries(declaration.headers).map(([header, source]) => {
      return [header, { type: "string", description: headerText(declaration, source) }] as const;
    }),
  ];
  const sure = [
    ...carried.map(({ header }) => header),
    ...Object.entries(declaration.headers).flatMap(([header, source]) => (source === "authorization" ? [] : [header])),
  ];
  const key = bodyFields(declaration).find(([, field]) => "from" in field && field.from === "event.id")?.[0];
  const location = `$message.payload#/${key}`;
  const isAlone = declaration.mode !== "stream" && key !== undefined;
  return {
    contentType: contentTypeOf(declaration),
    headers: {
      type: "object",
      ...(sure.length === 0 ? {} : { required: sure }),
      properties: Object.fromEntries(headers),
    },
    ...(isAlone ? { correlationId: { description: "The event; the same on every attempt.", location } } : {}),
  };
}

function schemaRef(component: string): Json {
  return { $ref: `#/components/schemas/${component}` };
}
