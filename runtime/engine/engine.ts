import type { Lease } from "../seams/log-store.ts";
import type { EngineContext, EngineLimits, EngineParts } from "./context.ts";
import { waitForRate } from "./endpoints/directory.ts";
import { createIdle } from "./idle.ts";
import { createLifecycle, enter } from "./lifecycle.ts";
import { capOf, noteSlow, paceOf } from "./send/allowance.ts";
import { isPaused } from "./send/breaker.ts";
import { deliver } from "./send/deliver.ts";
import { createLanes } from "./send/lanes.ts";
import { canClaim, createBacklog } from "./shard/claiming.ts";
import { windowSize } from "./shard/diversions.ts";
import { finishWork } from "./shard/hand-over.ts";
import { createLeasing, endLeases, inOrder, takeLeases } from "./shard/leasing.ts";
import { createParking } from "./shard/parking.ts";
import { createRenewal } from "./shard/renewal.ts";
import { createSettling, isSettled } from "./shard/settling.ts";
import { hear, runTurn, wake } from "./turn.ts";
import { createTurns, type Word } from "./turns.ts";
import { createUnservedReport, stopSaying } from "./unserved.ts";

/** Reads the log, delivers, and writes down what came of it. */
export interface Engine {
  /** Takes leases of shards, its fair share of them, and begins. */
  readonly start: () => Promise<void>;
  /**
   * Looks for what is new, and tells the other processes to: something was appended (`log`), appended or made pending
   * (`work`, unless given), or appended in a transaction that is still open (`uncommitted`).
   */
  readonly wake: (word?: Word) => void;
  /** A tenant's endpoints were changed: the next attempt uses them as they are now (R-STECH-71). */
  readonly endpointsChanged: (tenant: string) => void;
  /** Resolves when the log is read, nothing is under way, all is written, and nothing is due yet; rejects at the end. */
  readonly idle: () => Promise<void>;
  /** When the next pending delivery is due, as of the last look. Null: none. */
  readonly nextDueAt: () => number | null;
  /**
   * Starts nothing more, waits for what is under way as long as the limit `graceMs` says, gives the rest back, and
   * writes everything down: what was given back is attempted again by the process that starts next. Rejects when the
   * database did not take that; the engine is stopped all the same.
   */
  readonly stop: () => Promise<void>;
  /** The shards that it works, but for those it is about to give back. */
  readonly leases: () => readonly Lease[];
  /**
   * Until when its leases are good whatever the other processes do, by the clock's `monotonic`. Each renewal puts it
   * off. Infinity on a database for one process, where leases do not end by time; -Infinity once the engine has ended.
   */
  readonly leaseEndsAt: () => number;
  /** What it holds and does at this moment. */
  readonly status: () => EngineStatus;
  /** Rejects when the engine cannot go on: another process took the database that serves one. */
  readonly failed: Promise<never>;
}

export interface EngineStatus {
  readonly inFlightCount: number;
  readonly isSequencer: boolean;
  /** Keys of the endpoints whose breaker is open. */
  readonly pausedEndpoints: readonly number[];
  readonly shards: readonly { readonly shard: number; readonly cursor: number; readonly divertedCount: number }[];
}

export const engineLimits: EngineLimits = {
  // At 10 ms an answer, 25,000 deliveries a second: more than a process can make.
  slotsMax: 256,
  // With 682 for one tenant, so 40 endpoints that never answer, with 16 under way each, are no concern of the others.
  slowMax: 1024,
  // Longer than a receiver at the other end of the world takes with a new connection: 2 or 3 round trips of 80 ms.
  slowAfterMs: 250,
  perEndpointMax: 16,
  // Two show sooner than one whether it answers, and 20 that hang cost no more than 40 quick places.
  unprovenMax: 2,
  // One socket is used while another's answer is read; over more than 4 a receiver that answers at once is no quicker.
  promptEndpointMax: 4,
  promptMs: 10,
  windowMax: 1000,
  // Some 4 KB each with one endpoint, so at most 130 MB for all 16 shards of one process.
  tenantsMax: 2000,
  graceMs: 10_000,
  // And a third of it until somebody looks: the work of one that died is resumed within 8 s.
  leaseMs: 6000,
};

