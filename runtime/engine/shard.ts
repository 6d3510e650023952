import type { Clock } from "../clock.ts";
import type { RenderEvent } from "../events.ts";
import type { Attempt, DeliveryKey, Lease, Settlement } from "../store.ts";
import { exceedsFailures, healthAfter, waiting, type Conclusion } from "./conclude.ts";
import {
  createEndpointDirectory,
  type DirectoryParts,
  type EndpointDirectory,
  type EndpointState,
} from "./endpoint-directory.ts";
import { endedEvents } from "./ended.ts";
import { factsContract } from "./subscriptions.ts";
import { keyText, type Task } from "./task.ts";
import { createWindow, type Concluded, type Window } from "./window.ts";

/** One leased shard and what of it is being worked. */
export interface Shard {
  readonly lease: Lease;
  /** A tenant is in one shard, so what is known of it comes and goes with the lease. */
  readonly directory: EndpointDirectory;
  /** `leaving`: finishes what it has. `lost`: another owner has it, and what comes of attempts under way is dropped. */
  state: "working" | "leaving" | "lost";
  /** Attempts under way. */
  inFlightCount: number;
  /** The last position that was read. */
  readTo: number;
  /** False once the log's end was read; a wake-up or the poll looks again. */
  mayHaveMore: boolean;
  /** False once all that is due was claimed. */
  mayHaveDue: boolean;
  readonly window: Window<Task>;
  /** Deliveries with a row in `pending` that are under way here: no claim may start them a second time. */
  readonly held: Map<string, Task>;
  /** Those that are held no more since the database was last asked what is due: its answer may be older than that. */
  readonly freed: Set<string>;
  unwritten: Unwritten;
  /** What the database did not take; it is tried again before anything else. */
  refused: Writing | null;
  isSettling: boolean;
  /** Calls off the settlement that a timer will start. Null: none will. */
  cancelSettle: (() => void) | null;
}

/** Conclusions that do not move the cursor, and what else the next settlement writes. */
interface Unwritten {
  readonly conclusions: Concluded<Task>[];
  readonly changedHealth: Set<EndpointState>;
  readonly disabled: Settlement["disabled"][number][];
}

export function createShard(lease: Lease, parts: DirectoryParts): Shard {
  return {
    lease,
    directory: createEndpointDirectory(parts),
    state: "working",
    inFlightCount: 0,
    readTo: lease.cursor,
    mayHaveMore: true,
    mayHaveDue: true,
    window: createWindow(),
    held: new Map(),
    freed: new Set(),
    unwritten: nothingUnwritten(),
    refused: null,
    isSettling: false,
    cancelSettle: null,
  };
}

export interface ConcludeParts {
  readonly clock: Clock;
  readonly renderFact: RenderEvent;
}

/** Takes a task's conclusion: into the window while its position is there, else beside it. */
export function concludeTask(shard: Shard, parts: ConcludeParts, task: Task, conclusion: Conclusion): void {
  if (conclusion.attempt !== null) followHealth(shard, parts, task.state, conclusion.attempt);
  const isInWindow = task.lane === "live" && shard.window.conclude(task, conclusion);
  if (isInWindow) shard.held.delete(keyText(task));
  else shard.unwritten.conclusions.push({ task, conclusion });
}

/**
 * Lets the cursor pass a task that takes long: from now on it waits in the database, due at `dueAt`. One that has been
 * started goes on and is held, so that nobody here starts it again; if this process dies, whoever takes the shard over
 * finds it due.
 */
export function parkTask(shard: Shard, task: Task, dueAt: number): void {
  if (task.progress === "started") shard.held.set(keyText(task), task);
  shard.window.conclude(task, waiting(task, dueAt));
}

function followHealth(shard: Shard, parts: ConcludeParts, state: EndpointState, attempt: Attempt): void {
  const before = state.health;
  state.health = healthAfter(before, attempt);
  if (state.health === before) return;
  shard.unwritten.changedHealth.add(state);
  const { endpoint } = state;
  if (!endpoint.enabled || !exceedsFailures(state.contract.declaration, state.health)) return;
  // At once, so that nothing more is sent before the settlement that says so is written.
  state.endpoint = { ...endpoint, enabled: false };
  shard.unwritten.disabled.push({
    endpointKey: endpoint.key,
    at: parts.clock.now(),
    events: parts.renderFact(factsContract, "endpoint.disabled", {
      tenant: endpoint.tenant,
      data: {
        endpointId: endpoint.id,
        contract: endpoint.contract,
        failureCount: state.health.failureCount,
        lastStatus: state.health.lastFailureStatus,
      },
    }),
  });
}

/** How many conclusions the next settlement would write. */
export function unwrittenCount(shard: Shard): number {
  return shard.window.settledCount() + shard.unwritten.conclusions.length;
}

/** A settlement to write, and the held deliveries it frees once it is written. */
export interface Writing {
  readonly settlement: Settlement;
  readonly frees: readonly Task[];
}

/** Takes all that can be written now. Null when there is nothing. */
export function takeWriting(shard: Shard, parts: ConcludeParts): Writing | null {
  if (unwrittenCount(shard) === 0) return null;
  const { conclusions, changedHealth, disabled } = shard.unwritten;
  shard.unwritten = nothingUnwritten();
  const settled = shard.window.take();
  const all = [...(settled?.concluded ?? []), ...conclusions];
  const settlement: Settlement = {
    lease: shard.lease,
    cursor: settled?.cursor ?? null,
    attempts: all.flatMap(({ conclusion }) => conclusion.attempt ?? []),
    pending: all.flatMap(({ conclusion }) => conclusion.pending ?? []),
    // Only these had a row: what the window concluded never waited, or its wait is written here.
    finished: conclusions.filter(({ conclusion }) => conclusion.pending === null).map(({ task }) => keyOf(task)),
    health: [...changedHealth].map((state) => ({ endpointKey: state.endpoint.key, ...state.health })),
    disabled,
    events: endedEvents(all, parts.renderFact),
  };
  return { settlement, frees: conclusions.map(({ task }) => task) };
}

/** What was written is no longer held: from here on the database says what is due. */
export function release(shard: Shard, writing: Writing): void {
  for (const task of writing.frees) {
    const key = keyText(task);
    shard.held.delete(key);
    shard.freed.add(key);
  }
}

function keyOf({ endpointKey, position, run }: Task): DeliveryKey {
  return { endpointKey, position, run };
}

function nothingUnwritten(): Unwritten {
  return { conclusions: [], changedHealth: new Set(), disabled: [] };
}
