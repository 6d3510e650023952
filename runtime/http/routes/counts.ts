import { Type, type Static } from "@sinclair/typebox";
import type { FastifyRequest } from "fastify";
import type { AttemptCount } from "../../seams/delivery-log-store.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { isOwnContract } from "../portal-reach.ts";
import { isoTime, TenantParams, timestamp } from "../schemas.ts";

const hour = 3_600_000;
/** Each with how long one piece is. */
const periods = {
  "1h": { ms: hour, pieceMs: hour / 30 },
  "24h": { ms: 24 * hour, pieceMs: hour },
  "7d": { ms: 7 * 24 * hour, pieceMs: 6 * hour },
  "30d": { ms: 30 * 24 * hour, pieceMs: 24 * hour },
} as const;

const period = Type.Union([Type.Literal("1h"), Type.Literal("24h"), Type.Literal("7d"), Type.Literal("30d")], {
  description: "Up to now; 24 hours without it.",
});
const counts = (description: string) => Type.Array(Type.Integer(), { description });
const Counts = Type.Object(
  {
    since: timestamp("When the first piece begins."),
    pieceSeconds: Type.Integer({ description: "How long a piece is." }),
    isWhole: Type.Boolean({
      description: "False: there are more than the 4,000 newest events in the period, and older ones are not counted.",
    }),
    countedSince: timestamp("When the oldest event happened whose attempts are counted."),
    endpoints: Type.Array(
      Type.Object({
        endpointId: Type.String(),
        delivered: counts("Attempts that were accepted, for each piece."),
        retried: counts("Attempts that failed and are or were made again."),
        failed: counts("Attempts after which the delivery was given up or refused."),
      }),
    ),
  },
  { description: "Attempts that began in the period, of endpoints that had any." },
);
const Query = Type.Object({ period: Type.Optional(period) }, { additionalProperties: false });

/** A look at more would hold up others on a database for one process. */
const looksMax = 4000;

/** How many attempts came to what, over time. */
export function countRoutes(app: HttpServer, parts: HttpParts): void {
  app.get(
    "/v1/orgs/:tenant/counts",
    {
      config: { access: "read" },
      schema: {
        operationId: "getTenantCounts",
        summary: "Count a tenant's attempts over time",
        tags: ["Deliveries"],
        params: TenantParams,
        querystring: Query,
        response: { 200: Counts },
      },
    },
    (request) => counted(parts, request, { ...request.query, tenant: request.params.tenant }),
  );

  app.get(
    "/v1/counts",
    {
      config: { access: "operator" },
      schema: {
        operationId: "getCounts",
        summary: "Count the attempts of all tenants over time",
        tags: ["Operators"],
        querystring: Query,
        response: { 200: Counts },
      },
    },
    (request) => counted(parts, request, { ...request.query, tenant: null }),
  );
}

type Asked = Static<typeof Query> & { readonly tenant: string | null };

async function counted(
  { store, clock, catalog }: HttpParts,
  { keyHolder }: FastifyRequest,
  { period: name = "24h", tenant }: Asked,
): Promise<Static<typeof Counts>> {
  const { ms, pieceMs } = periods[name];
  const since = clock.now() - ms;
  const look = { tenant, before: Number.MAX_SAFE_INTEGER, looksMax };
  const { counts: found, downToTime } = await store.deliveryLog.counts({ ...look, since, pieceMs });
  const isWhole = downToTime === null || downToTime < since;
  const hidden = keyHolder?.isPortal === true ? await ownEndpoints({ store, catalog }, keyHolder.tenant) : new Set();
  const shown = Map.groupBy(found, ({ endpointId }) => endpointId);
  const count = Math.ceil(ms / pieceMs);
  return {
    since: isoTime(since),
    pieceSeconds: pieceMs / 1000,
    isWhole,
    countedSince: isoTime(isWhole ? since : downToTime),
    endpoints: [...shown]
      .filter(([endpointId]) => !hidden.has(endpointId))
      .map(([endpointId, own]) => ({
        endpointId,
        delivered: piecesOf(own, ["delivered"], count),
        retried: piecesOf(own, ["retry"], count),
        failed: piecesOf(own, ["rejected", "exhausted"], count),
      })),
  };
}

/** Endpoints of Hookwright's own contract, which a portal token does not reach. */
async function ownEndpoints({ store, catalog }: Pick<HttpParts, "store" | "catalog">, tenant: string) {
  const endpoints = await store.log.endpointsOf([tenant]);
  return new Set(endpoints.filter(({ contract }) => isOwnContract(catalog, contract)).map(({ id }) => id));
}

function piecesOf(counts: readonly AttemptCount[], results: readonly string[], length: number): number[] {
  const pieces = new Array<number>(length).fill(0);
  // What began since the question stands in the last piece.
  for (const { piece, count } of counts.filter((each) => results.includes(each.result))) {
    const at = Math.min(piece, length - 1);
    pieces[at] = (pieces[at] ?? 0) + count;
  }
  return pieces;
}
