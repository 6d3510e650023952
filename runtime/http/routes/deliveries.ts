import { Type, type Static } from "@sinclair/typebox";
import type { PushContract } from "../../../catalog/contract.ts";
import { pushContractOf } from "../../contracts/contract-of.ts";
import { attemptIds, deliveryId, parseDeliveryId } from "../../contracts/delivery-id.ts";
import { shownHeaders } from "../../contracts/request-headers.ts";
import { HookwrightError } from "../../errors.ts";
import type { Attempt, Endpoint } from "../../seams/log-store.ts";
import type { Delivery } from "../../seams/store.ts";
import type { DeliveryFilter, DeliveryState } from "../../endpoints/delivery-filter.ts";
import { commonState, commonStates, filterQuery, queriedFilter } from "../delivery-query.ts";
import { pageLimit } from "../page-limit.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { DeliveryParams, EndpointParams, isoTime, nullable, shared, timestamp } from "../schemas.ts";

const state = Type.String({ description: "In the contract's words, such as `pending`, `delivered` or `failed`." });
export const deliveryFields = {
  id: Type.String({ description: "The same on every attempt." }),
  eventId: Type.String(),
  endpointId: Type.String(),
  eventType: Type.String(),
  status: state,
  attemptCount: Type.Integer(),
  nextAttemptAt: nullable(timestamp("When it is tried next."), "Null when it has ended."),
  lastResponseStatus: nullable(Type.Integer(), "Null when the last attempt had no response."),
  lastError: nullable(Type.String(), "Why the last attempt failed, when its status does not say it all."),
  deliveredAt: nullable(timestamp("When it was accepted."), "Null when it was not."),
  createdAt: timestamp("When the event happened, or the redelivery was asked for."),
};
/** A row of the delivery log (R-STECH-79, D-STECH-08). */
export const DeliveryBody = Type.Object(deliveryFields, {
  $id: "Delivery",
  description: "One event for one endpoint.",
});

const AttemptBody = Type.Object({
  id: Type.String({ description: "New on every attempt." }),
  number: Type.Integer({ description: "From 1." }),
  startedAt: timestamp("When the request was sent."),
  durationMs: Type.Integer(),
  status: nullable(Type.Integer(), "The response's status. Null when there was none."),
  error: nullable(Type.String(), "Why it failed, when the status does not say it all."),
  state,
  requestHeaders: Type.Record(Type.String(), Type.String(), {
    description:
      "As they were sent; `***` stands for signatures and other secrets. Those of the contract follow from its declaration as it is now.",
  }),
  responseHeaders: nullable(
    Type.Record(Type.String(), Type.String()),
    "By names in lower case; `***` stands for cookies and other secrets, and those by which browsers report errors (`nel`, `report-to`, `reporting-endpoints`) are left out. Null when there was no response, or when it is from before headers were kept.",
  ),
  headersCut: Type.Boolean({
    description:
      "Whether there was a header that is not kept: beyond 4 KB of the response, or of those that the endpoint adds.",
  }),
  responseBody: nullable(Type.String(), "The start of the response's body, as text. Null when it was empty."),
});
const OneDelivery = Type.Object({ delivery: shared(DeliveryBody) }, { description: "The new delivery, due at once." });
export const WholeDelivery = Type.Object(
  { delivery: Type.Object({ ...deliveryFields, attempts: Type.Array(AttemptBody) }) },
  { description: "The delivery with all its attempts." },
);
const DeliveryList = Type.Object(
  { deliveries: Type.Array(shared(DeliveryBody)), hasMore: Type.Boolean() },
  { description: "The newest first." },
);
const ListQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ maxLength: 255, description: "A delivery: those that are older follow." })),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    state: Type.Optional(commonState),
    ...filterQuery,
  },
  { additionalProperties: false },
);

const MissedEventBody = Type.Object(
  {
    eventId: Type.String({ minLength: 1, maxLength: 255, description: "An event of the endpoint's contract." }),
    dryRun: Type.Optional(Type.Boolean({ description: "Changes nothing, and says whether it would be sent." })),
  },
  { additionalProperties: false },
);
const WouldSend = Type.Object(
  { dryRun: Type.Literal(true), eventId: Type.String() },
  { description: "It would be sent; it was not." },
);

const collection = "/v1/orgs/:tenant/webhook-endpoints/:id/deliveries";
const tags = ["Deliveries"];

