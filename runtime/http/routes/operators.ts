import { Type } from "@sinclair/typebox";
import { describeNeed } from "../../contracts/needs.ts";
import { pageLimit } from "../page-limit.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { feedCursor, nullable, shared } from "../schemas.ts";
import { EndpointBody, endpointBody } from "./endpoints.ts";

const tags = ["Operators"];
const condition = Type.Union([Type.Literal("failing"), Type.Literal("paused"), Type.Literal("disabled")], {
  description: "`failing`: its last attempt failed, and it is neither paused nor disabled.",
});
const EndpointQuery = Type.Object(
  {
    condition: Type.Optional(condition),
    text: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: "Stands in the URL, the tenant, the id or the description.",
      }),
    ),
    cursor: Type.Optional(feedCursor("The `nextCursor` of the page before.")),
    limit: Type.Optional(Type.Integer({ minimum: 1, description: "From 1 to 200; 50 without it." })),
  },
  { additionalProperties: false },
);
const EndpointPage = Type.Object(
  {
    endpoints: Type.Array(Type.Object({ tenant: Type.String(), endpoint: shared(EndpointBody) })),
    nextCursor: nullable(Type.String(), "Where to look further. Null: there are no older ones."),
  },
  { description: "The newest first. One request looks at 2,000 endpoints at most." },
);
const TenantQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ maxLength: 255, description: "A tenant: those after it follow." })),
    limit: Type.Optional(Type.Integer({ minimum: 1, description: "From 1 to 200; 50 without it." })),
  },
  { additionalProperties: false },
);
const TenantPage = Type.Object(
  { tenants: Type.Array(Type.String()), hasMore: Type.Boolean() },
  { description: "Those that have or had an endpoint, by their names." },
);
const Overview = Type.Object(
  {
    endpoints: Type.Object({
      total: Type.Integer(),
      failing: Type.Integer(),
      paused: Type.Integer(),
      disabled: Type.Integer(),
      isWhole: Type.Boolean({ description: "False: only the newest 10,000 are counted." }),
    }),
    pending: Type.Object({
      count: Type.Integer({ description: "Deliveries that wait, up to 10,000." }),
      isWhole: Type.Boolean(),
    }),
    unserved: Type.Array(Type.Object({ waitsFor: Type.String(), count: Type.Integer(), isServed: Type.Boolean() }), {
      description: "Deliveries that wait for a process that has a contract, an event type or a key.",
    }),
    oldestWriteAgeMs: nullable(
      Type.Integer({ description: "For how long the oldest transaction that writes has been open." }),
      "Null: there is none.",
    ),
  },
  { description: "How it stands." },
);

const pageOf = { pageDefault: 50, pageMax: 200 };
const looksMax = 2000;
const countMax = 10_000;

/** Looks over all tenants. */
export function operatorRoutes(app: HttpServer, parts: HttpParts): void {
  const { store, cursors } = parts;
  app.get(
    "/v1/endpoints",
    {
      config: { access: "operator" },
      schema: {
        operationId: "listAllEndpoints",
        summary: "List the endpoints of all tenants",
        tags,
        querystring: EndpointQuery,
        response: { 200: EndpointPage },
      },
    },
    async ({ query: { condition: wanted = null, text = null, cursor, limit } }) => {
      const beforeKey = cursor === undefined ? Number.MAX_SAFE_INTEGER : cursors.read("", cursor);
      const asked = { beforeKey, condition: wanted, text, looksMax, limit: pageLimit(limit, pageOf) };
      const { endpoints, nextKey } = await store.operator.endpoints(asked);
      return {
        endpoints: endpoints.map((each) => ({ tenant: each.tenant, endpoint: endpointBody(each, parts) })),
        nextCursor: nextKey === null ? null : cursors.write("", nextKey),
      };
    },
  );

  app.get(
    "/v1/tenants",
    {
      config: { access: "operator" },
      schema: {
        operationId: "listTenants",
        summary: "List tenants",
        tags,
        querystring: TenantQuery,
        response: { 200: TenantPage },
      },
    },
    async ({ query: { after = "", limit } }) => {
      const count = pageLimit(limit, pageOf);
      const found = await store.operator.tenants({ after, limit: count + 1 });
      return { tenants: found.slice(0, count), hasMore: found.length > count };
    },
  );

  app.get(
    "/v1/overview",
    {
      config: { access: "operator" },
      schema: {
        operationId: "getOverview",
        summary: "Say how it stands: endpoints, what waits, and what is held back",
        tags,
        response: { 200: Overview },
      },
    },
    () => overview(store),
  );
}

async function overview(store: HttpParts["store"]) {
  const counts = await store.operator.endpointCounts(countMax);
  const pending = await store.counts.pending(countMax);
  const unserved = await store.log.unserved({ countMax });
  const oldest = await store.log.oldestWrite();
  return {
    endpoints: { ...counts, isWhole: counts.total < countMax },
    pending: { count: pending, isWhole: pending < countMax },
    unserved: unserved.map(({ need, count, isServed }) => ({ waitsFor: describeNeed(need), count, isServed })),
    oldestWriteAgeMs: oldest === null ? null : Math.round(oldest.ageMs),
  };
}
