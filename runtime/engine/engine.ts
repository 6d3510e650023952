import type { Conclusion } from "./conclude.ts";
import { dropped, waiting } from "./conclude.ts";
import type { EngineContext, EngineLimits, EngineParts } from "./context.ts";
import { createEndpointDirectory } from "./endpoint-directory.ts";
import { createLanes } from "./lanes.ts";
import { noteEnded } from "./parking.ts";
import { sendAttempt } from "./send-attempt.ts";
import { settleSoon } from "./settling.ts";
import { concludeTask, createShard, unwrittenCount } from "./shard.ts";
import { finishWork } from "./stopping.ts";
import type { Task } from "./task.ts";
import { runTurn } from "./turn.ts";

/** Reads the log, delivers, and writes down what came of it. */
export interface Engine {
  /** Takes the shards' leases and begins. */
  readonly start: () => Promise<void>;
  /** Something may have been appended or become due. */
  readonly wake: () => void;
  /** A tenant's endpoints were changed: the next attempt uses them as they are now (R-STECH-71). */
  readonly endpointsChanged: (tenant: string) => void;
  /** Resolves when the log is read, nothing is under way, all is written, and nothing is due yet. */
  readonly idle: () => Promise<void>;
  /** When the next pending delivery is due, as of the last look. Null: none. */
  readonly nextDueAt: () => number | null;
  /**
   * Starts nothing more, waits for what is under way as long as the limit `graceMs` says, gives the rest back, and
   * writes everything down: what was given back is attempted again by whoever starts next.
   */
  readonly stop: () => Promise<void>;
  /** Rejects when the engine cannot go on: another owner took its shards. */
  readonly failed: Promise<never>;
}

export const engineLimits: EngineLimits = { slotsMax: 256, perEndpointMax: 16, windowMax: 1000, graceMs: 10_000 };

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
  let cancelTimer = (): void => undefined;
  let idleWaiters: (() => void)[] = [];

  const context: EngineContext = {
    parts,
    directory: createEndpointDirectory(parts),
    lanes: createLanes<Task>(parts.limits, (task) => send(context, task)),
    parked: new Map(),
    shards: new Map(),
    phase: "new",
    nextDue: null,
    takeTurn: () => {
      isTurnWanted = true;
      if (turn === null && context.phase === "running") turn = takeTurns();
    },
    noteIdle: () => {
      if (idleWaiters.length === 0 || turn !== null || !isIdle(context)) return;
      for (const resolve of idleWaiters.splice(0)) resolve();
    },
    fail: (error) => {
      log.error({ err: error }, "The engine stops.");
      context.phase = "stopped";
      cancelTimer();
      failure.reject(error);
    },
  };

  /** One turn at a time; what is asked for during one makes another. */
  async function takeTurns(): Promise<void> {
    while (isTurnWanted && context.phase === "running") {
      isTurnWanted = false;
      try {
        await runTurn(context);
      } catch (error) {
        log.error({ err: error }, "The database did not answer; trying again.");
      }
    }
    turn = null;
    armTimer();
    context.noteIdle();
  }

  function armTimer(): void {
    cancelTimer();
    if (context.phase !== "running") return;
    const now = clock.now();
    const pollAt = now + (now < eagerUntil ? eagerPollMs : pollMs);
    cancelTimer = clock.after(Math.max(Math.min(pollAt, context.nextDue ?? pollAt) - now, 0), look);
  }

  /** Looks at the log and at what is due, whether or not there was word of something new. */
  function look(): void {
    for (const shard of context.shards.values()) {
      shard.mayHaveMore = true;
      shard.mayHaveDue = true;
    }
    context.takeTurn();
  }

  return {
    start: async () => {
      const leases = await parts.store.lease({ owner: parts.owner, leaseMs: 6000, takes: "share" });
      context.shards = new Map(leases.shards.map((lease) => [lease.shard, createShard(lease)]));
      context.phase = "running";
      context.takeTurn();
    },
    wake: () => {
      eagerUntil = clock.now() + eagerForMs;
      look();
    },
    endpointsChanged: (tenant) => {
      context.directory.expire(tenant);
      look();
    },
    idle: () => {
      look();
      return new Promise((resolve) => idleWaiters.push(resolve));
    },
    nextDueAt: () => context.nextDue,
    stop: async () => {
      if (context.phase !== "running") return;
      context.phase = "stopping";
      cancelTimer();
      await turn;
      await finishWork(context);
      context.phase = "stopped";
    },
    failed: failure.promise,
  };
}

async function send(context: EngineContext, task: Task): Promise<void> {
  const shard = context.shards.get(task.shard);
  if (shard === undefined) return;
  const conclusion = await attempt(context, task);
  noteEnded(context, shard, task);
  if (context.phase === "stopped") return;
  concludeTask(shard, context.parts, task, conclusion);
  settleSoon(context, shard);
  const hasRoom = shard.window.size() <= context.parts.limits.windowMax / 2;
  if ((shard.mayHaveMore && hasRoom) || (shard.mayHaveDue && context.lanes.hasRoom("pending"))) context.takeTurn();
}

async function attempt({ parts, directory }: EngineContext, task: Task): Promise<Conclusion> {
  const { tenant, id } = task.event;
  try {
    if (directory.isOutdated(tenant)) await directory.refresh([tenant]);
    if (task.state.endpoint.deletedAt !== null) return dropped;
    if (!task.state.endpoint.enabled) return waiting(task, parts.clock.now());
    return await sendAttempt(parts, task);
  } catch (error) {
    // No request was made, so it is no attempt and not the receiver's failure.
    parts.log.error({ err: error, eventId: id, endpointId: task.state.endpoint.id }, "An attempt could not be made.");
    return waiting(task, parts.clock.now() + faultWaitMs);
  }
}

function isIdle({ lanes, nextDue, parts, shards }: EngineContext): boolean {
  const isDue = nextDue !== null && nextDue <= parts.clock.now();
  if (lanes.inFlightCount() > 0 || isDue) return false;
  return shards.values().every((shard) => {
    const hasWork =
      shard.mayHaveMore || shard.mayHaveDue || shard.isSettling || shard.refused !== null || unwrittenCount(shard) > 0;
    return !hasWork && shard.window.size() === 0 && shard.held.size === 0;
  });
}
