import { Type, type Static } from "@sinclair/typebox";
import type { PushContract } from "../../../catalog/contract.ts";
import { pushContractOf } from "../../contracts/contract-of.ts";
import type { DeliveryFilter } from "../../endpoints/delivery-filter.ts";
import { HookwrightError } from "../../errors.ts";
import type { Redelivery } from "../../seams/redelivery-store.ts";
import { deliveryFilter, filterBody } from "../delivery-query.ts";
import { pageLimit } from "../page-limit.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { EndpointParams, isoTime, nullable, RedeliveryParams, shared, timestamp } from "../schemas.ts";
import { DeliveryBody, deliveryBody } from "./deliveries.ts";

const states = {
  running: "It counts what it finds, then makes the new deliveries.",
  finished: "It has made them; what became of them is counted further.",
  cancelled: "Somebody ended it; what it had made until then goes on.",
  failed: "Its endpoint was deleted before its end.",
} as const;

const nullableTime = (description: string) => nullable(timestamp(description), "Null: there is none.");
/** How far a bulk redelivery has come. */
export const RedeliveryBody = Type.Object(
  {
    id: Type.String(),
    endpointId: Type.String(),
    state: Type.Union(
      Object.keys(states).map((state) => Type.Literal(state as keyof typeof states)),
      {
        description: Object.entries(states)
          .map(([state, meaning]) => `\`${state}\`: ${meaning}`)
          .join("\n"),
      },
    ),
    filter: Type.Object({
      types: nullable(Type.Array(Type.String()), "Null: all of them."),
      statuses: nullable(Type.Array(Type.String()), "In the contract's words. Null: all that have ended."),
      from: nullableTime("Of events that did not happen before."),
      until: nullableTime("Of events that happened before."),
      missed: Type.Boolean({ description: "Whether it sends what the endpoint missed, in place of what it was sent." }),
    }),
    ratePerSecond: nullable(Type.Integer(), "The most it makes in a second. Null: as many as are taken."),
    found: Type.Integer({
      description: "Events whose last delivery passes the filter, or that were missed; final once it is counted.",
    }),
    counted: Type.Boolean({ description: "Whether all were counted." }),
    redelivered: Type.Integer({ description: "New deliveries that it made." }),
    delivered: Type.Integer({ description: "Of these, how many were accepted." }),
    failed: Type.Integer({ description: "Of these, how many were refused or given up." }),
    waiting: Type.Integer({ description: "Of these, how many are tried yet, for the first time or again." }),
    remaining: Type.Integer({ description: "What was found and it has still to come to. 0 once it has ended." }),
    startedAt: timestamp("When it was asked for."),
    finishedAt: nullable(timestamp("When it ended."), "Null while it runs."),
  },
  { $id: "Redelivery", description: "New deliveries of many events to one endpoint." },
);

const NewRedelivery = Type.Object(
  {
    ...filterBody,
    ratePerSecond: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: "The most in a second. As many as are taken without it.",
      }),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: "Changes nothing, and says what would be redelivered." })),
  },
  { additionalProperties: false },
);
const ListQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ maxLength: 255, description: "A redelivery: those that are older follow." })),
    limit: Type.Optional(Type.Integer({ minimum: 1, description: "From 1 to 200; 50 without it." })),
  },
  { additionalProperties: false },
);
const OneRedelivery = Type.Object({ redelivery: shared(RedeliveryBody) }, { description: "How far it has come." });
const DryRun = Type.Object(
  {
    dryRun: Type.Literal(true),
    found: Type.Integer({ description: "Events whose last delivery passes the filter, or that were missed." }),
    isWhole: Type.Boolean({ description: "False: half a million were looked at, and there may be more." }),
    examples: Type.Array(shared(DeliveryBody), { description: "The oldest five. Of what was missed there are none." }),
    events: Type.Array(
      Type.Object({ id: Type.String(), type: Type.String(), createdAt: timestamp("When it happened.") }),
      { description: "Of what was missed, the oldest five events." },
    ),
  },
  { description: "What would be redelivered; nothing was." },
);
const RedeliveryList = Type.Object(
  { redeliveries: Type.Array(shared(RedeliveryBody)), hasMore: Type.Boolean() },
  { description: "The newest first." },
);

const collection = "/v1/orgs/:tenant/webhook-endpoints/:id/redeliveries";
const tags = ["Deliveries"];
const pages = { pageDefault: 50, pageMax: 200 };

/** Redelivery in bulk: under its endpoint, as deliveries are, whose contract has the words of the filter. */
export function redeliveryRoutes(app: HttpServer, parts: HttpParts): void {
  startRoute(app, parts);
  readingRoutes(app, parts);
  const { redeliveries } = parts;
  app.post(
    `${collection}/:redelivery/cancel`,
    {
      config: { access: "write" },
      schema: {
        operationId: "cancelRedelivery",
        summary: "Cancel a bulk redelivery",
        description: "It makes no further deliveries; those that it made go on. One that has ended stays as it is.",
        tags,
        params: RedeliveryParams,
        response: { 200: OneRedelivery },
      },
    },
    async ({ params, actorId }) => oneRedelivery(parts, await redeliveries.cancel({ ...idOf(params), actorId })),
  );
}

