import type { IncomingHttpHeaders } from "node:http";
import { rowOf, accepted, type Row } from "../ledger.ts";
import type { Place } from "../place.ts";
import type { Item, Reply } from "../receivers.ts";

/** The SDK's receiver of a contract in mode `push`. */
type PushWebhook = new (
  secret: string,
  options: { readonly now: () => number },
) => { readonly verify: (body: Uint8Array, headers: IncomingHttpHeaders) => Promise<object> };

/** An endpoint as it is to be registered, and as its receiver behaves. */
export interface PushOptions {
  readonly contract: string;
  readonly name: string;
  readonly Webhook: PushWebhook;
  readonly events: readonly string[];
  readonly filter?: string;
  /** Of the events that its subscription takes, those that its filter lets pass; all, unless given. */
  readonly wants?: (event: FeedEvent) => boolean;
  /** What tells events apart; their `id`, unless given. */
  readonly idOf?: (event: FeedEvent) => string;
  /** 200, unless given. */
  readonly status?: (count: number) => number;
}

export interface PushEndpoint {
  readonly id: string;
  readonly name: string;
  /** `…/webhook-endpoints/{id}`, under the tenant. */
  readonly path: string;
  readonly wants: (event: FeedEvent) => boolean;
  readonly idOf: (event: FeedEvent) => string;
}

export interface FeedEvent extends Item {
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly status: string;
  readonly attemptCount: number;
}

export async function openEndpoint(place: Place, options: PushOptions): Promise<PushEndpoint> {
  const { contract, name, events, filter, Webhook, status = () => 200, idOf = ({ id }) => id } = options;
  const subscriber = `${contract}/${name}`;
  const body = { contract, url: place.receivers.url(subscriber), events, ...(filter === undefined ? {} : { filter }) };
  const made = await place.call<{ readonly endpoint: { readonly id: string }; readonly signingSecret: string }>(
    "POST",
    "webhook-endpoints",
    body,
  );
  const webhook = new Webhook(made.signingSecret, { now: place.clock.now });
  place.receivers.open(subscriber, {
    verify: async (bytes, headers) => {
      await webhook.verify(bytes, headers);
      const event: FeedEvent = JSON.parse(new TextDecoder().decode(bytes));
      return [{ id: idOf(event), type: event.type }];
    },
    reply: (_items, count): Reply => ({ status: status(count) }),
  });
  const { id } = made.endpoint;
  const isSubscribed = ({ type }: FeedEvent) =>
    events.some(
      (entry) => entry === "*" || entry === type || (entry.endsWith(".*") && type.startsWith(entry.slice(0, -1))),
    );
  const wants = (event: FeedEvent) => isSubscribed(event) && (options.wants?.(event) ?? true);
  return { id, name: subscriber, path: `webhook-endpoints/${id}`, wants, idOf };
}

/** The deliveries of an endpoint in the log of the runtime, newest first. */
export async function deliveriesOf({ call }: Place, { path }: PushEndpoint): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  for (;;) {
    const before = found.length === 0 ? "" : `&before=${found.at(-1)?.id}`;
    const page = await call<{ readonly deliveries: readonly Delivery[]; readonly hasMore: boolean }>(
      "GET",
      `${path}/deliveries?limit=100${before}`,
    );
    found.push(...page.deliveries);
    if (!page.hasMore) return found;
  }
}

/** Every event of a contract, read from the feed page by page. */
export async function readFeed(
  { call }: Place,
  query: string,
): Promise<{ events: readonly FeedEvent[]; pages: number; cursor: string }> {
  const events: FeedEvent[] = [];
  for (let pages = 1, cursor = ""; ; pages += 1) {
    const page = await call<{ readonly events: readonly FeedEvent[]; readonly nextCursor: string }>(
      "GET",
      `events?limit=50&${query}${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    events.push(...page.events);
    cursor = page.nextCursor;
    if (page.events.length < 50) return { events, pages, cursor };
  }
}

/** What the endpoints of a contract were to get, by the log and by what `emit` returned, and what came. */
export async function pushRow(
  place: Place,
  {
    contract,
    endpoints,
    emitted,
  }: { readonly contract: string; readonly endpoints: readonly PushEndpoint[]; readonly emitted: readonly Item[] },
): Promise<Row> {
  const { events } = await readFeed(place, `contract=${contract}`);
  const inFeed = new Set(events.map(({ id }) => id));
  const missing = emitted.filter(({ id }) => !inFeed.has(id));
  if (missing.length > 0) throw new Error(`The feed of ${contract} lacks ${missing.length} events that were emitted.`);
  const accounts = await Promise.all(
    endpoints.map(async (endpoint) => ({
      expected: events.filter(endpoint.wants).map(endpoint.idOf),
      received: place.receivers.of(endpoint.name),
      has: accepted,
      attempts: (await deliveriesOf(place, endpoint)).reduce((total, { attemptCount }) => total + attemptCount, 0),
    })),
  );
  return rowOf({ system: contract, mode: "push" }, accounts);
}
