import type { Logger } from "pino";
import type { Clock } from "./seams/clock.ts";
import type { WireCatalog } from "./contracts/wire-contract.ts";
import { factsContract } from "./contracts/contract-of.ts";
import type { Outbound } from "./seams/outbound.ts";
import { createPace, passAt } from "./pace.ts";
import type { NewEvent } from "./seams/log-store.ts";

const timeoutMs = 5000;

/** Posts a notice to a chat or whatever else takes it. Says what came instead of 2xx; null: it was taken. */
export async function postNotice(outbound: Outbound, url: URL, body: string): Promise<string | null> {
  const headers = { "content-type": "application/json" };
  const exchange = await outbound.send({ url, headers, body, timeoutMs, responseBodyBytesMax: 0 });
  if (exchange.kind !== "response") return exchange.kind;
  return exchange.status >= 200 && exchange.status < 300 ? null : `status ${exchange.status}`;
}

/** Where the operator wants to be told. The URL is a secret where it is that of a chat: not for a log. */
export interface NoticeTarget {
  readonly url: URL;
  /** `slack`: `{ "text": … }`, as Slack's incoming webhooks take it and those that imitate them. `json`: the event itself. */
  readonly format: "slack" | "json";
}

export interface OperatorNotices {
  /** Takes events of Hookwright's own that this process appended. Returns at once and never throws. */
  readonly told: (events: readonly NewEvent[]) => void;
  /** Forgets what was not posted, and waits for what is under way. */
  readonly close: () => Promise<void>;
}

/** What an operator wants to know of before somebody complains. */
const types: readonly string[] = [
  "endpoint.disabled",
  "breaker.opened",
  "breaker.closed",
  "delivery.exhausted",
  "action.killed",
];

/** What Slack takes of one webhook. */
const perSecond = 1;
/** Two minutes' worth: what exceeds it is left out, and the next notice says how many. */
const waitingMax = 120;

export interface OperatorNoticesParts {
  readonly target: NoticeTarget;
  /** A way out of its own: what a notice waits for holds up no delivery. */
  readonly outbound: Outbound;
  readonly catalog: WireCatalog;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
}

/** Where nobody wants to be told. */
export const noNotices: OperatorNotices = { told: () => {}, close: async () => {} };

/**
 * Tells the operator what happens, as it happens: one notice at a time, one a second. Each is posted once, by the process
 * that appended the event, and not again if that fails: the event is in the log.
 */
export function createOperatorNotices({
  target: { url, format },
  outbound,
  catalog,
  clock,
  log,
}: OperatorNoticesParts): OperatorNotices {
  const pace = createPace(perSecond, clock.now());
  const waiting: NewEvent[] = [];
  let leftOutCount = 0;
  let isPosting = false;
  let isClosed = false;
  let cancelTimer = (): void => undefined;

  async function postNext(): Promise<void> {
    const event = waiting.shift();
    if (event === undefined) return;
    const body = format === "json" ? jsonNotice(event, leftOutCount) : slackNotice(event, catalog, leftOutCount);
    leftOutCount = 0;
    const problem = await postNotice(outbound, url, body);
    if (problem !== null) log.warn({ eventId: event.id, problem }, "A notice to the operator was not taken.");
  }

  function goOn(): void {
    if (isPosting || isClosed || waiting.length === 0) return;
    isPosting = true;
    const waitMs = passAt(pace, clock.now());
    const next = (): void => {
      isPosting = false;
      goOn();
    };
    if (waitMs > 0) cancelTimer = clock.after(waitMs, next);
    else
      void postNext()
        .catch((error: unknown) => log.warn({ err: error }, "A notice to the operator could not be posted."))
        .then(next);
  }

  return {
    told: (events) => {
      if (isClosed) return;
      const wanted = events.filter(({ contract, type }) => contract === factsContract && types.includes(type));
      const room = Math.max(0, waitingMax - waiting.length);
      waiting.push(...wanted.slice(0, room));
      leftOutCount += Math.max(0, wanted.length - room);
      goOn();
    },
    close: async () => {
      isClosed = true;
      cancelTimer();
      await outbound.close();
    },
  };
}

function jsonNotice({ id, tenant, body }: NewEvent, leftOutCount: number): string {
  return JSON.stringify({ id, tenant, ...JSON.parse(body), leftOutCount });
}

function slackNotice({ tenant, type, body }: NewEvent, catalog: WireCatalog, leftOutCount: number): string {
  const summary = catalog[factsContract]?.eventTypes[type]?.summary ?? type;
  const data: Readonly<Record<string, unknown>> = JSON.parse(body).data;
  const facts = Object.entries({ tenant, ...data }).map(([name, value]) => `${name} ${escaped(String(value))}`);
  const rest = leftOutCount === 0 ? [] : [`${leftOutCount} more notices were left out.`];
  return JSON.stringify({ text: [`*${type}* ${summary}`, facts.join(", "), ...rest].join("\n") });
}

/** Slack's three control characters: a tenant's name must not become a link or call everybody. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const lines: Readonly<Record<string, string>> = {
  "endpoint.disabled": "An endpoint was disabled, as it failed too often.",
  "delivery.exhausted": "Deliveries were given up after their last attempt.",
};

/**
 * Writes a line of the log for each event of Hookwright's own that says that something stopped: an endpoint that was
 * disabled, and deliveries that are exhausted, one line for those of an endpoint that ended together.
 */
export function logTold(log: Pick<Logger, "warn">): (events: readonly NewEvent[]) => void {
  return (events) => {
    for (const { contract, tenant, type, body } of events) {
      const line = contract === factsContract ? lines[type] : undefined;
      if (line === undefined) continue;
      const { data }: { readonly data: object } = JSON.parse(body);
      log.warn({ type, tenant, ...data }, line);
    }
  };
}
