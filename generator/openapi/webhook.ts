import type { HeaderSource, OutcomeTrigger } from "../../catalog/contract.ts";
import { exampleEvents } from "../example-events.ts";
import type { PushModel, EventType } from "../model.ts";
import { pascalCase } from "../names.ts";
import { headerText, outcomeLines } from "../wire-text.ts";
import type { ComponentNames } from "./component-names.ts";
import type { Json } from "./schema.ts";

export function tagName({ declaration }: PushModel, group: string): string {
  return `${declaration.id}: ${group}`;
}

/** The operation that a receiver offers for an event type. */
export function webhookOf(contract: PushModel, event: EventType, names: ComponentNames): Json {
  const { declaration } = contract;
  const headers = Object.keys(declaration.headers);
  const description = descriptionOf(event);
  return {
    operationId: `on${pascalCase(declaration.id)}${pascalCase(event.name)}`,
    summary: event.doc.summary,
    ...(description === "" ? {} : { description }),
    tags: [tagName(contract, event.group)],
    ...(event.doc.deprecated === null ? {} : { deprecated: true }),
    parameters: headers.map((header) => ({ $ref: `#/components/parameters/${names.ofHeader(header)}` })),
    requestBody: requestBody(contract, event, names),
    responses: Object.fromEntries(outcomeLines(declaration).flatMap(({ on, text }) => response(on, text))),
  };
}

function descriptionOf({ doc }: EventType): string {
  const deprecated = doc.deprecated === null ? "" : `**Deprecated.** ${doc.deprecated}`.trim();
  return [doc.details, deprecated].filter((text) => text !== "").join("\n\n");
}

function requestBody(contract: PushModel, event: EventType, names: ComponentNames): Json {
  const examples = exampleEvents(contract, event).map(({ name, event: value }) => [name, { summary: name, value }]);
  const schema = { $ref: `#/components/schemas/${names.ofEvent(event)}` };
  const content = examples.length === 0 ? { schema } : { schema, examples: Object.fromEntries(examples) };
  return { required: true, content: { "application/json": content } };
}

/** Failures without a response have no place among the responses. */
function response(on: OutcomeTrigger, description: string): readonly (readonly [string, Json])[] {
  if (typeof on === "number") return [[String(on), { description }]];
  return /^[1-5]xx$/.test(on) ? [[on.toUpperCase(), { description }]] : [];
}

export function headerParameter(declaration: PushModel["declaration"], header: string, source: HeaderSource): Json {
  const description = headerText(declaration, source);
  return { name: header, in: "header", required: true, description, schema: headerSchema(source) };
}

function headerSchema(source: HeaderSource): Json {
  return source === "timestamp" ? { type: "string", pattern: "^[0-9]+$" } : { type: "string" };
}
