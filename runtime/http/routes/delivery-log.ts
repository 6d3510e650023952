import { Type, type Static } from "@sinclair/typebox";
import type { FastifyRequest } from "fastify";
import { isPush } from "../../contracts/contract-of.ts";
import { deliveryId } from "../../contracts/delivery-id.ts";
import type { DeliveryFilter } from "../../endpoints/delivery-filter.ts";
import type { DeliveryLine } from "../../seams/delivery-log-store.ts";
import { commonState, commonStates } from "../delivery-query.ts";
import { pageLimit } from "../page-limit.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { reaches } from "../portal-reach.ts";
import { feedCursor, isoTime, nullable, TenantParams, timestamp } from "../schemas.ts";
import { deliveryFields } from "./deliveries.ts";

type State = keyof typeof commonStates;

const Line = Type.Object({
  ...deliveryFields,
  tenant: Type.String(),
  contract: Type.String(),
  endpointUrl: Type.String({ description: "As it is now." }),
  state: commonState,
  eventAt: timestamp("When the event happened."),
  lastStartedAt: nullable(timestamp("When the last attempt began."), "Null when there was none."),
  lastDurationMs: nullable(Type.Integer(), "Null when there was no attempt."),
});
const Page = Type.Object(
  {
    deliveries: Type.Array(Line),
    nextCursor: nullable(Type.String(), "Where to look further. Null: there is nothing older."),
    lookedBackTo: nullable(timestamp("The oldest event that was looked at."), "Null: to the beginning."),
  },
  {
    description:
      "Newest event first; a page ends with a whole event, so it may be a little longer or shorter than asked. One request " +
      "looks at 8,500 events at most, and so may find nothing and still have a `nextCursor`.",
  },
);
const Query = Type.Object(
  {
    state: Type.Optional(commonState),
    types: Type.Optional(Type.String({ maxLength: 10_000, description: "Event types, separated by commas." })),
    from: Type.Optional(timestamp("Of events that did not happen before.")),
    until: Type.Optional(timestamp("Of events that happened before.")),
    text: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: "Stands in the event's body as it is sent." }),
    ),
    cursor: Type.Optional(feedCursor("The `nextCursor` of the page before.")),
    limit: Type.Optional(Type.Integer({ minimum: 1, description: "From 1 to 200; 50 without it." })),
  },
  { additionalProperties: false },
);

/** A short look first: most pages are filled by it. */
const looks = [100, 400, 1600, 6400];
const linesOfPage = { pageDefault: 50, pageMax: 200 };

/** Deliveries of all endpoints, of a tenant or, for the operator, of all tenants. */
export function deliveryLogRoutes(app: HttpServer, parts: HttpParts): void {
  app.get(
    "/v1/orgs/:tenant/deliveries",
    {
      config: { access: "read" },
      schema: {
        operationId: "listTenantDeliveries",
        summary: "List a tenant's deliveries",
        description: "Of all its endpoints. Ask again with `nextCursor` to look further.",
        tags: ["Deliveries"],
        params: TenantParams,
        querystring: Query,
        response: { 200: Page },
      },
    },
    (request) => page(parts, request, { ...request.query, tenant: request.params.tenant }),
  );

  app.get(
    "/v1/deliveries",
    {
      config: { access: "operator" },
      schema: {
        operationId: "listAllDeliveries",
        summary: "List the deliveries of all tenants",
        tags: ["Operators"],
        querystring: Query,
        response: { 200: Page },
      },
    },
    (request) => page(parts, request, { ...request.query, tenant: null }),
  );
}

type Asked = Static<typeof Query> & { readonly tenant: string | null };

async function page(parts: HttpParts, request: FastifyRequest, asked: Asked): Promise<Static<typeof Page>> {
  const { store, cursors, catalog } = parts;
  // A cursor of all tenants opens for no tenant: none has an empty name.
  const owner = asked.tenant ?? "";
  const limit = pageLimit(asked.limit, linesOfPage);
  const filter = filterOf(asked);
  let before: number | null = asked.cursor === undefined ? Number.MAX_SAFE_INTEGER : cursors.read(owner, asked.cursor);
  let lookedBackTo: number | null = null;
  const lines: DeliveryLine[] = [];
  for (const looksMax of looks) {
    if (before === null || lines.length >= limit / 2) break;
    const { tenant, text = null } = asked;
    const found = await store.deliveryLog.page({ tenant, before, looksMax, filter, text, limit });
    lines.push(...found.lines);
    [before, lookedBackTo] = [found.downTo, found.downToTime];
    if (filter.from !== null && lookedBackTo !== null && lookedBackTo < filter.from - outOfOrderMs) before = null;
  }
  const shown = lines.filter(({ contract }) => reaches(request, { catalog, contract }));
  return {
    deliveries: shown.flatMap((line) => lineBody(line, catalog)),
    nextCursor: before === null ? null : cursors.write(owner, before),
    lookedBackTo: lookedBackTo === null ? null : isoTime(lookedBackTo),
  };
}

/** Times follow positions nearly but not quite: transactions commit in another order than they begin. */
const outOfOrderMs = 60_000;

function filterOf({ state, types, from, until }: Asked): DeliveryFilter {
  return {
    states: state === undefined ? null : commonStates[state],
    types: types?.split(",").map((type) => type.trim()) ?? null,
    from: from === undefined ? null : Date.parse(from),
    until: until === undefined ? null : Date.parse(until),
    runs: "all",
  };
}

/** None of a contract that this process does not have. */
function lineBody(line: DeliveryLine, catalog: HttpParts["catalog"]): readonly Static<typeof Line>[] {
  const contract = catalog[line.contract];
  if (contract === undefined || !isPush(contract)) return [];
  const { eventId, endpointId, eventType, run, attemptCount, dueAt, last, tenant, url } = line;
  const { ids, states: words } = contract.declaration;
  const state = stateOf(line);
  const result = last?.result ?? "retry";
  return [
    {
      id: deliveryId({ prefix: ids.delivery.prefix, eventId, endpointId, run }),
      ...{ eventId, endpointId, eventType, attemptCount, tenant, contract: line.contract, endpointUrl: url, state },
      status: state === "pending" || result === "retry" ? words.pending : words[result],
      nextAttemptAt: dueAt === null ? null : isoTime(dueAt),
      lastResponseStatus: last?.status ?? null,
      lastError: last?.error ?? null,
      deliveredAt: state === "delivered" && last !== null ? isoTime(last.startedAt + last.durationMs) : null,
      createdAt: isoTime(run === 0 ? line.eventTime : (last?.startedAt ?? dueAt ?? line.eventTime)),
      eventAt: isoTime(line.eventTime),
      lastStartedAt: last === null ? null : isoTime(last.startedAt),
      lastDurationMs: last?.durationMs ?? null,
    },
  ];
}

function stateOf({ dueAt, last }: DeliveryLine): State {
  if (dueAt !== null || last === null || last.result === "retry") return "pending";
  return last.result === "delivered" ? "delivered" : "failed";
}
