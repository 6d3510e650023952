import { Type } from "@sinclair/typebox";
import type { HttpParts, HttpServer } from "../parts.ts";
import { isoTime, TenantParams, timestamp } from "../schemas.ts";

const secondsMax = 3600;
const secondsDefault = 900;

const scope = Type.Union([Type.Literal("read"), Type.Literal("manage")], {
  description: "`read` shows endpoints and deliveries, `manage` also changes them, redelivers and subscribes over MCP.",
});
const NewToken = Type.Object(
  {
    scope,
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: secondsMax, description: `${secondsDefault} without it.` }),
    ),
  },
  { additionalProperties: false },
);
const MadeToken = Type.Object(
  {
    id: Type.String({ description: "Stands for the token in the audit feed." }),
    token: Type.String({ description: "Shown this once; a bearer token for the tenant's endpoints and deliveries." }),
    scope,
    expiresAt: timestamp("From then on it is refused."),
  },
  { description: "The token." },
);

/** Tokens for a page of the product's own that shows one tenant its endpoints. */
export function portalTokenRoutes(app: HttpServer, { keys }: HttpParts): void {
  app.post(
    "/v1/orgs/:tenant/portal-tokens",
    {
      config: { access: "write" },
      schema: {
        operationId: "createPortalToken",
        summary: "Make a short-lived token for one tenant's portal",
        description:
          "For a browser: it reaches the routes of endpoints and deliveries of this tenant, with the events of these, " +
          "and nothing else, for an hour at most.",
        tags: ["API keys"],
        params: TenantParams,
        body: NewToken,
        response: { 201: MadeToken },
      },
    },
    async ({ actorId, body, params: { tenant } }, reply) => {
      const { scope, expiresInSeconds: seconds = secondsDefault } = body;
      const { expiresAt, ...made } = await keys.createPortalToken({ tenant, actorId }, { scope, seconds });
      return reply.code(201).send({ ...made, scope, expiresAt: isoTime(expiresAt) });
    },
  );
}
