import type { FeedRange } from "../seams/feed-store.ts";
import type { Endpoint } from "../seams/log-store.ts";
import type { Subscribed } from "../subscribers/subscriptions.ts";
import { replay } from "../subscribers/replay.ts";
import { complete, mcpError, type McpAnswer } from "./answer.ts";
import type { McpCaller, McpEventsParts } from "./parts.ts";
import { readParams, SubscribeParams, UnsubscribeParams } from "./params.ts";
import { startOf } from "./poll-events.ts";

type Caller = McpCaller & { readonly subscriber: string; readonly contract: string };

/** `events/subscribe`: what is subscribed already is renewed. */
export async function subscribe(parts: McpEventsParts, given: unknown, caller: Caller): Promise<McpAnswer> {
  const params = readParams(SubscribeParams, given);
  const { name, delivery, ttlMs, cursor = null, maxAgeMs } = params;
  if (isOtherMode(delivery)) return otherMode(delivery);
  const { tenant, subscriber, contract } = caller;
  // Before anything is written: nothing between the two is passed over by who polls from here.
  const end = await parts.feeds.end();
  const after = cursor === null ? null : parts.cursors.read(tenant, cursor);
  const subscribed = await parts.subscriptions.subscribe({
    ...{ tenant, subscriber, contract, name, ttlMs, url: delivery.url, secret: delivery.secret },
    arguments: params.arguments ?? {},
    actorId: caller.actorId ?? subscriber,
  });
  if (subscribed.kind === "refused") return refusal(subscribed.reason);
  const { endpoint, before, expiresAt } = subscribed;
  const range = { tenant, contract, types: [name], from: null, until: null };
  const begun = await beginning(parts, {
    range,
    after,
    end,
    before,
    endpoint,
    ...(maxAgeMs !== undefined && { maxAgeMs }),
  });
  return complete({
    id: endpoint.id,
    refreshBefore: new Date(expiresAt).toISOString(),
    cursor: parts.cursors.write(tenant, begun.cursor),
    truncated: begun.truncated,
    ...(before !== null && { deliveryStatus: statusOf(before) }),
  });
}

/** `events/unsubscribe`. */
export async function unsubscribe(parts: McpEventsParts, given: unknown, caller: Caller): Promise<McpAnswer> {
  const { name, delivery, arguments: args = {} } = readParams(UnsubscribeParams, given);
  if (isOtherMode(delivery)) return otherMode(delivery);
  const { tenant, subscriber, contract, actorId = subscriber } = caller;
  const target = { tenant, subscriber, contract, name, arguments: args, url: delivery.url };
  if (await parts.subscriptions.unsubscribe({ ...target, actorId })) return complete({});
  return mcpError("notFound", "There is no such subscription.", { kind: "subscription" });
}

interface Beginning {
  readonly range: FeedRange;
  /** What the client had come to. Null: it begins now. */
  readonly after: number | null;
  /** The log's, before the subscription. */
  readonly end: number;
  readonly before: Endpoint | null;
  readonly endpoint: Endpoint;
  readonly maxAgeMs?: number;
}

/**
 * What the client gets, and the cursor that is safe to keep: up to it everything was delivered or given up. Without a
 * cursor of its own it gets what comes from now on. With one it gets what came after it, too; `truncated` says that some of
 * that is not sent, as it was dropped, is older than was asked for, or is too much.
 */
async function beginning(
  parts: McpEventsParts,
  { range, after, end, before, endpoint, ...age }: Beginning,
): Promise<{ readonly cursor: number; readonly truncated: boolean }> {
  const { tenant } = range;
  if (before === null && after === null) return { cursor: end, truncated: false };
  const start = after === null ? null : await startOf(parts, { range, after, end, ...age });
  // Of a renewal too: the answer to the first request may have been lost with what it was about to send.
  const isWhole = start === null || (await replay(parts, { endpoint, range, after: start.after }));
  const settled = await parts.subscribers.settledUpTo({ tenant, endpointKey: endpoint.key });
  const cursor = Math.max(settled, start?.after ?? 0);
  return { cursor, truncated: before === null && (start?.truncated === true || !isWhole) };
}

/** How deliveries went before this renewal, which enables them again; in words of a fixed set. */
function statusOf({ enabled, failureCount, lastFailedAt, lastFailureStatus }: Endpoint): object {
  if (failureCount === 0) return { active: enabled, lastError: null };
  const lastError = lastFailureStatus === null ? "timeout" : lastFailureStatus >= 500 ? "http_5xx" : "http_4xx";
  const failedSince = lastFailedAt === null ? {} : { failedSince: new Date(lastFailedAt).toISOString() };
  return { active: enabled, lastError, ...failedSince };
}

function refusal(reason: Extract<Subscribed, { kind: "refused" }>["reason"]): McpAnswer {
  // The protocol has no word for a redirect, which is not followed: such an endpoint did not answer the challenge.
  const told = reason === "http_3xx" ? "challenge_failed" : reason;
  return mcpError("callbackEndpoint", `delivery.url: it did not answer the challenge (${told}).`, { reason: told });
}

const isOtherMode = ({ mode = "webhook" }: { readonly mode?: string }) => mode !== "webhook";

function otherMode({ mode }: { readonly mode?: string }): McpAnswer {
  const message = `delivery.mode: expected "webhook", got ${JSON.stringify(mode)}; poll without subscribing.`;
  return mcpError("unsupported", message, { feature: "deliveryMode", value: mode });
}
