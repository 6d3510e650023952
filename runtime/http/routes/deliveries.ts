import { Type, type Static } from "@sinclair/typebox";
import type { PushContract } from "../../../catalog/contract.ts";
import { pushContractOf } from "../../contracts/contract-of.ts";
import { attemptId, deliveryId, parseDeliveryId } from "../../contracts/delivery-id.ts";
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
    async (request, reply) => reply.code(202).send(await log.redeliver(request.params)),
  );
}

/** An endpoint and the contract its deliveries are made by. */
interface Owner {
  readonly endpoint: Endpoint;
  readonly contract: PushContract;
}

function createDeliveryLog({ store: { deliveries }, endpoints, catalog, clock, wake }: HttpParts) {
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

  async function redeliver(of: Static<typeof DeliveryParams>) {
    const { owner, delivery } = await find(of);
    const made = await deliveries.redeliver({
      endpointKey: owner.endpoint.key,
      eventId: delivery.event.id,
      at: clock.now(),
    });
    if (made === null) throw noDelivery(of.delivery);
    wake();
    return { delivery: deliveryBody(owner, made) };
  }

  return { find, page, redeliver };
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
  const { number, run, startedAt, durationMs, status, error, responseBody } = attempt;
  const { prefix } = contract.ids.attempt;
  return {
    id: attemptId({ prefix, eventId: event.id, endpointId: endpoint.id, run, number }),
    number,
    startedAt: isoTime(startedAt),
    durationMs,
    status,
    error,
    state: stateAfter(attempt, contract),
    responseBody: responseBody === null ? null : new TextDecoder().decode(responseBody),
  };
}

/** What a delivery is after an attempt; one that is to be tried again, or was not yet, is pending. */
function stateAfter(attempt: Attempt | undefined, { states }: PushContract): string {
  const result = attempt?.result ?? "retry";
  return result === "retry" ? states.pending : states[result];
}
