import type { PushContract } from "../../../catalog/contract.ts";
import { keepHeaders } from "../../contracts/kept-headers.ts";
import type { Need } from "../../contracts/needs.ts";
import type { Random } from "../../contracts/identifier.ts";
import { decideOutcome, type Outcome } from "../../contracts/outcome.ts";
import type { Exchange } from "../../seams/outbound.ts";
import type { EndpointHealth } from "../../endpoints/settings.ts";
import type { Attempt, DeliveryKey, Pending } from "../../seams/log-store.ts";

/** A delivery to attempt, and the number its attempt gets. */
export interface NumberedDelivery extends DeliveryKey {
  readonly number: number;
}

/** What an attempt leaves to be written: itself, and the wait for the next one if there is one. */
export interface Conclusion {
  readonly attempt: Attempt | null;
  readonly pending: Pending | null;
}

interface Exchanged {
  readonly exchange: Exchange;
  readonly startedAt: number;
  /** What the endpoint's owner had added to the request. */
  readonly ownHeaders: Readonly<Record<string, string>>;
  /** Decides waits with jitter. */
  readonly random: Random;
}

/** Concludes an exchange that started at `startedAt`: waits count from its end. */
export function concludeAttempt(
  contract: PushContract,
  delivery: NumberedDelivery,
  { exchange, startedAt, ownHeaders, random }: Exchanged,
): Conclusion & { readonly attempt: Attempt } {
  const outcome = decideOutcome(contract, exchange, { number: delivery.number, random });
  const { endpointKey, position, run, number } = delivery;
  const durationMs = Math.round(exchange.durationMs);
  const attempt: Attempt = {
    endpointKey,
    position,
    run,
    number,
    startedAt,
    durationMs,
    result: outcome.result,
    status: outcome.status,
    error: outcome.error,
    responseBody: exchange.kind === "response" ? exchange.body : null,
    ownHeaders: keepHeaders(ownHeaders),
    responseHeaders: exchange.kind === "response" ? keepHeaders(exchange.headers ?? {}) : null,
  };
  return { attempt, pending: nextPending(delivery, outcome, startedAt + durationMs) };
}

function nextPending({ endpointKey, position, run, number }: NumberedDelivery, outcome: Outcome, endedAt: number) {
  if (outcome.waitMs === null) return null;
  return { endpointKey, position, run, attemptCount: number, dueAt: endedAt + outcome.waitMs };
}

/** The delivery waits without having been attempted: it is due again at `dueAt` with the same attempt number. */
export function waiting(delivery: NumberedDelivery, dueAt: number): Conclusion {
  const { endpointKey, position, run, number } = delivery;
  return { attempt: null, pending: { endpointKey, position, run, attemptCount: number - 1, dueAt } };
}

/** The delivery waits for a process that has what this one lacks; it is due there at once. */
export function waitingFor(need: Need, delivery: NumberedDelivery, now: number): Conclusion {
  const { endpointKey, position, run, number } = delivery;
  return { attempt: null, pending: { endpointKey, position, run, attemptCount: number - 1, dueAt: now, need } };
}

/** The delivery of a deleted endpoint: nothing is owed and nothing is written. */
export const dropped: Conclusion = { attempt: null, pending: null };

/**
 * An endpoint's health after an attempt: a delivery sets the count to zero, any other result adds one, whether it is
 * tried again or not (R-STECH-65, R-STECH-67).
 */
export function healthAfter(before: EndpointHealth, attempt: Attempt): EndpointHealth {
  if (attempt.result === "delivered") return before.failureCount === 0 ? before : { ...before, failureCount: 0 };
  return {
    failureCount: before.failureCount + 1,
    lastFailedAt: attempt.startedAt,
    lastFailureStatus: attempt.status,
  };
}

/** Whether the contract disables an endpoint with this health (R-STECH-66). */
export function exceedsFailures(contract: PushContract, health: EndpointHealth): boolean {
  return contract.disable !== null && health.failureCount >= contract.disable.consecutiveFailures;
}
