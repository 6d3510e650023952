import { Type } from "@sinclair/typebox";
import type { FastifyRequest } from "fastify";
import { answerMcp } from "../../mcp/json-rpc.ts";
import { mayWrite } from "../auth.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { errorAnswer } from "../route-rules.ts";
import { contractChoice, noContent, TenantParams } from "../schemas.ts";

const Query = Type.Object({ contract: contractChoice }, { additionalProperties: false });
const id = Type.Union([Type.String(), Type.Integer()]);
const Message = Type.Object(
  {
    jsonrpc: Type.Literal("2.0"),
    id: Type.Optional(id),
    method: Type.String({
      description:
        "`events/list`, `events/poll`, `events/subscribe`, `events/unsubscribe`, `server/discover`, `initialize`, `ping`, or a notification.",
    }),
    params: Type.Optional(Type.Unknown()),
  },
  { description: "A message of JSON-RPC 2.0." },
);
const Answer = Type.Object(
  {
    jsonrpc: Type.Literal("2.0"),
    id: Type.Unknown({ description: "The request's." }),
    result: Type.Optional(Type.Unknown()),
    error: Type.Optional(
      Type.Object({ code: Type.Integer(), message: Type.String(), data: Type.Optional(Type.Unknown()) }),
    ),
  },
  { description: "A result, or an error of the method's." },
);

/** What is wrong before a method is called is told in the words of JSON-RPC as far as it is about the message. */
function refusal(status: 400 | 404, what: string) {
  const { description, ...ours } = errorAnswer(status);
  const told = `As JSON-RPC: ${what}. In the API's own form: ${description}`;
  return Type.Unsafe<unknown>(Type.Union([Type.Unsafe(ours), Answer], { description: told }));
}

/** The Model Context Protocol: agents list a contract's events, poll them, and subscribe to them by webhook. */
export function mcpRoutes(app: HttpServer, { mcp }: HttpParts): void {
  app.post(
    "/v1/orgs/:tenant/mcp",
    {
      config: { access: "read" },
      // What is no message has an answer of JSON-RPC's.
      attachValidation: true,
      schema: {
        operationId: "callMcp",
        summary: "Call a method of MCP Events",
        description:
          "A stateless endpoint of the Model Context Protocol with the extension `io.modelcontextprotocol/events`, of " +
          "one contract. Subscribing takes a key that may register endpoints.",
        tags: ["MCP"],
        params: TenantParams,
        querystring: Query,
        body: Message,
        response: {
          200: Type.Unsafe<unknown>(Answer),
          202: noContent("A notification was taken."),
          400: refusal(400, "no message, an unknown revision, or headers that say otherwise"),
          404: refusal(404, "an unknown method, in the current revision"),
        },
      },
    },
    async (request, reply) => {
      const { validationError } = request;
      if (validationError !== undefined && validationError.validationContext !== "body") throw validationError;
      const { params, query, body, actorId } = request;
      // As of the routes for the same: a portal token reads no events beside those of its endpoints' deliveries.
      const polls = request.keyHolder?.isPortal === true ? [] : (["poll"] as const);
      const may = mayWrite(request) ? ([...polls, "subscribe"] as const) : polls;
      const { status, body: answer } = await answerMcp(mcp, {
        body,
        version: headerOf(request, "mcp-protocol-version"),
        method: headerOf(request, "mcp-method"),
        caller: { tenant: params.tenant, contract: query.contract, actorId, may },
      });
      // By no schema: results have what their methods say.
      return reply
        .code(status)
        .type("application/json; charset=utf-8")
        .serializer((given: unknown) => (given === null ? "" : JSON.stringify(given)))
        .send(answer);
    },
  );
}

function headerOf({ headers }: Pick<FastifyRequest, "headers">, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}
