import type { BreakerRule } from "../../../catalog/contract.ts";
import { factsContract } from "../../contracts/contract-of.ts";
import type { EndpointHealth } from "../../endpoints/settings.ts";
import type { RenderEvent } from "../../events.ts";
import type { Attempt, DeliveryKey, Endpoint, NewEvent } from "../../seams/log-store.ts";

/**
 * The circuit breaker of an endpoint that fails. What waits for it stays in `pending` as it is: no claim takes it, so
 * that a pause costs the same whether ten deliveries wait or a million, and uses up none of their attempts. A tenant is
 * in one shard and a shard has one owner, so this is the only process that sends to the endpoint.
 */
export interface Breaker {
  /** When one delivery may be tried. Null: no pause, as it answers, though it accepts nothing yet. */
  pausedUntil: number | null;
  pauseMs: number;
  /** The one that is being tried. */
  probe: DeliveryKey | null;
}

/** By the endpoint's key; who accepts deliveries has none. */
export type Breakers = Map<number, Breaker>;

/**
 * Whether an endpoint with this health is paused. It follows from what is stored, so whoever takes a shard over knows it
 * and begins with one probe; what is lost is how far the pauses had doubled.
 */
export function isBroken(rule: BreakerRule | undefined, health: EndpointHealth): boolean {
  return rule !== undefined && health.failureCount >= rule.consecutiveFailures && isUnwell(health.lastFailureStatus);
}

/** No answer, too many requests, or a fault of its own: the next request would hardly fare better. */
function isUnwell(status: number | null): boolean {
  return status === null || status === 429 || status >= 500;
}

/** The breaker of an endpoint that was found broken. */
export function reopened(rule: BreakerRule, { lastFailedAt }: EndpointHealth): Breaker {
  return pausedFrom(rule, lastFailedAt ?? 0);
}

function pausedFrom({ firstSeconds }: BreakerRule, at: number): Breaker {
  const pauseMs = firstSeconds * 1000;
  return { pausedUntil: at + pauseMs, pauseMs, probe: null };
}

/** The endpoints of which nothing may be claimed now. */
export function pausedNow(breakers: Breakers, now: number): readonly number[] {
  return [...breakers].filter(([, breaker]) => isClosedTo(breaker, now)).map(([endpointKey]) => endpointKey);
}

function isClosedTo({ pausedUntil, probe }: Breaker, now: number): boolean {
  return pausedUntil !== null && (probe !== null || now < pausedUntil);
}

/** When the next pauses end, in milliseconds since 1970. */
export function pauseEnds(breakers: Breakers, now: number): readonly number[] {
  return [...breakers.values()].flatMap(({ pausedUntil }) =>
    pausedUntil !== null && pausedUntil > now ? pausedUntil : [],
  );
}

/** When the endpoint's pause ends, in milliseconds since 1970. Null: it is not paused. */
export function pauseOf(breakers: Breakers, endpointKey: number): number | null {
  return breakers.get(endpointKey)?.pausedUntil ?? null;
}

export function isPaused(breakers: Breakers, endpointKey: number): boolean {
  return (breakers.get(endpointKey)?.pausedUntil ?? null) !== null;
}

/** Whether a due delivery may be claimed. The first one after a pause is its probe. */
export function admit(breakers: Breakers, delivery: DeliveryKey, now: number): boolean {
  const breaker = breakers.get(delivery.endpointKey);
  if (breaker === undefined || breaker.pausedUntil === null) return true;
  if (isClosedTo(breaker, now)) return false;
  breaker.probe = delivery;
  return true;
}

/** Whether a delivery that is about to be sent has to wait, because its endpoint was paused meanwhile. */
export function mustWaitFor(breakers: Breakers, delivery: DeliveryKey): boolean {
  const breaker = breakers.get(delivery.endpointKey);
  return breaker !== undefined && breaker.pausedUntil !== null && !isProbe(breaker, delivery);
}

/** The probe has ended, or was not made. */
export function endProbe(breakers: Breakers, delivery: DeliveryKey): void {
  const breaker = breakers.get(delivery.endpointKey);
  if (breaker !== undefined && isProbe(breaker, delivery)) breaker.probe = null;
}

function isProbe({ probe }: Breaker, { endpointKey, position, run }: DeliveryKey): boolean {
  return probe?.endpointKey === endpointKey && probe.position === position && probe.run === run;
}

/** What of an endpoint its breaker goes by, after an attempt. */
export interface Watched {
  readonly endpoint: Endpoint;
  readonly rule: BreakerRule | undefined;
  readonly health: EndpointHealth;
}

/** Follows an attempt, and gives the events that tell of it: one when the breaker opens, one when the endpoint accepts again. */
export function followBreaker(
  breakers: Breakers,
  { watched, attempt, renderFact }: { watched: Watched; attempt: Attempt; renderFact: RenderEvent },
): readonly NewEvent[] {
  const { endpoint, rule, health } = watched;
  if (rule === undefined) return [];
  const { endpointKey, position, run, number, status } = attempt;
  const tell = (type: "breaker.opened" | "breaker.closed", data: object) =>
    renderFact(factsContract, type, {
      tenant: endpoint.tenant,
      // An attempt changes it at most once, so a settlement written again appends none.
      idempotencyKey: `${type} ${endpoint.id} ${position}/${run}/${number}`,
      data: { endpointId: endpoint.id, contract: endpoint.contract, ...data },
    });
  if (attempt.result === "delivered") return breakers.delete(endpointKey) ? tell("breaker.closed", { status }) : [];
  const known = breakers.get(endpointKey);
  if (!isBroken(rule, health)) {
    if (known !== undefined) known.pausedUntil = null;
    return [];
  }
  const endedAt = attempt.startedAt + attempt.durationMs;
  if (known !== undefined) {
    pauseAgain(known, { rule, attempt, endedAt });
    return [];
  }
  const breaker = pausedFrom(rule, endedAt);
  breakers.set(endpointKey, breaker);
  return tell("breaker.opened", {
    failureCount: health.failureCount,
    lastStatus: health.lastFailureStatus,
    pausedUntil: new Date(endedAt + breaker.pauseMs).toISOString(),
  });
}

/** After a probe the pause doubles. What was under way when the breaker opened changes nothing. */
function pauseAgain(
  breaker: Breaker,
  { rule, attempt, endedAt }: { rule: BreakerRule; attempt: Attempt; endedAt: number },
): void {
  if (breaker.pausedUntil === null) {
    // A probe of the pause before may still be under way: it stays the only one.
    const { pausedUntil, pauseMs } = pausedFrom(rule, endedAt);
    Object.assign(breaker, { pausedUntil, pauseMs });
  } else if (isProbe(breaker, attempt)) {
    breaker.pauseMs = Math.min(2 * breaker.pauseMs, rule.maxSeconds * 1000);
    breaker.pausedUntil = endedAt + breaker.pauseMs;
  }
}
