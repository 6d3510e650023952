import { randomBytes } from "node:crypto";
import { Type, type Static } from "@sinclair/typebox";
import { HookwrightError } from "../../errors.ts";
import { keyHash, newApiKey } from "../../secrets/api-key.ts";
import type { ApiKey } from "../../api-key-store.ts";
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
  },
  { $id: "ApiKey", description: "A key of the tenant, without the key itself." },
);
const NewKey = Type.Object(
  { role, description: Type.Optional(nullable(Type.String({ maxLength: 1000 }))) },
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
export function apiKeyRoutes(app: HttpServer, { store: { apiKeys }, clock }: HttpParts): void {
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
    async (request, reply) => {
      const { id, key } = newApiKey(randomBytes);
      const { role, description = null } = request.body;
      const { tenant } = request.params;
      const apiKey = { id, tenant, role, description, hash: keyHash(key), createdAt: clock.now() };
      await apiKeys.create(apiKey);
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
    async (request) => ({ apiKeys: (await apiKeys.list({ tenant: request.params.tenant })).map(keyBody) }),
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
    async (request, reply) => {
      const { tenant, id } = request.params;
      if (!(await apiKeys.remove({ tenant, id })))
        throw new HookwrightError("not_found", `There is no API key ${JSON.stringify(id)}.`);
      return reply.code(204).send(null);
    },
  );
}

function keyBody({ id, role, description, createdAt }: ApiKey): Static<typeof ApiKeyBody> {
  return { id, role, description, createdAt: isoTime(createdAt) };
}
