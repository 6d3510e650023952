import { Type, type Static } from "@sinclair/typebox";
import { contractOf, factsContract } from "../../contracts/contract-of.ts";
import { dataOf } from "../../contracts/envelope.ts";
import type { WireCatalog } from "../../contracts/wire-contract.ts";
import type { FeedEvent } from "../../seams/feed-store.ts";
import { isCut } from "../../seams/page-bytes.ts";
import { pageLimit } from "../page-limit.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { EndpointParams, isoTime, nullable, TenantParams, timestamp } from "../schemas.ts";

const Query = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({ maxLength: 255, description: "The `nextCursor` of the page before. The start without it." }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, description: "From 1 to 200; 50 without it." })),
  },
  { additionalProperties: false },
);
const Entry = Type.Object({
  id: Type.String({ description: "Of the event that says so." }),
  at: timestamp("When it was done."),
  actorId: nullable(
    Type.String({
      description:
        "The id of an API key or a portal token, `operator`, or `system` for what happened without being asked for.",
    }),
    "Null when it was done within the product.",
  ),
  action: Type.String({ description: "The event's type, `endpoint.updated`." }),
  details: Type.Unknown({ description: "What the event says beside it." }),
});
const Page = Type.Object(
  {
    entries: Type.Array(Entry),
    nextCursor: Type.String({ description: "Where to go on; also after the last entry, to ask for later ones." }),
  },
  { description: "In the order in which it was done." },
);

const entriesOfPage = { pageDefault: 50, pageMax: 200 };

/** Who did what in a tenant: the events whose data have room for who did it. Any member reads it (D-STECH-09). */
export function auditRoutes(app: HttpServer, parts: HttpParts): void {
  const { catalog, cursors, store } = parts;
  historyRoute(app, parts);
  const types = auditedTypes(catalog);
  app.get(
    "/v1/orgs/:tenant/audit",
    {
      config: { access: "read" },
      schema: {
        operationId: "listAudit",
        summary: "Read who did what",
        description: "A feed to poll: ask again with `nextCursor`. It holds what retention has kept.",
        tags: ["Audit"],
        params: TenantParams,
        querystring: Query,
        response: { 200: Page },
      },
    },
    async ({ params: { tenant }, query: { cursor, limit } }) => {
      const after = cursor === undefined ? 0 : cursors.read(tenant, cursor);
      const upTo = await store.feeds.end();
      const entryCount = pageLimit(limit, entriesOfPage);
      const of = { tenant, contract: factsContract, types, from: null, until: null };
      const events = await store.feeds.read({ ...of, after, upTo, limit: entryCount });
      // A page that is not full has all there is.
      const isLast = events.length < entryCount && !isCut(events);
      const read = isLast ? Math.max(after, upTo) : (events.at(-1)?.position ?? after);
      return { entries: events.map((event) => entryOf(event, catalog)), nextCursor: cursors.write(tenant, read) };
    },
  );
}

const changesMax = 100;

/** Who changed an endpoint, by the facts that the engine goes by. */
function historyRoute(app: HttpServer, { catalog, endpoints, store }: HttpParts): void {
  app.get(
    "/v1/orgs/:tenant/webhook-endpoints/:id/history",
    {
      config: { access: "write" },
      schema: {
        operationId: "getEndpointHistory",
        summary: "Read who changed an endpoint",
        description: `The newest ${changesMax} changes of those that retention has kept, also those that the engine made.`,
        tags: ["Audit"],
        params: EndpointParams,
        response: { 200: Type.Object({ entries: Type.Array(Entry) }, { description: "The newest first." }) },
      },
    },
    async ({ params: { tenant, id } }) => {
      const endpoint = await endpoints.get({ tenant, id });
      const facts = await store.log.facts({ tenants: [tenant], upTo: Number.MAX_SAFE_INTEGER });
      const own = facts.map((fact) => entryOf(fact, catalog)).filter(({ details }) => isAbout(details, endpoint.id));
      return { entries: own.slice(-changesMax).toReversed() };
    },
  );
}

const isAbout = (details: unknown, id: string): boolean =>
  typeof details === "object" && details !== null && Reflect.get(details, "endpointId") === id;

function auditedTypes(catalog: WireCatalog): readonly string[] {
  const types = Object.entries(catalog[factsContract]?.eventTypes ?? {});
  return types.filter(([, { schema }]) => Object.hasOwn(schema["properties"] ?? {}, "actorId")).map(([type]) => type);
}

function entryOf(
  { id, type, time, contract, body }: Pick<FeedEvent, "id" | "type" | "time" | "contract" | "body">,
  catalog: WireCatalog,
): Static<typeof Entry> {
  // Our own emit validated it: an object, in which the actor is text if it is there.
  const { actorId = null, ...details } = dataOf(contractOf(catalog, contract).declaration.envelope, body) as {
    readonly actorId?: string;
  };
  return { id, at: isoTime(time), actorId, action: type, details };
}
