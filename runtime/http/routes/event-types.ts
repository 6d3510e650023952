import type { Contract } from "../../../catalog/contract.ts";
import { createHash } from "node:crypto";
import { Type } from "@sinclair/typebox";
import { eventTypeOf } from "../../contracts/contract-of.ts";
import { examplesOf, type NamedExample } from "../../contracts/examples.ts";
import { renderEnvelope } from "../../contracts/envelope.ts";
import { formatId } from "../../contracts/identifier.ts";
import type { WireCatalog, WireContract } from "../../contracts/wire-contract.ts";
import { HookwrightError } from "../../errors.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import { prepareJson, sendPrepared, type Prepared } from "../prepared.ts";
import { contractChoice, EventTypeParams, nullable } from "../schemas.ts";

const meta = Type.Optional(Type.Unknown({ description: "What is said beside the data. Absent when nothing is." }));
const Example = Type.Object({ name: Type.String(), data: Type.Unknown(), meta });
const fields = {
  type: Type.String(),
  contract: Type.String({ description: "The contract it is sent over." }),
  group: Type.String(),
  summary: Type.String(),
  details: Type.String({ description: "Markdown; empty when the summary says it all." }),
  deprecated: nullable(Type.String(), "Why, and what to use instead. Null unless deprecated."),
  title: nullable(Type.String(), "What people call it. Null when it has no other name."),
  level: nullable(Type.Integer({ minimum: 0, maximum: 4 }), "From 0 (debug) to 4 (critical). Null without levels."),
  since: nullable(Type.String(), "The version it came with. Null when none is named."),
  schema: Type.Unknown({ description: "JSON Schema of the event's data." }),
  meta: Type.Unknown({ description: "JSON Schema of what it says beside its data. Null when it says nothing." }),
};
const EventTypeBody = Type.Object({ ...fields, examples: Type.Array(Example) });
const EventTypeList = Type.Object(
  {
    contracts: Type.Array(
      Type.Object({
        id: Type.String(),
        title: Type.String(),
        doc: Type.String(),
        mode: Type.Union([Type.Literal("push"), Type.Literal("stream"), Type.Literal("action")], {
          description: "One event in each request, batches in the order of the log, or questions with a verdict.",
        }),
      }),
    ),
    eventTypes: Type.Array(EventTypeBody),
  },
  { description: "What can be subscribed to." },
);
const WholeExample = Type.Object({
  name: Type.String(),
  data: Type.Unknown(),
  meta,
  body: Type.Unknown({ description: "The whole body as it is sent." }),
});
const OneEventType = Type.Object(
  { eventType: Type.Object({ ...fields, examples: Type.Array(WholeExample) }) },
  { description: "The event type." },
);
const Query = Type.Object({ contract: contractChoice }, { additionalProperties: false });

/** The catalog over HTTP; anybody may read it. */
export function eventTypeRoutes(app: HttpServer, { catalog }: HttpParts): void {
  const all = once(() => prepareJson(listOf(Object.values(catalog))));
  const lists = new Map<string, Prepared>();
  const single = new Map<string, Prepared>();

  app.get(
    "/v1/event-types",
    {
      config: { access: "public" },
      schema: {
        operationId: "listEventTypes",
        summary: "List event types",
        description: "All types of all contracts, or of one. Answers 304 to an If-None-Match that names its ETag.",
        tags: ["Event types"],
        querystring: Query,
        response: { 200: Type.Unsafe<unknown>(EventTypeList) },
      },
    },
    (request, reply) => {
      const { contract: id } = request.query;
      if (id === undefined) return sendPrepared(request, reply, all());
      const contract = chosenContract(catalog, id);
      return sendPrepared(
        request,
        reply,
        cached(lists, id, () => listOf([contract])),
      );
    },
  );

  app.get(
    "/v1/event-types/:type",
    {
      config: { access: "public" },
      schema: {
        operationId: "getEventType",
        summary: "Get an event type",
        description: "With its schema, and its examples in the envelope that they are sent in.",
        tags: ["Event types"],
        params: EventTypeParams,
        querystring: Query,
        response: { 200: Type.Unsafe<unknown>(OneEventType) },
      },
    },
    (request, reply) => {
      const { type } = request.params;
      const contract = contractWith(catalog, type, request.query.contract);
      const key = `${contract.declaration.id} ${type}`;
      return sendPrepared(
        request,
        reply,
        cached(single, key, () => ({ eventType: wholeEventType(contract, type) })),
      );
    },
  );
}

/** The contract that has the type: the one that is named, or the first that does. Throws `not_found`, as of any path. */
function contractWith(catalog: WireCatalog, type: string, id: string | undefined): WireContract<Contract> {
  const candidates = id === undefined ? Object.values(catalog) : [chosenContract(catalog, id)];
  const having = candidates.find(({ eventTypes }) => Object.hasOwn(eventTypes, type));
  if (having !== undefined) return having;
  throw new HookwrightError("not_found", `There is no event type ${JSON.stringify(type)}.`);
}

function listOf(contracts: readonly WireContract<Contract>[]) {
  return {
    contracts: contracts.map(({ declaration: { id, title, doc, mode } }) => ({ id, title, doc, mode })),
    eventTypes: contracts.flatMap((contract) =>
      Object.keys(contract.eventTypes).map((type) => ({
        ...described(contract, type),
        examples: examplesOf(contract, type),
      })),
    ),
  };
}

function described(contract: WireContract<Contract>, type: string) {
  const { truncated: _, ...said } = eventTypeOf(contract, type, "type");
  return { type, contract: contract.declaration.id, ...said };
}

function wholeEventType(contract: WireContract<Contract>, type: string) {
  const examples = examplesOf(contract, type).map((example) => ({
    ...example,
    body: JSON.parse(exampleBody(contract, type, example)),
  }));
  return { ...described(contract, type), examples };
}

const exampleTime = Date.parse("2026-05-08T14:02:11.482Z");

/** The same on every call, identifiers included. */
function exampleBody(
  { declaration }: WireContract<Contract>,
  type: string,
  { name, ...payload }: NamedExample,
): string {
  const seed = createHash("sha256").update(`${type} ${name}`).digest();
  const random = (bytes: number) => seed.subarray(0, bytes);
  const tick = { ms: exampleTime, sequence: seed.readUInt32BE(16) };
  return renderEnvelope(declaration.envelope, {
    id: formatId(declaration.ids.event, tick, random),
    endpointId: formatId(declaration.ids.endpoint, tick, random),
    type,
    time: exampleTime,
    tenant: declaration.tenant.example,
    ...payload,
  });
}

function cached(answers: Map<string, Prepared>, key: string, value: () => unknown): Prepared {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const prepared = prepareJson(value());
  answers.set(key, prepared);
  return prepared;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
