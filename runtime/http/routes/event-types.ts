import type { Contract } from "../../../catalog/contract.ts";
import { createHash } from "node:crypto";
import { Type } from "@sinclair/typebox";
import { contractFacts } from "../../contracts/contract-facts.ts";
import { eventTypeOf } from "../../contracts/contract-of.ts";
import { examplesOf, type NamedExample } from "../../contracts/examples.ts";
import { renderEnvelope } from "../../contracts/envelope.ts";
import { formatId } from "../../contracts/identifier.ts";
import { receiveSchema } from "../../contracts/receive-schema.ts";
import type { WireCatalog, WireContract } from "../../contracts/wire-contract.ts";
import { HookwrightError } from "../../errors.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import { prepareJson, sendPrepared, type Prepared } from "../prepared.ts";
import { EventTypeParams, nullable } from "../schemas.ts";

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
  schema: Type.Unknown({
    description: "JSON Schema (2020-12) of the data as they are received: keys may be added, so objects are open.",
  }),
  meta: Type.Unknown({ description: "JSON Schema of what it says beside its data. Null when it says nothing." }),
};
const summaryFields = { type: fields.type, contract: fields.contract, group: fields.group, summary: fields.summary };
const EventTypeBody = Type.Object({
  ...summaryFields,
  ...Type.Partial(Type.Object({ ...fields, examples: Type.Array(Example) })).properties,
  ...summaryFields,
});
const contractFields = {
  id: Type.String(),
  title: Type.String(),
  doc: Type.String(),
  url: Type.Object({
    schemes: Type.Array(Type.String(), { description: "Of endpoints' URLs; `http` in local mode alone." }),
    lengthMax: Type.Integer({ description: "Characters of an endpoint's URL." }),
  }),
  headers: Type.Record(Type.String(), Type.String(), { description: "What each header of a request carries." }),
  userAgent: Type.String(),
  signatureAlgorithm: nullable(Type.String(), "Null: requests are not signed."),
  toleranceSeconds: nullable(Type.Integer(), "How old a signature may be. Null: requests are not signed."),
  tenantMember: nullable(Type.String(), "A member of the data that has to name the tenant. Null: there is none."),
  dataKey: nullable(Type.String(), "The member of a body that holds the data. Null: they stand in the body itself."),
  subscription: nullable(
    Type.Object({
      wildcard: Type.String({ description: "Stands for every event type." }),
      prefixes: Type.Boolean({ description: "Whether `group.*` stands for the types of a group." }),
      default: Type.Optional(Type.String({ description: "What an endpoint gets that names no events." })),
    }),
    "Null where nothing is subscribed to by type.",
  ),
  timeoutSeconds: Type.Number({ description: "The deadline of a request; of a question, the longest there may be." }),
  attemptsMax: nullable(Type.Integer(), "Of a delivery. Null of streams, which go on, and of questions, asked once."),
};
const EventTypeList = Type.Object(
  {
    contracts: Type.Array(
      Type.Object({
        ...contractFields,
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
const allContracts = Type.String({ maxLength: 255, description: "A contract of the catalog. All of them without it." });
const contract = Type.Optional(allContracts);
const ListQuery = Type.Object(
  {
    contract,
    view: Type.Optional(
      Type.Literal("summary", { description: "Names, summaries and groups alone, without schemas and examples." }),
    ),
  },
  { additionalProperties: false },
);
const Query = Type.Object({ contract }, { additionalProperties: false });

/** The catalog over HTTP; anybody may read it. */
export function eventTypeRoutes(app: HttpServer, { catalog }: HttpParts): void {
  const lists = new Map<string, Prepared>();
  const single = new Map<string, Prepared>();

  app.get(
    "/v1/event-types",
    {
      config: { access: "public" },
      schema: {
        operationId: "listEventTypes",
        summary: "List event types",
        description:
          "All types of all contracts, or of one, and the contracts' rules. Answers 304 to an If-None-Match that names " +
          "its ETag.",
        tags: ["Event types"],
        querystring: ListQuery,
        response: { 200: Type.Unsafe<unknown>(EventTypeList) },
      },
    },
    (request, reply) => {
      const { contract: id, view = "whole" } = request.query;
      const contracts = id === undefined ? Object.values(catalog) : [chosenContract(catalog, id)];
      const list = cached(lists, `${view} ${id ?? ""}`, () => listOf(contracts, view));
      return sendPrepared(request, reply, list);
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

/**
 * The contract that has the type: the one that is named, or the only one that does. Throws `not_found`, as of any path,
 * and `invalid_request` where several have a type of that name, which are not the same.
 */
function contractWith(catalog: WireCatalog, type: string, id: string | undefined): WireContract<Contract> {
  const candidates = id === undefined ? Object.values(catalog) : [chosenContract(catalog, id)];
  const [having, ...others] = candidates.filter(({ eventTypes }) => Object.hasOwn(eventTypes, type));
  if (having === undefined) throw new HookwrightError("not_found", `There is no event type ${JSON.stringify(type)}.`);
  if (others.length === 0) return having;
  const ids = [having, ...others].map(({ declaration }) => declaration.id).join(", ");
  const message = `contract: expected one of ${ids}, which all have a type ${JSON.stringify(type)}, got none; add ?contract=.`;
  throw new HookwrightError("invalid_request", message, { path: "contract" });
}

function listOf(contracts: readonly WireContract<Contract>[], view: "whole" | "summary") {
  const typesOf = view === "whole" ? wholeTypes : summaries;
  return {
    contracts: contracts.map(({ declaration }) => contractFacts(declaration)),
    eventTypes: contracts.flatMap(typesOf),
  };
}

function wholeTypes(contract: WireContract<Contract>) {
  return Object.keys(contract.eventTypes).map((type) => ({
    ...described(contract, type),
    examples: examplesOf(contract, type),
  }));
}

function summaries({ declaration, eventTypes }: WireContract<Contract>) {
  const entries = Object.entries(eventTypes);
  return entries.map(([type, { group, summary }]) => ({ type, contract: declaration.id, group, summary }));
}

function described(contract: WireContract<Contract>, type: string) {
  const { truncated: _, schema, meta, ...said } = eventTypeOf(contract, type, "type");
  const schemas = { schema: receiveSchema(schema), meta: meta === null ? null : receiveSchema(meta) };
  return { type, contract: contract.declaration.id, ...said, ...schemas };
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
