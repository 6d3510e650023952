import { Type } from "@sinclair/typebox";
import type { HttpParts, HttpServer } from "../parts.ts";
import { EndpointParams, nullable } from "../schemas.ts";

const TestBody = Type.Object(
  {
    type: Type.String({ maxLength: 255, description: "An event type of the endpoint's contract." }),
    example: Type.Optional(Type.String({ maxLength: 255, description: "Left out: the type's first." })),
  },
  { additionalProperties: false },
);

const Tested = Type.Object(
  {
    test: Type.Literal(true),
    eventId: Type.String({ description: "New with every test; no event has it." }),
    request: Type.Object({ body: Type.String({ description: "As it was sent." }) }),
    response: Type.Object({
      delivered: Type.Boolean({ description: "Whether the contract takes the answer for an acceptance." }),
      status: nullable(Type.Integer(), "Null when there was no response."),
      error: nullable(Type.String(), "Why it failed, when the status does not say it all."),
      durationMs: Type.Integer(),
      body: nullable(Type.String(), "The start of the response's body, as text. Null when it was empty."),
    }),
  },
  { description: "What the endpoint answered. Nothing of it is kept." },
);

export function testDeliveryRoutes(app: HttpServer, { endpoints, sendTest }: HttpParts): void {
  app.post(
    "/v1/orgs/:tenant/webhook-endpoints/:id/test",
    {
      config: { access: "write" },
      schema: {
        operationId: "testEndpoint",
        summary: "Send an example to an endpoint",
        description:
          "Signed like a first attempt, sent once and at once, whatever the endpoint subscribes to, and to a disabled or " +
          "paused endpoint too. The answer comes when the endpoint's has.",
        tags: ["Endpoints"],
        params: EndpointParams,
        body: TestBody,
        response: { 200: Tested },
      },
    },
    async ({ params, body: { type, example = null } }) => {
      const { eventId, body, exchange, outcome } = await sendTest(await endpoints.get(params), { type, example });
      const received = exchange.kind === "response" ? exchange.body : null;
      return {
        test: true as const,
        eventId,
        request: { body },
        response: {
          delivered: outcome.result === "delivered",
          status: outcome.status,
          error: outcome.error,
          durationMs: Math.round(exchange.durationMs),
          body: received === null ? null : new TextDecoder().decode(received),
        },
      };
    },
  );
}
