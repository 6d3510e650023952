import { parseFilter } from "../contracts/filter.ts";
import type { Clock } from "../seams/clock.ts";
import type { FeedRange, FeedStore } from "../seams/feed-store.ts";
import type { Endpoint } from "../seams/log-store.ts";
import type { SubscriberStore } from "../seams/store.ts";

export interface ReplayParts {
  readonly feeds: Pick<FeedStore, "event" | "read">;
  readonly subscribers: Pick<SubscriberStore, "replay">;
  readonly clock: Clock;
  /** Tells the engine that something became due. */
  readonly wake: () => void;
}

export interface Replay {
  readonly endpoint: Endpoint;
  /** The events that the endpoint is subscribed to. */
  readonly range: FeedRange;
  /** The position that its subscriber has come to. */
  readonly after: number;
}

/** A page, and as many pages as are looked through while the request waits. */
const pageMax = 500;
const pagesMax = 10;
/** What is committed gets its place within a quarter of a second, unless the database is not well. */
const placeTries = 40;
const placeWaitMs = 50;

/**
 * Sends a subscriber what came after its cursor and before its subscription: from there on it gets events by itself. What
 * it was sent before is not sent again, so that calling this again, as after a crash, changes nothing. False: that is too
 * much to look through, and nothing is sent.
 */
export async function replay(parts: ReplayParts, { endpoint, range, after }: Replay): Promise<boolean> {
  const { tenant, key: endpointKey } = endpoint;
  const placed = await placeOf(parts, endpoint);
  if (placed === null) return false;
  const passes = endpoint.filter === null ? () => true : parseFilter(endpoint.filter);
  const positions: number[] = [];
  let from = after;
  for (let pages = 0; from < placed - 1; pages += 1) {
    if (pages === pagesMax) return false;
    const page = await parts.feeds.read({ ...range, after: from, upTo: placed - 1, limit: pageMax });
    positions.push(...page.filter(({ body }) => passes(JSON.parse(body))).map(({ position }) => position));
    from = page.length < pageMax ? placed - 1 : (page.at(-1)?.position ?? placed);
  }
  if (positions.length === 0) return true;
  await parts.subscribers.replay({ tenant, endpointKey, positions, at: parts.clock.now() });
  parts.wake();
  return true;
}

/** The position of the fact that made the subscription, once it has one. Null: it got none in time. */
async function placeOf({ feeds, clock }: ReplayParts, { tenant, subscription }: Endpoint): Promise<number | null> {
  for (let tries = 0; tries < placeTries; tries += 1) {
    const fact = await feeds.event({ tenant, id: subscription?.factId ?? "" });
    if (fact !== null && fact.position > 0) return fact.position;
    await new Promise<void>((resolve) => void clock.after(placeWaitMs, resolve));
  }
  return null;
}
