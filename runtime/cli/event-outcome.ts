import type { Static } from "@sinclair/typebox";
import type { Accounts } from "../http/routes/event-deliveries.ts";
import type { Api } from "./api.ts";
import { attemptsText, type Attempts } from "./attempts-text.ts";

/** What became of an event at every endpoint of its tenant, as the API says it. */
export type EventAccounts = Static<typeof Accounts>;
type Account = EventAccounts["endpoints"][number];
type Delivery = Account["deliveries"][number];

export function readAccounts(api: Api, eventId: string): Promise<EventAccounts> {
  return api.read(`/events/${encodeURIComponent(eventId)}/deliveries`);
}

/** `attempts`, by the deliveries' ids, are told below their deliveries. */
export function accountsText(
  { event, endpoints, logStreams }: EventAccounts,
  attempts: ReadonlyMap<string, Attempts> = new Map(),
): string {
  const head = `${event.type} ${event.id}, ${event.contract}, ${event.createdAt}`;
  if (endpoints.length + logStreams.length === 0) return `${head}\n\n  The tenant never had an endpoint.`;
  const streamTexts = logStreams.map(
    ({ logStreamId, outcome, reason }) => `  ${outcome}  ${logStreamId}\n    ${reason}`,
  );
  return [head, ...streamTexts, ...endpoints.map((account) => accountText(account, attempts))].join("\n\n");
}

function accountText(account: Account, attempts: ReadonlyMap<string, Attempts>): string {
  const { endpointId, url, outcome, reason, decidedBy, heldBackBy, waitsFor, deliveries } = account;
  const fact = decidedBy === null ? [] : [`    since ${decidedBy.type} ${decidedBy.id}, ${decidedBy.at}`];
  const waits = waitsFor === null ? [] : [`    waits for a process that has ${waitsFor}`];
  const why = outcome === "delivering" ? waits : [`    ${reason}`, ...fact];
  const lines = deliveries.flatMap((delivery) => [
    deliveryText(delivery, heldBackBy),
    ...attemptsText(attempts.get(delivery.id) ?? []),
  ]);
  return [`  ${outcome}  ${endpointId}  ${url}`, ...why, ...lines].join("\n");
}

const holds: Readonly<Record<string, string>> = {
  disabled: "held back: the endpoint is disabled",
  paused: "held back: the endpoint is paused",
  secret_unreadable: "held back: the server cannot open the endpoint's signing secret",
  unserved: "held back: no process that came to it had what it needs",
  breaker_open: "held back: the endpoint fails, and is tried one delivery at a time",
};

function deliveryText(delivery: Delivery, heldBackBy: string | null): string {
  const { id, status, attemptCount, lastResponseStatus, lastError, nextAttemptAt } = delivery;
  const said = lastResponseStatus === null ? lastError : `status ${lastResponseStatus}`;
  const facts = [
    `${attemptCount} attempt${attemptCount === 1 ? "" : "s"}`,
    ...(said === null ? [] : [`the last one: ${said}`]),
    ...(nextAttemptAt === null ? [] : [`next at ${nextAttemptAt}`]),
    ...(nextAttemptAt === null || heldBackBy === null ? [] : [holds[heldBackBy] ?? `held back: ${heldBackBy}`]),
  ];
  return `    ${id}  ${status}, ${facts.join(", ")}`;
}
