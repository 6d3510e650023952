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
  type Hold,
} from "../../endpoints/event-deliveries.ts";
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
  { event: Type.Object({ ...eventFields, body: shared(AnyEvent) }) },
  {
    description: "The event, and its body as it is sent.",
  },
);

/** What each outcome means; the words are part of the API. */
const outcomes = {
  delivering: "It gets the event: `deliveries` has what came of it.",
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

const path = "/v1/orgs/:tenant/events/:id";
const tags = ["Events", "Deliveries"];

/** One event, and what became of it. */
export function eventDeliveryRoutes(app: HttpServer, { store, catalog, streams }: HttpParts): void {
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
      return { event: { ...eventBody(found), body: JSON.parse(found.body) } };
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
        endpoints: shown.map((each) => accountOf(each, catalog)),
        logStreams: own.map((stream) => {
          const standing = streamStanding(catalog, stream, event);
          return { logStreamId: stream.id, outcome: standing, reason: standings[standing] };
        }),
      };
    },
  );
}

function eventBody({ id, type, contract, time }: FeedEvent) {
  return { id, type, contract, createdAt: isoTime(time) };
}

function accountOf(of: EndpointOutcome, catalog: WireCatalog): Static<typeof Account> {
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
    reason: outcomes[outcome],
    decidedBy: fact === null ? null : { id: fact.id, type: fact.type, at: isoTime(fact.time) },
    heldBackBy: need === null ? holdOn(endpoint, catalog) : "unserved",
    waitsFor: need === null ? null : describeNeed(need),
    deliveries: states === null ? [] : deliveries.map((each) => deliveryBody({ endpoint, contract: states }, each)),
  };
}

function outcomeOf({ endpoint, standing, deliveries }: EndpointOutcome): Outcome {
  if (standing !== "subscribed") return standing;
  if (deliveries.length > 0) return "delivering";
  return endpoint.deletedAt === null ? "waiting" : "dropped";
}
