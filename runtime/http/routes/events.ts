import { Type } from "@sinclair/typebox";
import { HookwrightError } from "../../errors.ts";
import { errorAnswer } from "../route-rules.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import { contractChoice, isoTime, TenantParams, timestamp } from "../schemas.ts";
import { anyText } from "../texts.ts";

const idempotencyKey = Type.Optional(
  Type.String({
    pattern: "^[\\x20-\\x7e]{1,255}$",
    description: "A repeat with the same key, tenant and contract answers with the first event and appends nothing.",
  }),
);
const NewEvent = Type.Object(
  {
    type: Type.String({ maxLength: 255 }),
    data: anyText(Type.Unknown({ description: "As the event type's schema says; nothing it does not name." })),
    meta: Type.Optional(
      anyText(Type.Unknown({ description: "What is said beside the data, for the event types that say something." })),
    ),
    contract: contractChoice,
    idempotencyKey,
  },
  { additionalProperties: false },
);
const Emitted = Type.Object({
  event: Type.Object({
    id: Type.String(),
    type: Type.String(),
    contract: Type.String(),
    createdAt: timestamp("When it happened."),
  }),
  created: Type.Boolean({ description: "False when the idempotency key had been used: this is the first event." }),
});
/** Emitting over HTTP. */
export function eventRoutes(app: HttpServer, { catalog, emit, emitMany }: HttpParts): void {
  batchRoute(app, { catalog, emitMany });
  app.post(
    "/v1/orgs/:tenant/events",
    {
      config: { access: "write", idempotency: "event", traced: true },
      schema: {
        operationId: "emitEvent",
        summary: "Emit an event",
        tags: ["Events"],
        params: TenantParams,
        // Headers of all kinds come along, so nothing else is refused here.
        headers: Type.Object({ "idempotency-key": idempotencyKey }),
        body: NewEvent,
        response: {
          200: Type.Object(Emitted.properties, { description: "A repeat: the event the key was first used for." }),
          202: Type.Object(Emitted.properties, { description: "The event stands in the log and will be delivered." }),
          409: errorAnswer(409),
        },
      },
    },
    async (request, reply) => {
      const { type, data, meta } = request.body;
      const contract = chosenContract(catalog, request.body.contract).declaration.id;
      const key = oneKey(request.body.idempotencyKey, request.headers["idempotency-key"]);
      const { tenant } = request.params;
      const said = { data, ...(meta === undefined ? {} : { meta }) };
      const event = await emit(contract, type, {
        tenant,
        ...said,
        ...(key === undefined ? {} : { idempotencyKey: key }),
      });
      const { id, time, created } = event;
      return reply.code(created ? 202 : 200).send({ event: { id, type, contract, createdAt: isoTime(time) }, created });
    },
  );
}

/** With more, what one statement inserts and one answer holds grows past what a request is for. */
const eventsMax = 500;

const NewEvents = Type.Object(
  { events: Type.Array(NewEvent, { minItems: 1, maxItems: eventsMax }) },
  { additionalProperties: false },
);

const EmittedEvents = Type.Object(
  { events: Type.Array(Emitted, { description: "In the order of the request." }) },
  { description: "All events stand in the log; those that are repeats did before." },
);

/** Emitting several at once over HTTP. */
function batchRoute(app: HttpServer, { catalog, emitMany }: Pick<HttpParts, "catalog" | "emitMany">): void {
  app.post(
    "/v1/orgs/:tenant/events/batch",
    {
      config: { access: "write", traced: true },
      schema: {
        operationId: "emitEvents",
        summary: "Emit up to 500 events, all or none",
        tags: ["Events"],
        params: TenantParams,
        body: NewEvents,
        response: { 202: EmittedEvents, 409: errorAnswer(409) },
      },
    },
    async (request, reply) => {
      const inputs = request.body.events.map(({ contract, ...event }) => ({
        ...event,
        contract: chosenContract(catalog, contract).declaration.id,
      }));
      const emitted = await emitMany(request.params.tenant, inputs);
      const events = emitted.map(({ id, type, time, created }, at) => ({
        event: { id, type, contract: inputs[at]?.contract ?? "", createdAt: isoTime(time) },
        created,
      }));
      return reply.code(202).send({ events });
    },
  );
}

function oneKey(inBody: string | undefined, inHeader: string | undefined): string | undefined {
  if (inBody === undefined || inHeader === undefined || inBody === inHeader) return inBody ?? inHeader;
  const message = "idempotencyKey: expected the same key in the body and in the header Idempotency-Key, got two.";
  throw new HookwrightError("invalid_request", message, { path: "idempotencyKey" });
}
