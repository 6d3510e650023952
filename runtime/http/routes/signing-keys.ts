import { Type, type Static } from "@sinclair/typebox";
import type { SigningKey } from "../../seams/stream-store.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { errorAnswer } from "../route-rules.ts";
import { isoTime, noContent, shared, SigningKeyParams, TenantParams, timestamp } from "../schemas.ts";

export const SigningKeyBody = Type.Object(
  { id: Type.String(), contract: Type.String(), createdAt: timestamp("When it was made.") },
  {
    $id: "SigningKey",
    description: "A key that signs all requests of a contract to the tenant, without the key itself.",
  },
);
const contract = Type.String({ maxLength: 255, description: "A contract whose requests the tenant's keys sign." });
const NewKey = Type.Object({ contract }, { additionalProperties: false });
const Made = Type.Object(
  {
    signingKey: shared(SigningKeyBody),
    key: Type.String({ description: "Shown this once. If it is lost, make another one and revoke this one." }),
  },
  { description: "The key." },
);
const KeyList = Type.Object({ signingKeys: Type.Array(shared(SigningKeyBody)) }, { description: "Newest first." });

const collection = "/v1/orgs/:tenant/signing-keys";
const tags = ["Log streams"];

/** A request carries one signature for each active key, newest first, so a key is replaced without a gap. */
export function signingKeyRoutes(app: HttpServer, { signingKeys }: HttpParts): void {
  app.post(
    collection,
    {
      config: { access: "write" },
      schema: {
        operationId: "createSigningKey",
        summary: "Make a signing key",
        description: "From the next attempt on, requests carry a signature with it before the others.",
        tags,
        params: TenantParams,
        body: NewKey,
        response: { 201: Made, 409: errorAnswer(409) },
      },
    },
    async ({ actorId, params, body }, reply) => {
      const { signingKey, key } = await signingKeys.create({ ...params, ...body, actorId });
      return reply.code(201).send({ signingKey: keyBody(signingKey), key });
    },
  );

  app.get(
    collection,
    {
      config: { access: "read" },
      schema: {
        operationId: "listSigningKeys",
        summary: "List signing keys",
        tags,
        params: TenantParams,
        querystring: Type.Object({ contract }, { additionalProperties: false }),
        response: { 200: KeyList },
      },
    },
    async (request) => {
      const keys = await signingKeys.list({ ...request.params, ...request.query });
      return { signingKeys: keys.map(keyBody) };
    },
  );

  app.delete(
    `${collection}/:id`,
    {
      config: { access: "write" },
      schema: {
        operationId: "revokeSigningKey",
        summary: "Revoke a signing key",
        description: "From the next attempt on, requests carry no signature with it.",
        tags,
        params: SigningKeyParams,
        response: { 204: noContent("The key signs no more.") },
      },
    },
    async ({ actorId, params }, reply) => {
      await signingKeys.revoke({ ...params, actorId });
      return reply.code(204).send(null);
    },
  );
}

function keyBody({ id, contract, createdAt }: SigningKey): Static<typeof SigningKeyBody> {
  return { id, contract, createdAt: isoTime(createdAt) };
}