/** The delivery log of an endpoint. */
export function deliveryRoutes(app: HttpServer, parts: HttpParts): void {
  const log = createDeliveryLog(parts);

  app.get(
    collection,
    {
      config: { access: "read" },
      schema: {
        operationId: "listDeliveries",
        summary: "List an endpoint's deliveries",
        tags,
        params: EndpointParams,
        querystring: ListQuery,
        response: { 200: DeliveryList },
      },
    },
    (request) => log.page(request.params, request.query),
  );

  app.get(
    `${collection}/:delivery`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getDelivery",
        summary: "Get a delivery with its attempts",
        tags,
        params: DeliveryParams,
        response: { 200: WholeDelivery },
      },
    },
    async (request) => {
      const { owner, delivery } = await log.find(request.params);
      const attempts = delivery.attempts.map((attempt) => attemptBody(owner, delivery, attempt));
      return { delivery: { ...deliveryBody(owner, delivery), attempts } };
    },
  );

  app.post(
    `${collection}/:delivery/redeliver`,
    {
      config: { access: "write" },
      schema: {
        operationId: "redeliver",
        summary: "Deliver an event once more",
        description: "Makes a new delivery of the same event with the same bytes; receivers deduplicate on the event.",
        tags,
        params: DeliveryParams,
        response: { 202: OneDelivery },
      },
    },
    async ({ actorId, params }, reply) => reply.code(202).send(await log.redeliver(params, actorId)),
  );
  missedRoute(app, log);
}

function missedRoute(app: HttpServer, log: ReturnType<typeof createDeliveryLog>): void {
  app.post(
    collection,
    {
      config: { access: "write" },
      schema: {
        operationId: "sendMissedEvent",
        summary: "Send an event that an endpoint missed",
        description:
          "Makes the first delivery of an event that the endpoint has none of, because it was disabled, not subscribed " +
          "or not there when it happened. Whether it is subscribed to the type now does not matter.",
        tags,
        params: EndpointParams,
        body: MissedEventBody,
        response: { 200: WouldSend, 202: OneDelivery },
      },
    },
    async ({ params, body: { eventId, dryRun }, actorId }, reply) => {
      const sent = await log.sendMissed(params, { eventId, actorId, does: dryRun === true ? "count" : "send" });
      return sent === null ? reply.code(200).send({ dryRun: true, eventId }) : reply.code(202).send(sent);
    },
  );
}

/** An endpoint and the contract its deliveries are made by. */
interface Owner {
  readonly endpoint: Endpoint;
  readonly contract: PushContract;
}

function createDeliveryLog({ store: { deliveries }, endpoints, redeliveries, catalog }: HttpParts) {
  async function ownerOf(of: Static<typeof EndpointParams>): Promise<Owner> {
    const endpoint = await endpoints.get({ tenant: of.tenant, id: of.id });
    return { endpoint, contract: pushContractOf(catalog, endpoint.contract).declaration };
  }

  async function named({ endpoint, contract }: Owner, id: string): Promise<Delivery | null> {
    const key = parseDeliveryId(id, { prefix: contract.ids.delivery.prefix, endpointId: endpoint.id });
    return key === null ? null : deliveries.get({ endpointKey: endpoint.key, ...key });
  }

  async function find(of: Static<typeof DeliveryParams>) {
    const owner = await ownerOf(of);
    const delivery = await named(owner, of.delivery);
    if (delivery === null) throw noDelivery(of.delivery);
    return { owner, delivery };
  }

  async function page(of: Static<typeof EndpointParams>, query: Static<typeof ListQuery>) {
    const owner = await ownerOf(of);
    const limit = pageLimit(query.limit, owner.contract.log);
    const { state, ...rest } = query;
    const queried = queriedFilter(rest, pushContractOf(catalog, owner.endpoint.contract));
    const filter = state === undefined ? queried : inState(queried, state);
    const before = query.before === undefined ? null : await named(owner, query.before);
    if (before === null && query.before !== undefined) throw unknownBefore(query.before);
    // One more than is shown tells whether there are more.
    const found = await deliveries.list({ endpointKey: owner.endpoint.key, before, filter, limit: limit + 1 });
    const shown = found.slice(0, limit).map((delivery) => deliveryBody(owner, delivery));
    return { deliveries: shown, hasMore: found.length > limit };
  }

  async function redeliver(of: Static<typeof DeliveryParams>, actorId: string) {
    const { owner, delivery } = await find(of);
    const made = await redeliveries.repeat({ endpoint: owner.endpoint, eventId: delivery.event.id, actorId });
    if (made === null) throw noDelivery(of.delivery);
    return { delivery: deliveryBody(owner, made) };
  }

  /** Null: it would be sent. */
  async function sendMissed(
    of: Static<typeof EndpointParams>,
    sending: { readonly eventId: string; readonly does: "send" | "count"; readonly actorId: string },
  ) {
    const owner = await ownerOf(of);
    const made = await redeliveries.sendMissed({ endpoint: owner.endpoint, ...sending });
    if (made === "missed") return null;
    if (made === null || made === "had" || made === "unsettled") throw notMissed(owner, sending.eventId, made);
    return { delivery: deliveryBody(owner, made) };
  }

  return { find, page, redeliver, sendMissed };
}

