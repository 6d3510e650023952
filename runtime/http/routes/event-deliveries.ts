import { Type, type Static } from "@sinclair/typebox";
import { isPush } from "../../contracts/contract-of.ts";
import { describeNeed } from "../../contracts/needs.ts";
import {
  eventOutcome,
  findEvent,
  streamStanding,
  type EndpointOutcome,
  type StreamStanding,
  holdOn,
  type CanOpen,
  type Hold,
} from "../../endpoints/event-deliveries.ts";
import { isErased } from "../../seams/log-store.ts";
import type { FeedEvent } from "../../seams/feed-store.ts";
import type { WireCatalog } from "../../contracts/wire-contract.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { reaches } from "../portal-reach.ts";
import { AnyEvent, EventParams, isoTime, nullable, shared, timestamp } from "../schemas.ts";
import { DeliveryBody, deliveryBody } from "./deliveries.ts";

const eventFields = {
  id: Type.String(),
  type: Type.String(),
  contract: Type.String(),
  createdAt: timestamp("When it happened."),
};
const OneEvent = Type.Object(
  { event: Type.Object({ ...eventFields, body: nullable(shared(AnyEvent), "Null: its payload was erased.") }) },
  {
    description: "The event, and its body as it is sent.",
  },
);

/** What each outcome means; the words are part of the API. */
const outcomes = {
  delivering: "It gets the event: `deliveries` has what came of it.",
  sent_later: "It missed the event, and was sent it since: `deliveries` has what came of it.",
  waiting: "It gets the event, but the engine has not come to it yet.",
  dropped: "It was to get the event, but was deleted before it was tried.",
  created_later: "It was registered after the event.",
  deleted: "It was deleted before the event.",
  disabled: "It was disabled when the event happened.",
  contract_differs: "It gets the events of another contract.",
  not_subscribed: "It was not subscribed to the event's type when the event happened.",
  filtered: "It was subscribed to the event's type, and its filter did not let the event pass.",
} as const;
type Outcome = keyof typeof outcomes;

/** What holds back an endpoint's pending deliveries, as words and as sentences. */
const holds = {
  disabled: "It is disabled now: what is pending for it stays so until it is enabled.",
  paused: "It is paused now: what is pending for it stays so until it is resumed.",
  secret_unreadable:
    "Its signing secret cannot be opened with the keys of this server: nothing is sent until it can, or is rotated.",
  unserved: "It waits for a process that has what `waitsFor` names, such as one with a newer catalog.",
  breaker_open: "It fails so often that its deliveries are tried one at a time; what is pending waits for its turn.",
} as const satisfies Readonly<Record<Hold, string>>;

const Account = Type.Object({
  endpointId: Type.String(),
  contract: Type.String({ description: "The contract whose events it gets." }),
  url: Type.String({ description: "As it is now." }),
  deleted: Type.Boolean({ description: "Whether there is no such endpoint any more." }),
  outcome: Type.String({
    description: Object.entries(outcomes)
      .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
      .join("\n"),
  }),
  reason: Type.String({ description: "The same as a sentence." }),
  decidedBy: nullable(
    Type.Object({ id: Type.String(), type: Type.String(), at: timestamp("When it happened.") }),
    "The event about the endpoint that the outcome follows from. Null when it is no longer kept.",
  ),
  heldBackBy: nullable(
    Type.String({
      description: Object.entries(holds)
        .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
        .join("\n"),
    }),
    "What holds back deliveries of the endpoint that are pending. Null: nothing does.",
  ),
  waitsFor: nullable(
    Type.String({ description: "A contract, an event type, a later declaration, or a key." }),
    "What no process that came to a delivery of the event had: it waits for one that has it. Null: nothing.",
  ),
  deliveries: Type.Array(shared(DeliveryBody), { description: "The delivery, and its redeliveries after it." }),
});

const standings: Readonly<Record<StreamStanding, string>> = {
  waiting: "The log stream has not come to it yet.",
  under_way: "It is in the batch that is sent now, or again.",
  filtered: "The log stream does not send events of this type.",
  passed: "The log stream is beyond it: it was accepted, passed over, or older than the stream's beginning.",
};
const StreamAccount = Type.Object({
  logStreamId: Type.String(),
  outcome: Type.String({
    description: Object.entries(standings)
      .map(([name, meaning]) => `\`${name}\`: ${meaning}`)
      .join("\n"),
  }),
  reason: Type.String({ description: "The same as a sentence." }),
});
export const Accounts = Type.Object(
  {
    event: Type.Object(eventFields),
    endpoints: Type.Array(Account),
    logStreams: Type.Array(StreamAccount, { description: "Those of the event's contract." }),
  },
  {
    description:
      "Every endpoint that the tenant has or had, and its log streams of the contract, in order of creation.",
  },
);

const Erasure = Type.Object(
  {
    erased: Type.Object({
      eventId: Type.String(),
      dropped: Type.Integer({ description: "Deliveries that waited, and are made no more." }),
      sentTo: Type.Array(Type.String(), { description: "Endpoints to which it was attempted before." }),
      passedBy: Type.Array(Type.String(), {
        description: "Log streams that are beyond it: they sent it before, unless it was filtered.",
      }),
      frozenBy: Type.Array(Type.String(), {
        description:
          "Log streams whose batch under way has it; an attempt that has begun may end with it, the next goes without.",
      }),
    }),
  },
  { description: "Its payload is gone, and where that had gone before." },
);

