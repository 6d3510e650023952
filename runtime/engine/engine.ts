import { HookwrightError } from "../errors.ts";
import { isPaused, mustWaitFor } from "./breaker.ts";
import type { Conclusion } from "./conclude.ts";
import { dropped, waiting } from "./conclude.ts";
import type { EngineContext, EngineLimits, EngineParts } from "./context.ts";
import { canRead, windowSize } from "./diversions.ts";
import { waitForRate } from "./endpoint-directory.ts";
import { createLanes } from "./lanes.ts";
import { abandon, renewLeases, takeLeases } from "./leasing.ts";
import { noteEnded } from "./parking.ts";
import { sendAttempt } from "./send-attempt.ts";
import { settleSoon } from "./settling.ts";
import { concludeTask, unwrittenCount, type Shard } from "./shard.ts";
import { finishWork, handOverShard } from "./stopping.ts";
import { maySend, type Task } from "./task.ts";
import type { Lease } from "../seams/log-store.ts";
import { runTurn } from "./turn.ts";

/** Reads the log, delivers, and writes down what came of it. */
export interface Engine {
  /** Takes leases of shards, its fair share of them, and begins. */
  readonly start: () => Promise<void>;
  /** Something may have been appended or become due: looks, and tells the other processes to. */
  readonly wake: () => void;
  /** A tenant's endpoints were changed: the next attempt uses them as they are now (R-STECH-71). */
  readonly endpointsChanged: (tenant: string) => void;
  /** Resolves when the log is read, nothing is under way, all is written, and nothing is due yet; rejects at the end. */
  readonly idle: () => Promise<void>;
  /** When the next pending delivery is due, as of the last look. Null: none. */
  readonly nextDueAt: () => number | null;
  /**
   * Starts nothing more, waits for what is under way as long as the limit `graceMs` says, gives the rest back, and
   * writes everything down: what was given back is attempted again by whoever starts next. Rejects when the database did
   * not take that; the engine is stopped all the same.
   */
  readonly stop: () => Promise<void>;
  /** The shards that it works, but for those it is about to give back. */
  readonly leases: () => readonly Lease[];
  /**
   * Until when its leases are good whatever the other processes do, by the clock's `monotonic`. Each renewal puts it
   * off. Infinity on a database for one process, where leases do not end by time.
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
  slotsMax: 256,
  perEndpointMax: 16,
  windowMax: 1000,
  // Some 4 KB each with one endpoint, so at most 130 MB for all 16 shards of one process.
  tenantsMax: 2000,
  graceMs: 10_000,
  // And a third of it until somebody looks: the work of one that died is resumed within 8 s.
  leaseMs: 6000,
};

/** Backstop for wake-ups that never come: an emit in the product's own transaction, another process. */
const pollMs = 250;
/** After a wake-up the transaction behind it may still have to commit. */
const eagerPollMs = 10;
const eagerForMs = 200;
/** What cannot be attempted through a fault of ours is looked at again after this long. */
const faultWaitMs = 60_000;

export function createEngine(parts: EngineParts): Engine {
  const { clock, log } = parts;
  const failure = Promise.withResolvers<never>();
  // Whoever does not listen must not make an unhandled rejection of it.
  failure.promise.catch(() => undefined);
  let turn: Promise<void> | null = null;
  let isTurnWanted = false;
  let eagerUntil = 0;
  let lookedAt = 0;
  let cancelTimer = (): void => undefined;
  let cancelRenewal = (): void => undefined;
  let stopListening = (): void => undefined;
  let lastLeasing = Promise.resolve();
  const idleWaiters: PromiseWithResolvers<void>[] = [];

  const context: EngineContext = {
    parts,
    lanes: createLanes<Task>(parts.limits, {
      send: (task) => send(context, task),
      capOf: ({ state }) => state.endpoint.inFlightMax ?? parts.limits.perEndpointMax,
      pass: ({ state }) => waitForRate(state, clock.now()),
      after: clock.after,
    }),
    parked: new Map(),
    shards: new Map(),
    sequencer: null,
    looks: true,
    phase: "new",
    leaseEndsAt: -Infinity,
    nextDue: null,
    handOver: (shard) => handOverShard(context, shard),
    leasing: (work) => {
      const next = lastLeasing.then(work);
      lastLeasing = next.catch(() => undefined);
      return next;
    },
    takeTurn: () => {
      isTurnWanted = true;
      if (turn === null && context.phase === "running") turn = takeTurns();
    },
    noteIdle: () => {
      if (idleWaiters.length === 0 || turn !== null || !isIdle(context)) return;
      for (const waiter of idleWaiters.splice(0)) waiter.resolve();
    },
    fail: (error) => {
      log.error({ err: error }, "The engine stops.");
      context.phase = "stopped";
      context.leaseEndsAt = -Infinity;
      cancelTimer();
      cancelRenewal();
      stopListening();
      // What was not started never is: it is for the other process to send.
      for (const shard of [...context.shards.values()]) abandon(context, shard);
      rejectWaiters("The engine failed.");
      failure.reject(error);
    },
  };

  function rejectWaiters(message: string): void {
    for (const waiter of idleWaiters.splice(0)) waiter.reject(new HookwrightError("not_ready", message));
  }

  /** One turn at a time; what is asked for during one makes another. */
  async function takeTurns(): Promise<void> {
    while (isTurnWanted && context.phase === "running") {
      isTurnWanted = false;
      const isLook = context.looks;
      try {
        await runTurn(context);
      } catch (error) {
        log.error({ err: error }, "The database did not answer; trying again.");
        forgetLook(context);
      }
      if (isLook) lookedAt = clock.now();
    }
    turn = null;
    armTimer();
    context.noteIdle();
  }

  function armTimer(): void {
    cancelTimer();
    if (context.phase !== "running") return;
    const now = clock.now();
    // From the last look: turns that follow each other more closely than that must not put it off for ever.
    const pollAt = lookedAt + (now < eagerUntil ? eagerPollMs : pollMs);
    cancelTimer = clock.after(Math.max(Math.min(pollAt, context.nextDue ?? pollAt) - now, 0), look);
  }

  /** Looks at the log and at what is due, whether or not there was word of something new. */
  function look(): void {
    context.looks = true;
    context.takeTurn();
  }

  /** There was word of something new, which may not have been committed yet, or not have its position. */
  function lookEagerly(): void {
    eagerUntil = clock.now() + eagerForMs;
    look();
  }

  function armRenewal(): void {
    if (context.phase !== "running" && context.phase !== "stopping") return;
    cancelRenewal = clock.after(parts.limits.leaseMs / 3, () => void renewLeases(context).then(armRenewal));
  }

  return {
    start: async () => {
      await context.leasing(() => takeLeases(context));
      context.phase = "running";
      armRenewal();
      stopListening = parts.store.signals?.listen(lookEagerly) ?? stopListening;
      look();
    },
    wake: () => {
      parts.store.signals?.notify();
      lookEagerly();
    },
    endpointsChanged: (tenant) => {
      parts.store.signals?.notify();
      for (const shard of context.shards.values()) shard.directory.expire(tenant);
      lookEagerly();
    },
    idle: () => {
      look();
      const waiter = Promise.withResolvers<void>();
      idleWaiters.push(waiter);
      return waiter.promise;
    },
    nextDueAt: () => context.nextDue,
    leases: () => [...context.shards.values()].filter((shard) => shard.state === "working").map((shard) => shard.lease),
    leaseEndsAt: () => context.leaseEndsAt,
    status: () => ({
      inFlightCount: context.lanes.inFlightCount(),
      isSequencer: context.sequencer !== null,
      shards: [...context.shards.values()].map(({ lease, cursor, diversions }) => {
        return { shard: lease.shard, cursor, divertedCount: diversions.size };
      }),
      pausedEndpoints: [...context.shards.values()].flatMap(({ directory: { breakers } }) =>
        [...breakers.keys()].filter((endpointKey) => isPaused(breakers, endpointKey)),
      ),
    }),
    stop: async () => {
      if (context.phase !== "running") return;
      context.phase = "stopping";
      cancelTimer();
      stopListening();
      await turn;
      try {
        await finishWork(context, [...context.shards.values()]);
      } finally {
        // Also when the last settlement could not be written: whoever takes the shards over does that work again.
        context.phase = "stopped";
        context.leaseEndsAt = -Infinity;
        cancelRenewal();
        rejectWaiters("The engine was stopped.");
        await context.leasing(() => parts.store.release({ owner: parts.owner, shards: "all" }));
      }
    },
    failed: failure.promise,
  };
}

/** What was to be looked at may not have been. */
function forgetLook(context: EngineContext): void {
  context.looks = true;
  // It may have passed; the poll asks again, and not at once.
  context.nextDue = null;
  for (const shard of context.shards.values()) {
    shard.mayHaveMore = true;
    shard.mayHaveDue = true;
  }
}

async function send(context: EngineContext, task: Task): Promise<() => void> {
  const shard = context.shards.get(task.shard);
  if (shard === undefined) return () => undefined;
  shard.inFlightCount += 1;
  const conclusion = await attempt(context.parts, shard, task);
  return () => end(context, shard, { task, conclusion });
}

function end(context: EngineContext, shard: Shard, { task, conclusion }: { task: Task; conclusion: Conclusion }): void {
  shard.inFlightCount -= 1;
  noteEnded(context, shard, task);
  if (context.phase === "stopped" || shard.state === "lost") return;
  concludeTask(shard, context.parts, task, conclusion);
  settleSoon(context, shard);
  const canClaim = shard.mayHaveDue && context.lanes.hasRoom("pending");
  if (canRead(shard, context.parts.limits.windowMax) || canClaim) context.takeTurn();
}

async function attempt(parts: EngineParts, { directory }: Shard, task: Task): Promise<Conclusion> {
  const { tenant, id } = task.event;
  try {
    if (directory.isOutdated(tenant)) await directory.refresh([tenant]);
    if (task.state.endpoint.deletedAt !== null) return dropped;
    if (!maySend(task.state)) return waiting(task, parts.clock.now());
    if (mustWaitFor(directory.breakers, task)) return waiting(task, task.dueAt);
    return await sendAttempt(parts, task);
  } catch (error) {
    // No request was made, so it is no attempt and not the receiver's failure.
    parts.log.error({ err: error, eventId: id, endpointId: task.state.endpoint.id }, "An attempt could not be made.");
    return waiting(task, parts.clock.now() + faultWaitMs);
  }
}

function isIdle({ lanes, looks, nextDue, parts, shards }: EngineContext): boolean {
  const isDue = nextDue !== null && nextDue <= parts.clock.now();
  if (looks || lanes.inFlightCount() > 0 || isDue) return false;
  return shards.values().every((shard) => {
    const hasWork =
      shard.mayHaveMore || shard.mayHaveDue || shard.isSettling || shard.refused !== null || unwrittenCount(shard) > 0;
    return !hasWork && windowSize(shard) === 0 && shard.diversions.size === 0 && shard.held.size === 0;
  });
}
