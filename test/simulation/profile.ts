import type { BreakerRule } from "../../catalog/contract.ts";
import type { EngineLimits } from "../../runtime/engine/context.ts";
import { engineLimits } from "../../runtime/engine/engine.ts";
import type { SeededRandom } from "../faults/random.ts";
import { drawConditions, fairConditions, idealConditions, type Conditions } from "./conditions.ts";

/** What kind of world it is to be. */
export interface Profile {
  readonly kind: "shared" | "embedded";
  readonly shardCount: number;
  /** How many engines there may be at the same time. */
  readonly placeCount: number;
  readonly limits: EngineLimits;
  readonly conditions: Conditions;
  /** How often the product, or fate, does something before the world comes to rest. */
  readonly actionCount: number;
  /** What happens, and how often in relation to the rest. */
  readonly actions: Readonly<Partial<Record<Action, number>>>;
  /** The longest time between two actions that follow each other soon, and otherwise. */
  readonly gapMsMax: { readonly soon: number; readonly late: number };
  readonly soonProbability: number;
  /** Whether receivers become well in the end, or stay as they are, so that deliveries are exhausted. */
  readonly receivers: "heal" | "stay";
  /** Whether an attempt may be sent a second time. */
  readonly repeats: "after faults" | "never";
  /** Whether what is due is done on the millisecond. */
  readonly times: "late at times" | "exact";
  /** How probable it is that an engine lacks what another one has: an event type of its catalog. */
  readonly lacking: number;
  /** That of the contract. Null: it has none. */
  readonly breaker: BreakerRule | null;
  /** Whether stretches of time are passed over in which nothing but looks and renewals would happen. */
  readonly passes: "quiet time" | "nothing";
}

export type Action =
  | "emit"
  | "emit in transaction"
  | "flood"
  | "create endpoint"
  | "update endpoint"
  | "rotate secret"
  | "disable endpoint"
  | "enable endpoint"
  | "remove endpoint"
  | "redeliver"
  | "change mood"
  | "start"
  | "stop"
  | "crash"
  | "pause"
  | "outage"
  | "hide secrets";

const hourMs = 3_600_000;

const usual: Profile["actions"] = {
  emit: 24,
  "emit in transaction": 12,
  "create endpoint": 5,
  "update endpoint": 4,
  "rotate secret": 2,
  "remove endpoint": 1,
  redeliver: 4,
  "change mood": 8,
};
const switching: Profile["actions"] = { "disable endpoint": 2, "enable endpoint": 3 };

/** Everything that can happen, to small windows and few slots, so that they fill up. */
export function drawStormy(random: SeededRandom): Profile {
  const kind = random.isLucky(0.8) ? "shared" : "embedded";
  return {
    kind,
    shardCount: kind === "shared" ? random.pick([1, 2, 4, 8]) : 1,
    placeCount: random.pick([1, 2, 3]),
    limits: drawLimits(random, random.pick([0, 1000, 10_000])),
    conditions: drawConditions(random),
    actionCount: random.pick([60, 120, 180]),
    actions: { ...usual, ...switching, flood: 1, start: 8, stop: 2, crash: 3, pause: 3, outage: 1, "hide secrets": 1 },
    gapMsMax: { soon: random.pick([50, 1000, 10_000]), late: random.pick([60_000, 2 * hourMs]) },
    soonProbability: random.pick([0.5, 0.8, 0.95]),
    receivers: random.pick(["heal", "heal", "stay"]),
    repeats: "after faults",
    times: "late at times",
    lacking: 0,
    breaker: null,
    passes: "quiet time",
  };
}

/** Engines with different catalogs on one database, which come and go. */
export function drawMixed(random: SeededRandom): Profile {
  return { ...drawStormy(random), kind: "shared", placeCount: random.pick([2, 3]), lacking: 0.5 };
}

/**
 * Endpoints that fail are paused, and begin again with one delivery, whoever has their shard by then. Receivers heal: to
 * one that stays as it is an attempt a minute would go on for days.
 */
export function drawBreaking(random: SeededRandom): Profile {
  const breaker = { consecutiveFailures: random.pick([2, 3, 6]), firstSeconds: random.pick([1, 10]), maxSeconds: 60 };
  const stormy = drawStormy(random);
  return { ...stormy, breaker, receivers: "heal", actions: { ...stormy.actions, "change mood": 16 } };
}

function drawLimits(random: SeededRandom, graceMs: number): EngineLimits {
  return {
    ...engineLimits,
    slotsMax: random.pick([2, 4, 16, 64]),
    slowMax: random.pick([1, 2, 16, 1024]),
    slowAfterMs: random.pick([50, 250, 5000]),
    perEndpointMax: random.pick([1, 2, 4, 16]),
    unprovenMax: random.pick([1, 2, 16]),
    windowMax: random.pick([2, 6, 20, 100]),
    graceMs,
  };
}

/** Engines come and go, and each has the time to finish what it began: nothing is sent a second time. */
export function drawOrderly(random: SeededRandom): Profile {
  return {
    ...drawStormy(random),
    kind: "shared",
    placeCount: random.pick([2, 3]),
    // Longer than the longest attempt.
    limits: drawLimits(random, 31_000),
    conditions: fairConditions,
    actions: { ...usual, ...switching, flood: 2, start: 12, stop: 8 },
    repeats: "never",
  };
}

/** Several engines on a database for one process: each that comes takes it from the one before. */
export function drawContested(random: SeededRandom): Profile {
  return {
    ...drawStormy(random),
    kind: "embedded",
    shardCount: 1,
    placeCount: random.pick([2, 3]),
    actions: { ...usual, ...switching, start: 12, stop: 4, crash: 2 },
  };
}

/** Nothing of ours fails and nothing of ours is slow; only receivers are, so that every wait can be told exactly. */
export function drawCalm(random: SeededRandom): Profile {
  const kind = random.isLucky(0.5) ? "shared" : "embedded";
  return {
    kind,
    shardCount: kind === "shared" ? random.pick([1, 4, 16]) : 1,
    placeCount: 1,
    limits: engineLimits,
    conditions: idealConditions,
    actionCount: 60,
    actions: usual,
    gapMsMax: { soon: 1000, late: 4 * hourMs },
    soonProbability: 0.5,
    receivers: "stay",
    repeats: "never",
    times: "exact",
    lacking: 0,
    breaker: null,
    passes: "quiet time",
  };
}
