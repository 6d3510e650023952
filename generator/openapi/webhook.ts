import type { HeaderSource, OutcomeTrigger } from "../../catalog/contract.ts";
import type { ComponentNames } from "../component-names.ts";
import { carriedFields, contentTypeOf } from "../envelope.ts";
import { exampleBatch, exampleEvents } from "../example-events.ts";
import { recordSchema } from "../json-schema.ts";
import type { Json } from "../json-schema.ts";
import type { ContractModel, Declaration, Declared, EventType } from "../model.ts";
import { bodyText, deliveryText, headerText, outcomeLines } from "../wire-text.ts";
import type { ActionContract } from "../../catalog/contract.ts";

/** A request that a receiver gets: its name, and the operation that the receiver offers for it. */
export interface Webhook {
  readonly name: string;
  readonly operation: Json;
}

/** One for each event type; of a stream, whose requests hold events of all types, one. */
export function webhooksOf(contract: ContractModel, names: ComponentNames): readonly Webhook[] {
  if (contract.declaration.mode === "stream") return [batchWebhook(contract, names)];
  return contract.events.map((event) => ({ name: event.name, operation: eventOperation(contract, event, names) }));
}

/** An event type belongs to its group; a stream, and the few questions of an action, are one group each. */
export function tagName({ id, mode }: Declaration, group: string): string {
  return mode === "push" ? `${id}: ${group}` : id;
}

function eventOperation(contract: ContractModel, event: EventType, names: ComponentNames): Json {
  const { declaration } = contract;
  const description = descriptionOf(event);
  const examples = exampleEvents(contract, event).map(({ name, body: value }) => [name, { summary: name, value }]);
  const schema = componentRef(names.ofEvent(event));
  const content = examples.length === 0 ? { schema } : { schema, examples: Object.fromEntries(examples) };
  return {
    operationId: `on${names.ofEvent(event)}`,
    summary: event.doc.summary,
    ...(description === "" ? {} : { description }),
    tags: [tagName(declaration, event.group)],
    ...(event.doc.deprecated === null ? {} : { deprecated: true }),
    ...requestHeaders(declaration, names),
    requestBody: { required: true, content: { [contentTypeOf(declaration)]: content } },
    responses: responses(contract, event, names),
  };
}

function descriptionOf({ doc }: EventType): string {
  const deprecated = doc.deprecated === null ? "" : `**Deprecated.** ${doc.deprecated}`.trim();
  return [doc.details, deprecated].filter((text) => text !== "").join("\n\n");
}

function batchWebhook(contract: ContractModel, names: ComponentNames): Webhook {
  const { declaration } = contract;
  const operation = {
    operationId: `on${names.batch}`,
    summary: `A batch of ${declaration.title}`,
    description: `${deliveryText(declaration)} ${bodyText(declaration)}`,
    tags: [tagName(declaration, "")],
    ...requestHeaders(declaration, names),
    requestBody: { required: true, content: batchContent(contract, names) },
    responses: Object.fromEntries(outcomeLines(declaration).flatMap(({ on, text }) => response(on, text))),
  };
  return { name: `${declaration.id}/batch`, operation };
}

/** A stream that may be set so also sends one record alone, and that is always JSON. */
function batchContent(contract: ContractModel, names: ComponentNames): Json {
  const { declaration } = contract;
  const type = contentTypeOf(declaration);
  const batch = componentRef(names.batch);
  const examples = { "a batch": { summary: "a batch", value: exampleBatch(contract) } };
  if (declaration.mode !== "stream" || declaration.batch.single === null)
    return { [type]: { schema: batch, examples } };
  const single = recordSchema(declaration.batch, componentRef(names.anyEvent));
  return type === "application/json"
    ? { [type]: { schema: { anyOf: [batch, single] }, examples } }
    : { [type]: { schema: batch, examples }, "application/json": { schema: single } };
}

/** The headers of a request. What an owner configured as its authorization is a security scheme in OpenAPI (§4.8.12). */
function requestHeaders(declaration: Declaration, names: ComponentNames): Json {
  const carried = carriedFields(declaration).map(({ header }) => header);
  const sent = headersOf(declaration, "parameter").map(([header]) => header);
  const parameters = [...carried, ...sent].map((header) => ({
    $ref: `#/components/parameters/${names.ofHeader(header)}`,
  }));
  const schemes = headersOf(declaration, "security").map(([header]) => ({ [names.ofHeader(header)]: [] }));
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    // The empty one says that it can be absent.
    ...(schemes.length === 0 ? {} : { security: [...schemes, {}] }),
  };
}

function headersOf({ headers }: Declaration, kind: "parameter" | "security") {
  return Object.entries(headers).filter(([, source]) => (source === "authorization") === (kind === "security"));
}

/** The components that `requestHeaders` refers to. */
export function headerComponents(declaration: Declaration, names: ComponentNames): { parameters: Json; schemes: Json } {
  const parameterOf = (
    header: string,
    description: string,
    { schema, required = true }: { readonly schema: Json; readonly required?: boolean },
  ) => [names.ofHeader(header), { name: header, in: "header", required, description, schema }] as const;
  const parameters = [
    ...carriedFields(declaration).map(({ header, field }) =>
      parameterOf(header, field.doc, { schema: { type: "string" } }),
    ),
    ...headersOf(declaration, "parameter").map(([header, source]) =>
      parameterOf(header, headerText(declaration, source), {
        schema: text(source),
        required: source !== "event.position",
      }),
    ),
  ];
  const schemes = headersOf(declaration, "security").map(([header, source]) => {
    const description = headerText(declaration, source);
    return [names.ofHeader(header), { type: "apiKey", in: "header", name: header, description }];
  });
  return { parameters: Object.fromEntries(parameters), schemes: Object.fromEntries(schemes) };
}

function text(source: HeaderSource): Json {
  const isNumber = source === "timestamp" || source === "attempt.number" || source === "event.position";
  return isNumber ? { type: "string", pattern: "^[0-9]+$" } : { type: "string" };
}

function responses(contract: ContractModel, event: EventType, names: ComponentNames): Json {
  const { declaration, verdict } = contract;
  const plain = Object.fromEntries(outcomeLines(declaration).flatMap(({ on, text: said }) => response(on, said)));
  if (declaration.mode !== "action" || verdict === null) return plain;
  const answer = declaration.triggers[event.name]?.answer;
  if (answer === "informational")
    return { ...plain, "2XX": { description: "Noted; the body of the answer is not read." } };
  return { "200": verdictResponse(declaration, names.ofShape(verdict)), ...plain };
}

function verdictResponse({ verdict }: Declared<ActionContract>, component: string): Json {
  const { denies, decision, bytesMax, signatureHeader } = verdict;
  const stops = `The verdict, in at most ${bytesMax} bytes; \`${decision}: ${JSON.stringify(denies)}\` stops it.`;
  const signed = {
    description: "The answer's signature, made like the request's with the same secret. Without it nothing is checked.",
    schema: { type: "string" },
  };
  return {
    description: stops,
    headers: { [signatureHeader]: signed },
    content: { "application/json": { schema: componentRef(component) } },
  };
}

/** Failures without a response have no place among the responses. */
function response(on: OutcomeTrigger, description: string): readonly (readonly [string, Json])[] {
  if (typeof on === "number") return [[String(on), { description }]];
  return /^[1-5]xx$/.test(on) ? [[on.toUpperCase(), { description }]] : [];
}

export function componentRef(component: string): Json {
  return { $ref: `#/components/schemas/${component}` };
}