/** Both conditions hold: the contract's word, if there is one, and the one that every contract has. */
function inState(filter: DeliveryFilter, state: keyof typeof commonStates): DeliveryFilter {
  const states: readonly DeliveryState[] = commonStates[state];
  return {
    ...filter,
    states: filter.states === null ? states : states.filter((each) => filter.states?.includes(each)),
  };
}

function noDelivery(id: string): HookwrightError {
  return new HookwrightError("not_found", `There is no delivery ${JSON.stringify(id)} for this endpoint.`);
}

function notMissed(
  { endpoint, contract: { id: contract } }: Owner,
  eventId: string,
  why: "had" | "unsettled" | null,
): HookwrightError {
  const event = JSON.stringify(eventId);
  const messages = {
    had: `${endpoint.id} has a delivery of ${event}: redeliver that.`,
    unsettled: `the engine has still to come to ${event}: it may be about to send it.`,
  };
  if (why === null) {
    return new HookwrightError(
      "not_found",
      `There is no event ${event} of the contract "${contract}", or it is no longer kept.`,
    );
  }
  return new HookwrightError("invalid_request", `eventId: ${messages[why]}`, { path: "eventId" });
}

function unknownBefore(id: string): HookwrightError {
  const message = `before: expected a delivery of this endpoint whose event is still kept, got ${JSON.stringify(id)}.`;
  return new HookwrightError("invalid_request", message, { path: "before" });
}

/** As its endpoint's owner sees it. */
export function deliveryBody({ endpoint, contract }: Owner, delivery: Delivery): Static<typeof DeliveryBody> {
  const { event, run, attempts, dueAt } = delivery;
  const last = attempts.at(-1);
  return {
    id: deliveryId({ prefix: contract.ids.delivery.prefix, eventId: event.id, endpointId: endpoint.id, run }),
    eventId: event.id,
    endpointId: endpoint.id,
    eventType: event.type,
    status: dueAt === null ? stateAfter(last, contract) : contract.states.pending,
    attemptCount: attempts.length,
    nextAttemptAt: dueAt === null ? null : isoTime(dueAt),
    lastResponseStatus: last?.status ?? null,
    lastError: last?.error ?? null,
    deliveredAt: last?.result === "delivered" ? isoTime(last.startedAt + last.durationMs) : null,
    createdAt: isoTime(delivery.createdAt),
  };
}

function attemptBody({ endpoint, contract }: Owner, { event }: Delivery, attempt: Attempt): Static<typeof AttemptBody> {
  const { number, run, position, startedAt, durationMs, status, error, responseBody, ownHeaders, responseHeaders } =
    attempt;
  const of = { eventId: event.id, endpointId: endpoint.id };
  const ids = attemptIds(contract, { ...of, run, number });
  const { type: eventType, time: eventTime } = event;
  const named = { ...of, ...ids, eventType, eventTime, tenant: endpoint.tenant };
  const identity = { ...named, attemptNumber: number, position, now: startedAt };
  return {
    id: ids.attemptId,
    number,
    startedAt: isoTime(startedAt),
    durationMs,
    status,
    error,
    state: stateAfter(attempt, contract),
    requestHeaders: shownHeaders(contract, identity, ownHeaders),
    responseHeaders: responseHeaders && Object.fromEntries(responseHeaders.fields),
    headersCut: ownHeaders?.isCut === true || responseHeaders?.isCut === true,
    responseBody: responseBody === null ? null : new TextDecoder().decode(responseBody),
  };
}

/** What a delivery is after an attempt; one that is to be tried again, or was not yet, is pending. */
function stateAfter(attempt: Attempt | undefined, { states }: PushContract): string {
  const result = attempt?.result ?? "retry";
  return result === "retry" ? states.pending : states[result];
}