const path = "/v1/orgs/:tenant/events/:id";
const tags = ["Events", "Deliveries"];

/** One event, and what became of it. */
export function eventDeliveryRoutes(app: HttpServer, parts: HttpParts): void {
  const { store, catalog, streams, canOpen } = parts;
  app.get(
    path,
    {
      config: { access: "read" },
      schema: {
        operationId: "getEvent",
        summary: "Get an event",
        tags,
        params: EventParams,
        response: { 200: OneEvent },
      },
    },
    async (request) => {
      const found = await findEvent(store, request.params);
      return { event: { ...eventBody(found), body: isErased(found) ? null : JSON.parse(found.body) } };
    },
  );

  app.get(
    `${path}/body`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getEventBody",
        summary: "Get an event's body, byte for byte",
        description: "The bytes that are signed and sent: numbers beyond 2 ** 53 have all their digits.",
        tags,
        params: EventParams,
        response: {
          200: {
            description: "The body as it is sent.",
            content: { "text/plain": { schema: Type.Unsafe<unknown>(Type.String()) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { body } = await findEvent(store, request.params);
      return reply.type("text/plain; charset=utf-8").send(body);
    },
  );

  app.get(
    `${path}/deliveries`,
    {
      config: { access: "read" },
      schema: {
        operationId: "explainEvent",
        summary: "Say who got an event, and why others did not",
        description:
          "Goes by the endpoints as they were at the event's place in the log, which is what decides who gets it.",
        tags,
        params: EventParams,
        response: { 200: Accounts },
      },
    },
    async (request) => {
      const outcome = await eventOutcome({ store, catalog }, request.params);
      const { event } = outcome;
      const shown = outcome.endpoints.filter(({ endpoint: { contract } }) => reaches(request, { catalog, contract }));
      const own = (await streams.list(request.params)).filter(({ contract }) => contract === event.contract);
      return {
        event: eventBody(event),
        endpoints: shown.map((each) => accountOf(each, catalog, canOpen)),
        logStreams: own.map((stream) => {
          const standing = streamStanding(catalog, stream, event);
          return { logStreamId: stream.id, outcome: standing, reason: standings[standing] };
        }),
      };
    },
  );
  eraseRoute(app, parts);
}

function eraseRoute(app: HttpServer, { erasing }: HttpParts): void {
  app.post(
    `${path}/erase`,
    {
      config: { access: "write" },
      schema: {
        operationId: "eraseEvent",
        summary: "Erase an event's payload",
        description:
          "For good: from the log, from deliveries that wait, and with it what receivers answered. The event stays with its id, " +
          "type and time. What was sent is the receivers', and is told; a repeat changes nothing and tells it again.",
        tags,
        params: EventParams,
        response: { 200: Erasure },
      },
    },
    async ({ params: { tenant, id }, actorId }) => {
      const { droppedCount: dropped, sentTo, passedBy, frozenBy } = await erasing.erase({ tenant, id, actorId });
      return {
        erased: { eventId: id, dropped, sentTo: [...sentTo], passedBy: [...passedBy], frozenBy: [...frozenBy] },
      };
    },
  );
}

function eventBody({ id, type, contract, time }: FeedEvent) {
  return { id, type, contract, createdAt: isoTime(time) };
}

function accountOf(of: EndpointOutcome, catalog: WireCatalog, canOpen: CanOpen): Static<typeof Account> {
  const { endpoint, fact, deliveries } = of;
  const outcome = outcomeOf(of);
  const need = deliveries.find((delivery) => delivery.need !== null)?.need ?? null;
  const contract = catalog[endpoint.contract];
  const states = contract !== undefined && isPush(contract) ? contract.declaration : null;
  return {
    endpointId: endpoint.id,
    contract: endpoint.contract,
    url: endpoint.url,
    deleted: endpoint.deletedAt !== null,
    outcome,
    reason: outcome === "sent_later" ? `${outcomes.sent_later} ${missedReason(of)}` : outcomes[outcome],
    decidedBy: fact === null ? null : { id: fact.id, type: fact.type, at: isoTime(fact.time) },
    heldBackBy: need === null ? holdOn(endpoint, catalog, canOpen) : "unserved",
    waitsFor: need === null ? null : describeNeed(need),
    deliveries: states === null ? [] : deliveries.map((each) => deliveryBody({ endpoint, contract: states }, each)),
  };
}

const missedReason = ({ standing }: EndpointOutcome) => (standing === "subscribed" ? "" : outcomes[standing]);

function outcomeOf({ endpoint, standing, deliveries }: EndpointOutcome): Outcome {
  if (standing !== "subscribed") return deliveries.length > 0 ? "sent_later" : standing;
  if (deliveries.length > 0) return "delivering";
  return endpoint.deletedAt === null ? "waiting" : "dropped";
}
