import { Type } from "@sinclair/typebox";
import { publicKeySet } from "../../contracts/public-key-set.ts";
import { HookwrightError } from "../../errors.ts";
import type { Endpoint } from "../../seams/log-store.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { EndpointParams } from "../schemas.ts";

const KeySet = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Type.Literal("OKP"),
        crv: Type.Literal("Ed25519"),
        x: Type.String({ description: "The public key, in base64url." }),
        kid: Type.String({ description: "Its thumbprint (RFC 7638); the `keyid` of a signed HTTP message." }),
        alg: Type.Literal("EdDSA"),
        use: Type.Literal("sig"),
      }),
    ),
  },
  { description: "A JSON Web Key Set (RFC 7517); empty where requests are signed with a shared secret." },
);

/** Receivers keep a key set that long; a rotation is known everywhere after it. */
const maxAgeSeconds = 300;

/** The keys that receivers verify with, for anybody: they are no secret. */
export function publicKeyRoutes(app: HttpServer, { endpoints, catalog }: HttpParts): void {
  app.get(
    "/.well-known/orgs/:tenant/webhook-endpoints/:id/jwks.json",
    {
      config: { access: "public" },
      schema: {
        operationId: "getPublicKeys",
        summary: "Get the public keys of an endpoint",
        description:
          "What a receiver verifies signatures of a key pair with. An endpoint that does not exist has none, so that nobody can look for endpoints here.",
        tags: ["Endpoints"],
        params: EndpointParams,
        response: { 200: KeySet },
      },
    },
    async (request, reply) => {
      const endpoint = await endpoints.get(request.params).catch(noneFound);
      const declaration = endpoint === null ? undefined : catalog[endpoint.contract]?.declaration;
      void reply.header("cache-control", `public, max-age=${maxAgeSeconds}`);
      return publicKeySet(declaration?.signature ?? null, endpoint?.publicKey ?? null);
    },
  );
}

function noneFound(error: unknown): Endpoint | null {
  if (error instanceof HookwrightError && error.code === "not_found") return null;
  throw error;
}
