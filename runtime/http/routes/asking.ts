import { Type } from "@sinclair/typebox";
import { actionContractOf } from "../../contracts/action-contract.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { ActionParams, nullable, tenantParams } from "../schemas.ts";
import { anyText } from "../texts.ts";

const AnyObject = Type.Record(Type.String(), Type.Unknown());
const Outcome = Type.Object({
  decision: Type.Union([Type.Literal("allow"), Type.Literal("deny")], { description: "What holds." }),
  status: nullable(Type.String(), "The contract's word for it. Null: there is no action, nobody was asked."),
  code: nullable(Type.String(), "Why it is denied, for the client."),
  reason: nullable(Type.String(), "Why it is denied, for the log alone."),
  overrides: Type.Unsafe<Record<string, unknown>>({ ...AnyObject, description: "What the answer may override." }),
  isOverride: Type.Boolean({ description: "Whether something of the tenant's own is replaced." }),
  verdict: nullable(AnyObject, "The answer as it came. Null: there was none that could be used."),
  actionId: nullable(Type.String()),
  invocationId: nullable(Type.String()),
  httpStatus: nullable(Type.Integer(), "Null when there was no response."),
  error: nullable(Type.String(), "Null when nothing was wrong."),
  durationMs: Type.Integer(),
});
const Answer = Type.Object({ outcome: Outcome }, { description: "What the question came to." });
const knownText = Type.String({ maxLength: 1000 });
const Question = Type.Object(
  {
    data: anyText(Type.Unknown({ description: "As the trigger's schema says; nothing it does not name." })),
    contract: Type.Optional(
      Type.String({ maxLength: 255, description: "A contract in mode action. The first one when it is left out." }),
    ),
    settings: Type.Optional(
      Type.Record(Type.String({ maxLength: 255 }), Type.Union([Type.Boolean(), Type.Array(knownText)]), {
        description:
          "What the tenant lets an answer override: settings that are on, and lists of what is known, by the names that " +
          "the contract declares.",
      }),
    ),
  },
  { additionalProperties: false },
);
const TriggerParams = Type.Object({
  ...tenantParams,
  trigger: Type.String({ minLength: 1, maxLength: 255, description: "The point at which it is asked." }),
});

/** Asking over HTTP, for products in other languages. */
export function askingRoutes(app: HttpServer, { actions, ask, catalog }: HttpParts): void {
  app.post(
    "/v1/orgs/:tenant/actions/:trigger/ask",
    {
      config: { access: "write", traced: true },
      schema: {
        operationId: "askAction",
        summary: "Ask the action at a trigger",
        description: "Once, and answered by the action's deadline. Without an action the answer is `allow`.",
        tags: ["Actions"],
        params: TriggerParams,
        body: Question,
        response: { 200: Answer },
      },
    },
    async ({ body, params: { tenant, trigger } }) => {
      const { contract, data, settings } = body;
      const question = { tenant, data, ...(settings === undefined ? {} : { settings }) };
      return { outcome: await ask(actionContractOf(catalog, contract).declaration.id, trigger, question) };
    },
  );

  app.post(
    "/v1/orgs/:tenant/actions/:id/test",
    {
      config: { access: "write" },
      schema: {
        operationId: "testAction",
        summary: "Send a test event to an action",
        description: "Also when it is disabled or killed. It counts for no kill switch and overrides nothing.",
        tags: ["Actions"],
        params: ActionParams,
        response: { 200: Answer },
      },
    },
    async ({ params }) => ({ outcome: await actions.test(params) }),
  );
}