function startRoute(app: HttpServer, { redeliveries, endpoints, catalog }: HttpParts): void {
  app.post(
    collection,
    {
      config: { access: "write" },
      schema: {
        operationId: "startRedelivery",
        summary: "Redeliver in bulk",
        description:
          "Makes a new delivery, with the same bytes, of each event whose last delivery to the endpoint has ended and " +
          "passes the filter; the oldest first, at most one of each event, and none of events after this request. " +
          "With `missed` it makes the first delivery of events that the endpoint has none of. " +
          "It goes on whatever restarts. At an endpoint that is disabled or paused the new deliveries wait.",
        tags,
        params: EndpointParams,
        body: NewRedelivery,
        response: { 200: DryRun, 202: OneRedelivery },
      },
    },
    async ({ params, body: { dryRun = false, ratePerSecond = null, ...query }, actorId }, reply) => {
      const endpoint = await endpoints.get(params);
      const contract = pushContractOf(catalog, endpoint.contract);
      refuseWithoutChoice(query);
      const filter = deliveryFilter(query, contract);
      refuseWaiting(filter, contract.declaration);
      if (!dryRun) {
        const started = await redeliveries.start({ endpoint, filter, ratePerSecond, actorId });
        return reply.code(202).send(oneRedelivery({ catalog }, started));
      }
      const { foundCount: found, isWhole, examples, events } = await redeliveries.preview({ endpoint, filter });
      const owner = { endpoint, contract: contract.declaration };
      const bodies = examples.map((delivery) => deliveryBody(owner, delivery));
      const missed = events.map(({ id, type, time }) => ({ id, type, createdAt: isoTime(time) }));
      return reply.code(200).send({ dryRun: true, found, isWhole, examples: bodies, events: missed });
    },
  );
}

function readingRoutes(app: HttpServer, parts: HttpParts): void {
  const { redeliveries } = parts;
  app.get(
    collection,
    {
      config: { access: "read" },
      schema: {
        operationId: "listRedeliveries",
        summary: "List an endpoint's bulk redeliveries",
        tags,
        params: EndpointParams,
        querystring: ListQuery,
        response: { 200: RedeliveryList },
      },
    },
    async ({ params: { tenant, id: endpointId }, query: { before, limit: asked } }) => {
      const limit = pageLimit(asked, pages);
      // One more than is shown tells whether there are more.
      const found = await redeliveries.page({ tenant, endpointId, before, limit: limit + 1 });
      const shown = found.slice(0, limit).map((each) => oneRedelivery(parts, each).redelivery);
      return { redeliveries: shown, hasMore: found.length > limit };
    },
  );

  app.get(
    `${collection}/:redelivery`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getRedelivery",
        summary: "Get a bulk redelivery",
        description: "Also once its endpoint was deleted.",
        tags,
        params: RedeliveryParams,
        response: { 200: OneRedelivery },
      },
    },
    async ({ params }) => oneRedelivery(parts, await redeliveries.get(idOf(params))),
  );
}

function idOf({ tenant, id: endpointId, redelivery: id }: Static<typeof RedeliveryParams>) {
  return { tenant, endpointId, id };
}

/** All of a history at once is hardly what somebody wants who says nothing. */
function refuseWithoutChoice(query: object): void {
  if (Object.keys(query).length > 0) return;
  const message = "body: expected one of types, status, undelivered, missed, from and until at least, got none.";
  throw new HookwrightError("invalid_request", message);
}

function refuseWaiting({ states: chosen }: DeliveryFilter, { states: words }: PushContract): void {
  if (chosen?.every((state) => state !== "pending") ?? true) return;
  const message = `status: expected a state of deliveries that have ended, got ${JSON.stringify(words.pending)}, which come anyway.`;
  throw new HookwrightError("invalid_request", message, { path: "status" });
}

function oneRedelivery({ catalog }: Pick<HttpParts, "catalog">, of: Redelivery): Static<typeof OneRedelivery> {
  const { id, endpointId, state, ratePerSecond, filter, foundCount, redeliveredCount, deliveredCount, failedCount } =
    of;
  const { states: words } = pushContractOf(catalog, of.contract).declaration;
  const redelivery = {
    ...{ id, endpointId, state, ratePerSecond },
    filter: {
      types: filter.types === null ? null : [...filter.types],
      statuses: filter.states === null ? null : [...new Set(filter.states.map((each) => words[each]))],
      from: timeOf(filter.from),
      until: timeOf(filter.until),
      missed: filter.missed ?? false,
    },
    found: foundCount,
    counted: of.countedTo >= of.upTo,
    redelivered: redeliveredCount,
    delivered: deliveredCount,
    failed: failedCount,
    waiting: redeliveredCount - deliveredCount - failedCount,
    remaining: state === "running" ? Math.max(0, foundCount - redeliveredCount) : 0,
    startedAt: isoTime(of.createdAt),
    finishedAt: timeOf(of.finishedAt),
  };
  return { redelivery };
}

const timeOf = (time: number | null): string | null => (time === null ? null : isoTime(time));
