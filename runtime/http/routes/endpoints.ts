import { Type, type Static } from "@sinclair/typebox";
import type { EndpointWithSecret } from "../../endpoints/endpoints.ts";
import type { Endpoint } from "../../seams/log-store.ts";
import { pageLimit } from "../page-limit.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import { breakerOf } from "../../endpoints/event-deliveries.ts";
import { optionsBody } from "../endpoint-options.ts";
import { contractChoice, EndpointParams, isoTime, noContent, nullable, shared, TenantParams } from "../schemas.ts";
import { timestamp } from "../schemas.ts";

/** An endpoint as its owner sees it (D-STECH-07): never the secret, sealed or not (R-STECH-16). */
export const EndpointBody = Type.Object(
  {
    id: Type.String(),
    contract: Type.String({ description: "The contract whose events it gets." }),
    url: Type.String(),
    description: nullable(Type.String()),
    events: Type.Array(Type.String(), { description: "Event types and prefixes, or `*` alone for all of them." }),
    enabled: Type.Boolean(),
    ...optionsBody,
    hasSecret: Type.Boolean({ description: "Always true: every endpoint has a signing secret." }),
    publicKey: nullable(
      Type.String({ description: "What a receiver verifies signatures with; no secret." }),
      "Null when the contract signs with a shared secret alone.",
    ),
    previousSecretExpiresAt: nullable(
      timestamp("Until when attempts carry a signature with the previous secret too, after the current one's."),
      "Null when they carry one signature.",
    ),
    breaker: nullable(
      Type.Union([Type.Literal("closed"), Type.Literal("open")], {
        description:
          "`open`: so many attempts in a row failed, and the last had no answer, 429 or a status from 500 on; its " +
          "deliveries wait, without using up attempts, and are tried one at a time. Testing it sends all the same; changing it lets one through at once.",
      }),
      "Null: its contract declares no circuit breaker.",
    ),
    failureCount: Type.Integer({ description: "Failed attempts in a row, over all deliveries." }),
    lastFailedAt: nullable(timestamp("When an attempt last failed."), "Null when none did."),
    lastFailureStatus: nullable(Type.Integer(), "Null when there was no response."),
    expiresAt: nullable(
      timestamp("When it ends unless the program that subscribed renews it."),
      "Null: its owner registered it, and it stays until it is deleted.",
    ),
    createdAt: timestamp("When it was registered."),
    updatedAt: timestamp("When it was last changed."),
  },
  { $id: "Endpoint", description: "A subscriber's URL." },
);

const options = Type.Partial(Type.Object(optionsBody)).properties;
const url = Type.String({ maxLength: 10_000, description: "Absolute, https, of a public host." });
const description = Type.Optional(nullable(Type.String({ maxLength: 1000 })));
const events = Type.Array(Type.String({ maxLength: 255 }), {
  minItems: 1,
  maxItems: 1000,
  description:
    "Event types, or `*` for all, also those to come. Contracts that declare prefixes also take `group.*`, for all " +
    "types of a group. What another entry stands for is left out.",
});
const newEvents = {
  ...events,
  description: `${events.description} Of a contract that declares what an endpoint gets without them, they may be left out.`,
};
const NewEndpoint = Type.Object(
  { url, description, events: Type.Optional(newEvents), contract: contractChoice, ...options },
  { additionalProperties: false },
);
const Change = Type.Object(
  {
    url: Type.Optional(url),
    description,
    events: Type.Optional(events),
    enabled: Type.Optional(
      Type.Boolean({
        description:
          "A disabled endpoint gets none of the events that happen meanwhile, not even later; what was pending stays so.",
      }),
    ),
    ...options,
  },
  { additionalProperties: false, minProperties: 1 },
);
const Rotation = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          "How long attempts carry a signature with the previous secret too; 0: not at all. Contracts whose secrets " +
          "are replaced at once take none. Left out, it is as the contract says.",
      }),
    ),
  },
  { additionalProperties: false },
);
const ListQuery = Type.Object(
  {
    contract: contractChoice,
    after: Type.Optional(Type.String({ maxLength: 255, description: "An endpoint: those made after it follow." })),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);

const OneEndpoint = Type.Object({ endpoint: shared(EndpointBody) }, { description: "The endpoint." });
const EndpointList = Type.Object(
  { endpoints: Type.Array(shared(EndpointBody)), hasMore: Type.Boolean() },
  { description: "In order of creation." },
);
const WithSecret = Type.Object(
  {
    endpoint: shared(EndpointBody),
    signingSecret: nullable(
      Type.String({ description: "Shown this once. If it is lost, rotate it." }),
      "Null when the contract signs with a private key alone: `endpoint.publicKey` is what verifies.",
    ),
  },
  { description: "The endpoint and its new signing secret." },
);

/** Of every contract, as the list is ours. */
const endpointPage = { pageDefault: 50, pageMax: 200 };

const collection = "/v1/orgs/:tenant/webhook-endpoints";
const tags = ["Endpoints"];

export function endpointRoutes(app: HttpServer, parts: HttpParts): void {
  readingRoutes(app, parts);
  secretRoutes(app, parts);
  changingRoutes(app, parts);
}

function readingRoutes(app: HttpServer, parts: HttpParts): void {
  const { catalog, endpoints } = parts;
  app.get(
    collection,
    {
      config: { access: "read" },
      schema: {
        operationId: "listEndpoints",
        summary: "List endpoints",
        description: "Ask again with `after`, the last endpoint of the page, while `hasMore` says so.",
        tags,
        params: TenantParams,
        querystring: ListQuery,
        response: { 200: EndpointList },
      },
    },
    async (request) => {
      const { contract: id, after = null, limit: asked } = request.query;
      const contract = chosenContract(catalog, id).declaration.id;
      const limit = pageLimit(asked, endpointPage);
      // One more than is shown tells whether there are more.
      const found = await endpoints.page({ tenant: request.params.tenant, contract, after, limit: limit + 1 });
      const shown = found.slice(0, limit).map((endpoint) => endpointBody(endpoint, parts));
      return { endpoints: shown, hasMore: found.length > limit };
    },
  );

  app.get(
    `${collection}/:id`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getEndpoint",
        summary: "Get an endpoint",
        tags,
        params: EndpointParams,
        response: { 200: OneEndpoint },
      },
    },
    async (request) => ({ endpoint: endpointBody(await endpoints.get(request.params), parts) }),
  );
}

