import type { EndpointHealth } from "../../endpoints/settings.ts";
import type { Attempt, Endpoint } from "../../seams/log-store.ts";

/** How an endpoint is expected to answer, by its attempts so far. */
export interface Allowance {
  /** How many attempts it may have under way. */
  readonly count: number;
  /** Whether its last attempt was under way for `slowAfterMs`: the next one takes a slow place from the start. */
  readonly pace: "quick" | "slow";
}

export interface AllowanceLimits {
  /** Attempts under way to one endpoint, at most. */
  readonly perEndpointMax: number;
  /** Attempts under way to an endpoint that has not answered yet. */
  readonly unprovenMax: number;
  /** Attempts that keep an endpoint busy which answers within `promptMs`. */
  readonly promptEndpointMax: number;
  readonly promptMs: number;
  /** How long a quick attempt takes at most. */
  readonly slowAfterMs: number;
}

/** An endpoint as far as its allowance goes. Only the functions of this file change it. */
export interface Allowed {
  readonly endpoint: Pick<Endpoint, "inFlightMax">;
  readonly health: Pick<EndpointHealth, "failureCount" | "lastFailureStatus">;
  /** Null: nothing was attempted since the endpoint was read. */
  allowance: Allowance | null;
}

/** Gives how many attempts to the endpoint may be under way: what it has proven, and no more than its owner wants. */
export function capOf(state: Allowed, limits: AllowanceLimits): number {
  return Math.min(allowanceOf(state, limits).count, state.endpoint.inFlightMax ?? limits.perEndpointMax);
}

/** Gives whether the endpoint's next attempt is expected to be quick. */
export function paceOf(state: Allowed, limits: AllowanceLimits): Allowance["pace"] {
  return allowanceOf(state, limits).pace;
}

/** Notes that an attempt is under way for `slowAfterMs`. */
export function noteSlow(state: Allowed, limits: AllowanceLimits): void {
  state.allowance = { ...allowanceOf(state, limits), pace: "slow" };
}

/** Follows an attempt that ended. */
export function followAttempt(
  state: Allowed,
  limits: AllowanceLimits,
  attempt: Pick<Attempt, "result" | "status" | "durationMs">,
): void {
  state.allowance = allowanceAfter(allowanceOf(state, limits), limits, attempt);
}

function allowanceOf({ allowance, health }: Allowed, limits: AllowanceLimits): Allowance {
  if (allowance !== null) return allowance;
  // What the process before found out: a restart does not begin with the endpoints that hang.
  const isSilent = health.failureCount > 0 && health.lastFailureStatus === null;
  return isSilent ? { count: 1, pace: "slow" } : { count: limits.unprovenMax, pace: "quick" };
}

/**
 * Doubles for each delivery up to what keeps the endpoint busy, and grows by one for each that is slow. Each attempt
 * without an answer halves it: an endpoint that hangs is down to one after a single round, since all attempts of the
 * round halve it, and one that hangs now and then keeps some. An answer that is no delivery leaves it.
 */
export function allowanceAfter(
  { count }: Allowance,
  limits: AllowanceLimits,
  { result, status, durationMs }: Pick<Attempt, "result" | "status" | "durationMs">,
): Allowance {
  const pace = durationMs < limits.slowAfterMs ? "quick" : "slow";
  if (status === null) return { count: Math.max(Math.floor(count / 2), 1), pace };
  if (result !== "delivered") return { count, pace };
  if (pace === "slow") return { count: Math.min(count + 1, limits.perEndpointMax), pace };
  const target = durationMs < limits.promptMs ? limits.promptEndpointMax : limits.perEndpointMax;
  return { count: Math.min(2 * count, target, limits.perEndpointMax), pace };
}
