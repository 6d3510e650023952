import { Readable } from "node:stream";
import { Type, type Static } from "@sinclair/typebox";
import type { Contract } from "../../../catalog/contract.ts";
import { wholeText } from "../../contracts/envelope.ts";
import { contractOf, eventTypeOf } from "../../contracts/contract-of.ts";
import { HookwrightError } from "../../errors.ts";
import type { FeedRange, FeedStore } from "../../seams/feed-store.ts";
import { isCut } from "../../seams/page-bytes.ts";
import { pageLimit } from "../page-limit.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import { AnyEvent, contractChoice, feedCursor, feedName, shared, TenantParams, timestamp } from "../schemas.ts";

/** Longer than that, proxies between here and the reader give up. */
const waitSecondsMax = 20;

const filters = {
  types: Type.Optional(
    Type.String({ maxLength: 10_000, description: "Comma-separated event types. All of them without it." }),
  ),
  from: Type.Optional(timestamp("Only events that happened then or later.")),
  until: Type.Optional(timestamp("Only events that happened before.")),
  contract: contractChoice,
};
const cursor = Type.Optional(
  feedCursor("The `nextCursor` of the page before, or `end`, for what comes next. The start without it."),
);
const FeedQuery = Type.Object(
  {
    ...filters,
    cursor,
    consumer: Type.Optional(
      feedName("Begins where that consumer has committed, with its contract, unless there is a cursor."),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: waitSecondsMax,
        description: "Seconds to wait for an event when there is none; the answer comes as soon as there is one.",
      }),
    ),
  },
  { additionalProperties: false },
);
const ExportQuery = Type.Object({ ...filters, cursor }, { additionalProperties: false });
const Feed = Type.Object(
  {
    events: Type.Array(shared(AnyEvent), { description: "Bodies as they are sent to endpoints, in order." }),
    nextCursor: Type.String({ description: "Where to go on; also after the last event, to ask for later ones." }),
  },
  {
    description: "Events in the order of the log.",
  },
);

const path = "/v1/orgs/:tenant/events";

/** Reading the log: as a feed to poll, and as a file. */
export function eventFeedRoutes(app: HttpServer, parts: HttpParts): void {
  const { watch } = parts;
  app.addHook("preClose", async () => watch.close());
  app.get(
    path,
    {
      config: { access: "read" },
      schema: {
        operationId: "listEvents",
        summary: "Read events in order",
        description:
          "A feed to poll: ask again with `nextCursor`. Nothing is skipped and nothing comes twice. Cursors are opaque, " +
          "and open for their tenant alone.",
        tags: ["Events"],
        params: TenantParams,
        querystring: FeedQuery,
        response: { 200: Feed },
      },
    },
    (request, reply) => {
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      return readFeed(parts, { ...request.query, ...request.params }, gone.signal);
    },
  );

  app.get(
    `${path}/export`,
    {
      config: { access: "read" },
      // A HEAD would read the whole log to answer without it.
      exposeHeadRoute: false,
      schema: {
        operationId: "exportEvents",
        summary: "Read all events as JSON Lines",
        description:
          "Everything up to the end of the log at the time of the request, one body a line. The header `x-next-cursor` " +
          "is where the feed goes on after it.",
        tags: ["Events"],
        params: TenantParams,
        querystring: ExportQuery,
        response: {
          200: {
            description: "One event a line.",
            content: {
              "application/x-ndjson": {
                schema: Type.Unsafe<unknown>(Type.String()),
              },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { tenant } = request.params;
      const range = rangeOf(parts, { ...request.query, tenant });
      const after = await placeOf(parts, { ...request.query, tenant }, 0);
      const upTo = await parts.store.feeds.end();
      void reply
        .type("application/x-ndjson")
        .header("x-next-cursor", parts.cursors.write(tenant, Math.max(after, upTo)));
      return reply.send(
        Readable.from(linesOf(parts.store.feeds, { ...range, after, upTo, envelope: envelopeOf(parts, range) })),
      );
    },
  );
}

type Asked = Static<typeof FeedQuery> & Static<typeof TenantParams>;

/** Of every contract, as the feed is ours. */
const feedPage = { pageDefault: 50, pageMax: 200 };

async function readFeed(parts: HttpParts, asked: Asked, signal: AbortSignal): Promise<Static<typeof Feed>> {
  const { store, consumers, cursors, clock, watch } = parts;
  const { tenant } = asked;
  const consumer = asked.consumer === undefined ? null : await consumers.get({ tenant, name: asked.consumer });
  const range = rangeOf(parts, { ...asked, contract: contractOfBoth(asked.contract, consumer?.contract) });
  const limit = pageLimit(asked.limit, feedPage);
  const until = clock.now() + 1000 * (asked.wait ?? 0);
  let after = await placeOf(parts, asked, consumer?.position ?? 0);
  for (;;) {
    const end = await store.feeds.end();
    const events = await store.feeds.read({ ...range, after, upTo: end, limit });
    // A page that is not full has all there is, so that what was passed over need not be looked at again.
    after = events.length < limit && !isCut(events) ? Math.max(after, end) : (events.at(-1)?.position ?? after);
    if (events.length > 0 || !(await watch.grown(after, { until, signal })))
      return {
        events: events.map((event): unknown => JSON.parse(wholeText(envelopeOf(parts, range), event))),
        nextCursor: cursors.write(tenant, after),
      };
  }
}

/** The position after which reading begins. */
async function placeOf(
  { store, cursors }: Pick<HttpParts, "store" | "cursors">,
  { tenant, cursor }: Pick<Asked, "tenant" | "cursor">,
  otherwise: number,
): Promise<number> {
  if (cursor === undefined) return otherwise;
  return cursor === "end" ? store.feeds.end() : cursors.read(tenant, cursor);
}

function contractOfBoth(asked: string | undefined, consumers: string | undefined): string | undefined {
  if (asked === undefined || consumers === undefined || asked === consumers) return asked ?? consumers;
  const message = `contract: expected the consumer's, ${JSON.stringify(consumers)}, or none, got ${JSON.stringify(asked)}.`;
  throw new HookwrightError("invalid_request", message, { path: "contract" });
}

type Filters = Pick<Asked, "types" | "from" | "until" | "tenant"> & { readonly contract?: string | undefined };

function rangeOf(
  { catalog }: Pick<HttpParts, "catalog">,
  { tenant, contract: id, types, from, until }: Filters,
): FeedRange {
  const contract = chosenContract(catalog, id);
  const names = types?.split(",").map((type) => type.trim()) ?? null;
  for (const type of names ?? []) eventTypeOf(contract, type, "types");
  return {
    tenant,
    contract: contract.declaration.id,
    types: names,
    from: from === undefined ? null : Date.parse(from),
    until: until === undefined ? null : Date.parse(until),
  };
}

const envelopeOf = ({ catalog }: Pick<HttpParts, "catalog">, { contract }: FeedRange) =>
  contractOf(catalog, contract).declaration.envelope;

/** One page is in memory at a time, and the next is read when this one was taken. */
const exportPage = 50;

interface Lines extends FeedRange {
  readonly after: number;
  readonly upTo: number;
  readonly envelope: Contract["envelope"];
}

async function* linesOf(feeds: FeedStore, { envelope, ...of }: Lines) {
  for (let after = of.after; after < of.upTo;) {
    const events = await feeds.read({ ...of, after, limit: exportPage });
    if (events.length > 0) yield events.map((event) => `${wholeText(envelope, event)}\n`).join("");
    after = events.length < exportPage && !isCut(events) ? of.upTo : (events.at(-1)?.position ?? of.upTo);
  }
}
