import type { PushContract, OutcomeRule, OutcomeTrigger, PushRetry } from "../../catalog/contract.ts";
import type { Exchange } from "../seams/outbound.ts";
import type { AttemptResult } from "../seams/log-store.ts";
import type { Random } from "./identifier.ts";

/** What an attempt came to by its contract's outcome table and retry plan. */
export interface Outcome {
  readonly result: AttemptResult;
  /** Milliseconds until the next attempt; null unless `result` is `retry`. */
  readonly waitMs: number | null;
  /** The contract's word for the failure. */
  readonly error: string | null;
  /** The response's status. Null when there was none. */
  readonly status: number | null;
}

/**
 * Decides an attempt. `number` counts from 1 within the delivery: after attempt n the n-th wait of the plan follows,
 * and when there is none the delivery is exhausted (R-STECH-59 to R-STECH-61).
 */
export function decideOutcome(
  contract: PushContract,
  exchange: Exchange,
  { number, random }: { readonly number: number; readonly random: Random },
): Outcome {
  const { then, error, status } = judge(contract.outcomes, exchange);
  switch (then) {
    case "deliver":
      return { result: "delivered", waitMs: null, error: null, status };
    case "reject":
      return { result: "rejected", waitMs: null, error, status };
    case "retry": {
      const { retry } = contract;
      const seconds = retry.waitsSeconds[number - 1];
      return seconds === undefined
        ? { result: "exhausted", waitMs: null, error, status }
        : {
            result: "retry",
            waitMs: longerWait(retry, jittered(seconds * 1000, retry.jitter ?? 0, random), exchange),
            error,
            status,
          };
    }
  }
}

/** A wait of the plan, or the longer one that the receiver asks for, as far as the contract lets it. */
function longerWait({ retryAfter }: PushRetry, plannedMs: number, exchange: Exchange): number {
  const askedMs = exchange.kind === "response" ? (exchange.retryAfterMs ?? 0) : 0;
  const maxMs = 1000 * (retryAfter?.maxSeconds ?? 0);
  return Math.max(plannedMs, Math.min(askedMs, maxMs));
}

/**
 * A wait with up to so much of itself, `jitter`, more or less at random, in whole milliseconds: what failed together does
 * not come back together. Without jitter it is exact, and nothing is drawn.
 */
export function jittered(waitMs: number, jitter: number, random: Random): number {
  if (jitter === 0) return waitMs;
  const share = Buffer.from(random(4)).readUInt32BE() / 0xffff_ffff;
  return Math.round(waitMs * (1 + jitter * (2 * share - 1)));
}

/** What the outcome table says of an exchange, and its word for it. */
export function judge(
  outcomes: readonly OutcomeRule[],
  exchange: Exchange,
): Pick<Outcome, "error" | "status"> & Pick<OutcomeRule, "then"> {
  const trigger = exchange.kind === "response" ? exchange.status : exchange.kind;
  const rule = outcomes.find((candidate) => matches(candidate, trigger));
  const status = exchange.kind === "response" ? exchange.status : null;
  const error = rule?.error ?? (exchange.kind === "response" ? null : exchange.kind);
  // A status outside 200 to 599 has no line in any table; it is tried again, as whatever answered may not be the receiver.
  return { then: rule?.then ?? "retry", error, status };
}

function matches(rule: OutcomeRule, trigger: OutcomeTrigger): boolean {
  const on: readonly OutcomeTrigger[] = Array.isArray(rule.on) ? rule.on : [rule.on];
  return on.some((candidate) => candidate === trigger || candidate === statusClass(trigger));
}

function statusClass(trigger: OutcomeTrigger): string | null {
  return typeof trigger === "number" ? `${Math.floor(trigger / 100)}xx` : null;
}
