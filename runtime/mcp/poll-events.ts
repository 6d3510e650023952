import type { Static } from "@sinclair/typebox";
import type { Contract } from "../../catalog/contract.ts";
import { dataOf } from "../contracts/envelope.ts";
import { eventArguments } from "../contracts/event-arguments.ts";
import { parseFilter } from "../contracts/filter.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import type { FeedCursors } from "../feeds/cursors.ts";
import type { Clock } from "../seams/clock.ts";
import type { FeedEvent, FeedStore } from "../seams/feed-store.ts";
import type { PollParams } from "./params.ts";

export interface PollParts {
  readonly feeds: Pick<FeedStore, "read" | "end" | "firstSince" | "prunedTo">;
  readonly cursors: FeedCursors;
  readonly clock: Clock;
}

/** Events of one type that one poll looks at, whether they pass the arguments or not. */
const lookedAtMax = 500;
const eventsDefault = 50;
const eventsMax = 200;
/** When to ask again where there is nothing more; a delivery by webhook comes within a second. */
const nextPollMs = 5000;

interface Asked {
  readonly contract: WireContract<Contract>;
  readonly tenant: string;
  readonly params: Static<typeof PollParams>;
}

/** Events after a cursor, as the feed has them. Without a cursor there are none, and reading begins at the end. */
export async function pollEvents(parts: PollParts, { contract, tenant, params }: Asked): Promise<object> {
  const { feeds, cursors } = parts;
  const { name, cursor = null, maxEvents = eventsDefault } = params;
  const text = eventArguments(contract, name).filterOf(params.arguments ?? {});
  const passes = text === null ? () => true : parseFilter(text);
  const end = await feeds.end();
  const answer = (events: readonly FeedEvent[], at: { readonly after: number; readonly hasMore: boolean }) => ({
    events: events.map((event) => occurrenceOf(contract, event)),
    cursor: cursors.write(tenant, at.after),
    ...{ hasMore: at.hasMore, nextPollMs },
  });
  if (cursor === null) return { ...answer([], { after: end, hasMore: false }), truncated: false };
  const range = { tenant, contract: contract.declaration.id, types: [name], from: null, until: null };
  const { after, truncated } = await startOf(parts, { range, end, after: cursors.read(tenant, cursor), ...params });
  const page = await feeds.read({ ...range, after, upTo: end, limit: lookedAtMax });
  const passing = page.filter(({ body }) => passes(JSON.parse(body)));
  const given = passing.slice(0, Math.min(maxEvents, eventsMax));
  const last = given.length < passing.length ? given.at(-1) : page.length < lookedAtMax ? undefined : page.at(-1);
  return {
    ...answer(given, { after: last?.position ?? Math.max(after, end), hasMore: last !== undefined }),
    truncated,
  };
}

interface Start {
  readonly range: Parameters<FeedStore["read"]>[0] extends infer Of ? Omit<Of, "after" | "upTo" | "limit"> : never;
  readonly end: number;
  readonly after: number;
  /** Events that are older are passed over. */
  readonly maxAgeMs?: number;
}

/** Where reading begins, and whether something that came after the cursor is not given: too old, or dropped for its age. */
export async function startOf(
  { feeds, clock }: PollParts,
  { range, end, after, maxAgeMs }: Start,
): Promise<{ readonly after: number; readonly truncated: boolean }> {
  const isDropped = after < (await feeds.prunedTo());
  if (maxAgeMs === undefined) return { after, truncated: isDropped };
  const { tenant, contract } = range;
  const first = await feeds.firstSince({ tenant, contract, time: clock.now() - maxAgeMs });
  const from = Math.max(after, first === null ? end : first - 1);
  const passedOver = await feeds.read({ ...range, after, upTo: from, limit: 1 });
  return { after: from, truncated: isDropped || passedOver.length > 0 };
}

function occurrenceOf({ declaration }: WireContract<Contract>, { id, type, time, body }: FeedEvent): object {
  const data = dataOf(declaration.envelope, body);
  return { eventId: id, name: type, timestamp: new Date(time).toISOString(), data };
}
