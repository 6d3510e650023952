import { Type, type Static } from "@sinclair/typebox";
import { HookwrightError } from "../../errors.ts";
import { findEvent } from "../../endpoints/event-deliveries.ts";
import type { FeedConsumer } from "../../seams/feed-store.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import {
  contractChoice,
  feedCursor,
  feedName,
  isoTime,
  noContent,
  shared,
  TenantParams,
  timestamp,
} from "../schemas.ts";

export const FeedConsumerBody = Type.Object(
  {
    name: Type.String(),
    contract: Type.String({ description: "The contract whose events it reads." }),
    cursor: Type.String({ description: "What it has committed: reading goes on after it." }),
    createdAt: timestamp("When it was made."),
    updatedAt: timestamp("When it last committed or sought."),
  },
  { $id: "FeedConsumer", description: "A reader of the feed whose place is kept here." },
);
const One = Type.Object({ consumer: shared(FeedConsumerBody) }, { description: "The consumer." });
const Existing = Type.Object(One.properties, { description: "It was there, and stays as it is." });
const List = Type.Object(
  { consumers: Type.Array(shared(FeedConsumerBody)) },
  { description: "In order of their names." },
);
const edge = Type.Union([Type.Literal("beginning"), Type.Literal("end")]);
const NewConsumer = Type.Object(
  { contract: contractChoice, from: Type.Optional(edge) },
  { additionalProperties: false },
);
const Commit = Type.Object(
  { cursor: feedCursor("The `nextCursor` of the last page that was done with.") },
  { additionalProperties: false },
);
const Seek = Type.Object(
  {
    to: Type.Union([...edge.anyOf, Type.Literal("time"), Type.Literal("event")]),
    time: Type.Optional(timestamp("With `time`: the first event that happened then or later comes next.")),
    event: Type.Optional(Type.String({ maxLength: 255, description: "With `event`: that event comes next." })),
  },
  { additionalProperties: false },
);

const collection = "/v1/orgs/:tenant/feeds";
const FeedParams = Type.Object({ ...TenantParams.properties, name: feedName("The consumer.") });
const tags = ["Feeds"];

/** Consumers of the feed of events, by name. */
export function feedRoutes(app: HttpServer, parts: HttpParts): void {
  readingRoutes(app, parts);
  changingRoutes(app, parts);
  placeRoutes(app, parts);
}

function changingRoutes(app: HttpServer, parts: HttpParts): void {
  const { consumers, catalog } = parts;
  app.put(
    `${collection}/:name`,
    {
      config: { access: "write" },
      schema: {
        operationId: "createFeedConsumer",
        summary: "Make a consumer of the feed",
        description: "Begins with the first event that is kept, or with what comes next. A repeat changes nothing.",
        tags,
        params: FeedParams,
        body: NewConsumer,
        response: { 200: Existing, 201: One },
      },
    },
    async ({ actorId, params, body }, reply) => {
      const contract = chosenContract(catalog, body.contract).declaration.id;
      const how = { contract, from: body.from ?? "beginning" };
      const { consumer, isNew } = await consumers.create({ ...params, actorId }, how);
      return reply.code(isNew ? 201 : 200).send({ consumer: bodyOf(consumer, parts) });
    },
  );

  app.delete(
    `${collection}/:name`,
    {
      config: { access: "write" },
      schema: {
        operationId: "deleteFeedConsumer",
        summary: "Delete a consumer of the feed",
        description: "Its place is forgotten; the events stay.",
        tags,
        params: FeedParams,
        response: { 204: noContent("There is no such consumer any more.") },
      },
    },
    async ({ actorId, params }, reply) => {
      await consumers.remove({ ...params, actorId });
      return reply.code(204).send(null);
    },
  );
}

function readingRoutes(app: HttpServer, parts: HttpParts): void {
  const { consumers } = parts;
  app.get(
    collection,
    {
      config: { access: "read" },
      schema: {
        operationId: "listFeedConsumers",
        summary: "List consumers of the feed",
        tags,
        params: TenantParams,
        response: { 200: List },
      },
    },
    async ({ params }) => {
      const found = await consumers.list(params);
      return { consumers: found.map((consumer) => bodyOf(consumer, parts)) };
    },
  );

  app.get(
    `${collection}/:name`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getFeedConsumer",
        summary: "Get a consumer of the feed",
        tags,
        params: FeedParams,
        response: { 200: One },
      },
    },
    async ({ params }) => ({ consumer: bodyOf(await consumers.get(params), parts) }),
  );
}

function placeRoutes(app: HttpServer, parts: HttpParts): void {
  const { consumers, cursors } = parts;
  app.post(
    `${collection}/:name/commit`,
    {
      config: { access: "write" },
      schema: {
        operationId: "commitFeedConsumer",
        summary: "Say how far a consumer has come",
        description: "A cursor of an earlier place changes nothing: of two workers, the one that is further counts.",
        tags,
        params: FeedParams,
        body: Commit,
        response: { 200: One },
      },
    },
    async ({ params, body }) => {
      const position = cursors.read(params.tenant, body.cursor);
      return { consumer: bodyOf(await consumers.commit(params, position), parts) };
    },
  );

  app.post(
    `${collection}/:name/seek`,
    {
      config: { access: "write" },
      schema: {
        operationId: "seekFeedConsumer",
        summary: "Put a consumer somewhere else",
        description: "To read events again, or to pass some over.",
        tags,
        params: FeedParams,
        body: Seek,
        response: { 200: One },
      },
    },
    async ({ actorId, params, body }) => {
      const position = await placeOf(parts, await consumers.get(params), body);
      return { consumer: bodyOf(await consumers.move({ ...params, actorId }, position), parts) };
    },
  );
}

/** The position after which the consumer goes on. */
async function placeOf(
  { store }: Pick<HttpParts, "store">,
  { tenant, contract }: FeedConsumer,
  { to, time, event }: Static<typeof Seek>,
): Promise<number> {
  switch (to) {
    case "beginning":
      return 0;
    case "end":
      return store.feeds.end();
    case "time": {
      if (time === undefined) throw missing("time");
      // Before the look for the event, or one that comes between the two would be passed over.
      const end = await store.feeds.end();
      const first = await store.feeds.firstSince({ tenant, contract, time: Date.parse(time) });
      return first === null ? end : first - 1;
    }
    case "event": {
      if (event === undefined) throw missing("event");
      return (await findEvent(store, { tenant, id: event })).position - 1;
    }
  }
}

function missing(field: "time" | "event"): HookwrightError {
  const message = `${field}: expected one, as "to" is ${JSON.stringify(field)}, got nothing.`;
  return new HookwrightError("invalid_request", message, { path: field });
}

function bodyOf(consumer: FeedConsumer, { cursors }: Pick<HttpParts, "cursors">): Static<typeof FeedConsumerBody> {
  const { tenant, name, contract, position, createdAt, updatedAt } = consumer;
  const cursor = cursors.write(tenant, position);
  return { name, contract, cursor, createdAt: isoTime(createdAt), updatedAt: isoTime(updatedAt) };
}
