import { Type, type Static } from "@sinclair/typebox";
import type { ApiKey } from "../../seams/api-key-store.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { ApiKeyParams, isoTime, noContent, nullable, shared, TenantParams, timestamp } from "../schemas.ts";

const role = Type.Union([Type.Literal("member"), Type.Literal("admin"), Type.Literal("owner")], {
  description: "`member` reads, `admin` also changes, `owner` also manages keys.",
});
export const ApiKeyBody = Type.Object(
  {
    id: Type.String(),
    role,
    description: nullable(Type.String()),
    createdAt: timestamp("When it was made."),
    expiresAt: nullable(timestamp("From then on it is refused."), "Null when it does not expire."),
    lastUsedAt: nullable(timestamp("When it was last used, to the minute."), "Null when it was not used yet."),
  },
  { $id: "ApiKey", description: "A key of the tenant, without the key itself." },
);
const NewKey = Type.Object(
  {
    role,
    description: Type.Optional(nullable(Type.String({ maxLength: 1000 }))),
    expiresAt: Type.Optional(nullable(timestamp("A time to come, `2027-05-08T14:00:00Z`."), "Null: never.")),
  },
  { additionalProperties: false },
);
const Made = Type.Object(
  { apiKey: shared(ApiKeyBody), key: Type.String({ description: "Shown this once; only its SHA-256 is kept." }) },
  { description: "The key." },
);
const KeyList = Type.Object({ apiKeys: Type.Array(shared(ApiKeyBody)) }, { description: "In order of creation." });

const collection = "/v1/orgs/:tenant/api-keys";
const tags = ["API keys"];

/** Keys of a tenant, managed by its owners and the operator. */
export function apiKeyRoutes(app: HttpServer, { keys }: HttpParts): void {
  app.post(
    collection,
    {
      config: { access: "keys" },
      schema: {
        operationId: "createApiKey",
        summary: "Make an API key",
        tags,
        params: TenantParams,
        body: NewKey,
        response: { 201: Made },
      },
    },
    async ({ actorId, body, params }, reply) => {
      const { role, description = null, expiresAt = null } = body;
      const wanted = { role, description, expiresAt: expiresAt === null ? null : Date.parse(expiresAt) };
      const { apiKey, key } = await keys.create({ tenant: params.tenant, actorId }, wanted);
      return reply.code(201).send({ apiKey: keyBody(apiKey), key });
    },
  );

  app.get(
    collection,
    {
      config: { access: "keys" },
      schema: {
        operationId: "listApiKeys",
        summary: "List API keys",
        tags,
        params: TenantParams,
        response: { 200: KeyList },
      },
    },
    async (request) => ({ apiKeys: (await keys.list({ tenant: request.params.tenant })).map(keyBody) }),
  );

  app.delete(
    `${collection}/:id`,
    {
      config: { access: "keys" },
      schema: {
        operationId: "revokeApiKey",
        summary: "Revoke an API key",
        tags,
        params: ApiKeyParams,
        response: { 204: noContent("The key is no longer accepted.") },
      },
    },
    async ({ actorId, params: { tenant, id } }, reply) => {
      await keys.revoke({ tenant, actorId }, id);
      return reply.code(204).send(null);
    },
  );
}

function keyBody({ id, role, description, ...times }: ApiKey): Static<typeof ApiKeyBody> {
  const { createdAt, expiresAt, lastUsedAt } = times;
  return {
    id,
    role,
    description,
    createdAt: isoTime(createdAt),
    expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    lastUsedAt: lastUsedAt === null ? null : isoTime(lastUsedAt),
  };
}