/** Exchanges that an engine may have under way at once: each needs a socket. */
export function exchangesMax({ slotsMax, slowMax }: EngineLimits): number {
  return slotsMax + slowMax;
}

export function createEngine(parts: EngineParts): Engine {
  const context = createContext(parts);
  const { backlog, idle, lanes, lifecycle, renewal, shards, turns } = context;
  const { signals } = parts.store;
  let stopListening = (): void => undefined;

  return {
    start: async () => {
      await inOrder(context.leasing, async () => void (await takeLeases(context)));
      enter(lifecycle, "running");
      renewal.start();
      stopListening = signals?.listen((word) => hear(context, word)) ?? stopListening;
      turns.start();
    },
    wake: (word = "work") => wake(context, word),
    endpointsChanged: (tenant) => {
      signals?.notify("work");
      for (const shard of shards.values()) shard.directory.expire(tenant);
      turns.look("work");
    },
    idle: () => {
      turns.look("work");
      return idle.wait();
    },
    nextDueAt: () => backlog.nextDueAt,
    leases: () => [...shards.values()].filter((shard) => shard.state === "working").map((shard) => shard.lease),
    leaseEndsAt: () => context.leasing.endsAt,
    status: () => ({
      inFlightCount: lanes.inFlightCount(),
      isSequencer: context.leasing.sequencer !== null,
      shards: [...shards.values()].map(({ lease, cursor, diversions }) => {
        return { shard: lease.shard, cursor, divertedCount: diversions.size };
      }),
      pausedEndpoints: [...shards.values()].flatMap(({ directory: { breakers } }) =>
        [...breakers.keys()].filter((endpointKey) => isPaused(breakers, endpointKey)),
      ),
    }),
    stop: async () => {
      if (!enter(lifecycle, "stopping")) return;
      stopListening();
      await turns.stop();
      try {
        await finishWork(context, [...shards.values()]);
      } finally {
        // Also when the last settlement could not be written: the next owner of the shards does that work again.
        enter(lifecycle, "stopped");
        endLeases(context.leasing);
        renewal.stop();
        stopSaying(context);
        idle.giveUp("The engine was stopped.");
        await inOrder(context.leasing, () => parts.store.release({ owner: parts.owner, shards: "all" }));
      }
    },
    failed: lifecycle.failure.promise,
  };
}

function createContext(parts: EngineParts): EngineContext {
  const { clock, limits, log } = parts;
  const leasing = createLeasing();
  const context: EngineContext = {
    parts,
    leasing,
    shards: leasing.shards,
    lifecycle: createLifecycle(),
    settling: createSettling(),
    unservedReport: createUnservedReport(),
    backlog: createBacklog(),
    parking: createParking(),
    turns: createTurns({
      clock,
      log,
      run: (look) => runTurn(context, look),
      isBusy: () => context.lanes.inFlightCount() > 0,
      ended: () => context.idle.check(),
    }),
    idle: createIdle(() => isIdle(context)),
    renewal: createRenewal(() => context),
    lanes: createLanes(limits, {
      send: (task) => deliver(context, task),
      capOf: ({ state }) => capOf(state, limits),
      budgetOf: ({ state }) => paceOf(state, limits),
      slowed: (tasks) => {
        for (const { state } of tasks) noteSlow(state, limits);
      },
      // What is slow may hold up a cursor.
      swept: () => context.turns.takeTurn(),
      pass: ({ state }) => waitForRate(state, clock.now()),
      clock,
    }),
  };
  return context;
}

function isIdle(context: EngineContext): boolean {
  const { lanes, shards, turns } = context;
  if (!turns.areDone() || lanes.inFlightCount() > 0 || canClaim(context) || !isSettled(context)) return false;
  return shards.values().every((shard) => {
    return !shard.mayHaveMore && windowSize(shard) === 0 && shard.diversions.size === 0 && shard.held.size === 0;
  });
}
