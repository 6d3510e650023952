import type { Contract } from "../../../catalog/contract.ts";
import { Type } from "@sinclair/typebox";
import { eventTypeOf } from "../../contracts/contract-of.ts";
import type { WireContract } from "../../contracts/wire-contract.ts";
import { HookwrightError } from "../../errors.ts";
import { errorAnswer } from "../route-rules.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import { AnyEvent, contractChoice, isoTime, shared, TenantParams, timestamp } from "../schemas.ts";
import { pageLimit } from "../page-limit.ts";

const idempotencyKey = Type.Optional(
  Type.String({
    pattern: "^[\\x20-\\x7e]{1,255}$",
    description: "A repeat with the same key, tenant and contract answers with the first event and appends nothing.",
  }),
);
const NewEvent = Type.Object(
  {
    type: Type.String({ maxLength: 255 }),
    data: Type.Unknown({ description: "As the event type's schema says; nothing it does not name." }),
    meta: Type.Optional(
      Type.Unknown({ description: "What is said beside the data, for the event types that say something." }),
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
const Query = Type.Object(
  {
    cursor: Type.Optional(Type.String({ description: "The `nextCursor` of the page before. The start without it." })),
    types: Type.Optional(Type.String({ description: "Comma-separated event types. All of them without it." })),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    contract: contractChoice,
  },
  { additionalProperties: false },
);
const Feed = Type.Object(
  {
    events: Type.Array(shared(AnyEvent), { description: "Bodies as they are sent to endpoints, in order." }),
    nextCursor: Type.String({ description: "Where to go on; also after the last event, to ask for later ones." }),
  },
  { description: "Events in the order of the log." },
);

/** Emitting over HTTP, and reading the log as a feed. */
export function eventRoutes(app: HttpServer, { catalog, emit, store }: HttpParts): void {
  app.post(
    "/v1/orgs/:tenant/events",
    {
      config: { access: "write", idempotency: "event" },
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

  app.get(
    "/v1/orgs/:tenant/events",
    {
      config: { access: "read" },
      schema: {
        operationId: "listEvents",
        summary: "Read events in order",
        description: "A feed to poll: ask again with `nextCursor`. Nothing is skipped and nothing comes twice.",
        tags: ["Events"],
        params: TenantParams,
        querystring: Query,
        response: { 200: Feed },
      },
    },
    async (request) => {
      const { cursor, types, limit, contract: id } = request.query;
      const contract = chosenContract(catalog, id);
      const after = cursor === undefined ? 0 : readCursor(cursor);
      const events = await store.events.list({
        tenant: request.params.tenant,
        contract: contract.declaration.id,
        types: types === undefined ? null : readTypes(types, contract),
        after,
        limit: pageLimit(limit, feedPage),
      });
      return {
        events: events.map(({ body }): unknown => JSON.parse(body)),
        nextCursor: writeCursor(events.at(-1)?.position ?? after),
      };
    },
  );
}

function oneKey(inBody: string | undefined, inHeader: string | undefined): string | undefined {
  if (inBody === undefined || inHeader === undefined || inBody === inHeader) return inBody ?? inHeader;
  const message = "idempotencyKey: expected the same key in the body and in the header Idempotency-Key, got two.";
  throw new HookwrightError("invalid_request", message, { path: "idempotencyKey" });
}

/** Of every contract, as the feed is ours. */
const feedPage = { pageDefault: 50, pageMax: 200 };

function readTypes(text: string, contract: WireContract<Contract>): readonly string[] {
  const types = text.split(",").map((type) => type.trim());
  for (const type of types) eventTypeOf(contract, type, "types");
  return types;
}

/** Opaque to callers, so that it can come to hold more than a position. */
function writeCursor(position: number): string {
  return Buffer.from(`p${position}`).toString("base64url");
}

function readCursor(cursor: string): number {
  const position = /^p(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString("latin1"))?.[1];
  if (position !== undefined && writeCursor(Number(position)) === cursor) return Number(position);
  throw new HookwrightError("invalid_request", "cursor: expected the nextCursor of an earlier page, got other text.", {
    path: "cursor",
  });
}