/** Both show a secret, this once (R-STECH-05). */
function secretRoutes(app: HttpServer, parts: HttpParts): void {
  const { catalog, endpoints } = parts;
  app.post(
    collection,
    {
      config: { access: "write" },
      schema: {
        operationId: "createEndpoint",
        summary: "Register an endpoint",
        tags,
        params: TenantParams,
        body: NewEndpoint,
        response: { 201: WithSecret },
      },
    },
    async (request, reply) => {
      const { contract: id, description = null, ...settings } = request.body;
      const contract = chosenContract(catalog, id).declaration.id;
      const { tenant } = request.params;
      const created = await endpoints.create({ tenant, contract, description, ...settings, actorId: request.actorId });
      return reply.code(201).send(withSecret(created, parts));
    },
  );

  app.post(
    `${collection}/:id/rotate-secret`,
    {
      config: { access: "write" },
      schema: {
        operationId: "rotateEndpointSecret",
        summary: "Rotate an endpoint's signing secret",
        description:
          "From the answer on, every attempt is signed with the new secret: alone, or until `previousSecretExpiresAt` " +
          "with the previous one too, as the contract says.",
        tags,
        params: EndpointParams,
        body: nullable(Rotation),
        response: { 200: WithSecret },
      },
    },
    async ({ actorId, body, params }) => {
      const overlapSeconds = body?.overlapSeconds;
      return withSecret(await endpoints.rotateSecret(params, { actorId, overlapSeconds }), parts);
    },
  );
}

function changingRoutes(app: HttpServer, parts: HttpParts): void {
  const { endpoints } = parts;
  app.patch(
    `${collection}/:id`,
    {
      config: { access: "write" },
      schema: {
        operationId: "updateEndpoint",
        summary: "Change an endpoint",
        description: "What is left out stays as it is. Enabling and resuming make what is pending due again.",
        tags,
        params: EndpointParams,
        body: Change,
        response: { 200: OneEndpoint },
      },
    },
    async ({ actorId, body, params }) => ({
      endpoint: endpointBody(await endpoints.update({ ...params, actorId }, body), parts),
    }),
  );

  app.delete(
    `${collection}/:id`,
    {
      config: { access: "write" },
      schema: {
        operationId: "deleteEndpoint",
        summary: "Delete an endpoint",
        description: "What is pending for it is dropped.",
        tags,
        params: EndpointParams,
        response: { 204: noContent("The endpoint is deleted.") },
      },
    },
    async (request, reply) => {
      await endpoints.remove({ ...request.params, actorId: request.actorId });
      return reply.code(204).send(null);
    },
  );
}

function withSecret({ endpoint, signingSecret }: EndpointWithSecret, parts: BodyParts) {
  return { endpoint: endpointBody(endpoint, parts), signingSecret };
}

type BodyParts = Pick<HttpParts, "catalog" | "clock">;

/** As its owner sees it. */
export function endpointBody(endpoint: Endpoint, { catalog, clock }: BodyParts): Static<typeof EndpointBody> {
  const { id, contract, url, description, events, enabled, failureCount, lastFailedAt, lastFailureStatus } = endpoint;
  const expiresAt = endpoint.previousSecret?.expiresAt ?? 0;
  return {
    id,
    contract,
    url,
    description,
    events: [...events],
    enabled,
    paused: endpoint.paused,
    filter: endpoint.filter,
    headers: { ...endpoint.headers },
    metadata: { ...endpoint.metadata },
    ratePerSecond: endpoint.ratePerSecond,
    inFlightMax: endpoint.inFlightMax,
    hasSecret: true,
    breaker: breakerOf(endpoint, catalog),
    publicKey: endpoint.publicKey,
    previousSecretExpiresAt: expiresAt > clock.now() ? isoTime(expiresAt) : null,
    failureCount,
    lastFailedAt: lastFailedAt === null ? null : isoTime(lastFailedAt),
    lastFailureStatus,
    expiresAt: endpoint.subscription === null ? null : isoTime(endpoint.subscription.expiresAt),
    createdAt: isoTime(endpoint.createdAt),
    updatedAt: isoTime(endpoint.updatedAt),
  };
}
