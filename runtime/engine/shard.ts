import type { Clock } from "../seams/clock.ts";
import { factsContract } from "../contracts/contract-of.ts";
import type { RenderEvent } from "../events.ts";
import type { Attempt, DeliveryKey, Lease, NewEvent, Settlement } from "../seams/log-store.ts";
import { endProbe, followBreaker } from "./breaker.ts";
import { exceedsFailures, healthAfter, waiting, type Conclusion } from "./conclude.ts";
import {
  createEndpointDirectory,
  type DirectoryParts,
  type EndpointDirectory,
  type EndpointState,
} from "./endpoint-directory.ts";
import { createDiversion, type Diversion, type Reader } from "./diversion.ts";
import { endedEvents } from "./ended.ts";
import { keyText, type Task } from "./task.ts";
import { createWindow, type Concluded } from "./window.ts";

/** One leased shard and what of it is being worked. */
export interface Shard extends Reader {
  readonly lease: Lease;
  /** A tenant is in one shard, so what is known of it comes and goes with the lease. */
  readonly directory: EndpointDirectory;
  /** `leaving`: finishes what it has. `lost`: another owner has it, and what comes of attempts under way is dropped. */
  state: "working" | "leaving" | "lost";
  /** Attempts under way. */
  inFlightCount: number;
  /** False once the log's end was read; a wake-up or the poll looks again. */
  mayHaveMore: boolean;
  /** False once all that is due was claimed. */
  mayHaveDue: boolean;
  /** The position up to which it is settled, once what was taken to be written is. */
  cursor: number;
  /** By tenant. */
  readonly diversions: Map<string, Diversion>;
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
  readonly events: NewEvent[];
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
    cursor: lease.cursor,
    diversions: new Map(lease.diversions.map((stored) => [stored.tenant, createDiversion(stored)])),
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
  if (conclusion.attempt !== null) follow(shard, parts, task.state, conclusion.attempt);
  endProbe(shard.directory.breakers, task);
  if (task.lane === "live" && concludeInWindow(shard, task, conclusion)) shard.held.delete(keyText(task));
  else shard.unwritten.conclusions.push({ task, conclusion });
}

/**
 * Lets the cursor pass a task that takes long: from now on it waits in the database, due at `dueAt`. One that has been
 * started goes on and is held, so that nobody here starts it again; if this process dies, whoever takes the shard over
 * finds it due.
 */
export function parkTask(shard: Shard, task: Task, dueAt: number): void {
  if (task.progress === "started") shard.held.set(keyText(task), task);
  concludeInWindow(shard, task, waiting(task, dueAt));
}

function concludeInWindow(shard: Shard, task: Task, conclusion: Conclusion): boolean {
  if (shard.window.conclude(task, conclusion)) return true;
  return shard.diversions.values().some(({ window }) => window.conclude(task, conclusion));
}

function follow(shard: Shard, parts: ConcludeParts, state: EndpointState, attempt: Attempt): void {
  followHealth(shard, parts, state, attempt);
  const { endpoint, contract, health } = state;
  const watched = { endpoint, health, rule: contract.declaration.breaker };
  const told = followBreaker(shard.directory.breakers, { watched, attempt, renderFact: parts.renderFact });
  shard.unwritten.events.push(...told);
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
  const windows = [shard.window, ...started(shard).map(({ window }) => window)];
  const settledCount = windows.reduce((sum, window) => sum + window.settledCount(), 0);
  return settledCount + shard.unwritten.conclusions.length + rejoining(shard).length;
}

/** A settlement to write, and the held deliveries it frees once it is written. */
export interface Writing {
  readonly settlement: Settlement;
  readonly frees: readonly Task[];
}

/** Takes all that can be written now. Null when there is nothing. */
export function takeWriting(shard: Shard, parts: ConcludeParts): Writing | null {
  if (unwrittenCount(shard) === 0) return null;
  const { conclusions, changedHealth, disabled, events } = shard.unwritten;
  shard.unwritten = nothingUnwritten();
  const settled = shard.window.take();
  if (settled !== null) shard.cursor = settled.cursor;
  const { diverted, rejoined, concluded } = takeDiversions(shard);
  const all = [...(settled?.concluded ?? []), ...concluded, ...conclusions];
  const settlement: Settlement = {
    lease: shard.lease,
    cursor: settled?.cursor ?? null,
    diverted,
    rejoined,
    attempts: all.flatMap(({ conclusion }) => conclusion.attempt ?? []),
    pending: all.flatMap(({ conclusion }) => conclusion.pending ?? []),
    // Only these had a row: what the window concluded never waited, or its wait is written here.
    finished: conclusions.filter(({ conclusion }) => conclusion.pending === null).map(({ task }) => keyOf(task)),
    health: [...changedHealth].map((state) => ({ endpointKey: state.endpoint.key, ...state.health })),
    disabled,
    events: [...endedEvents(all, parts.renderFact), ...events],
  };
  return { settlement, frees: conclusions.map(({ task }) => task) };
}

/** The tenants' readers whose work may be settled. */
function started({ diversions, cursor }: Shard): readonly Diversion[] {
  return [...diversions.values()].filter(({ startsAt }) => startsAt <= cursor);
}

/** Who rejoins now: the shard's cursor is as far as their events were passed over. */
function rejoining({ diversions, cursor }: Shard): readonly Diversion[] {
  return [...diversions.values()].filter(({ rejoinsAt }) => rejoinsAt !== null && rejoinsAt <= cursor);
}

/** What the tenants' own readers have settled. */
function takeDiversions(shard: Shard) {
  const { diversions, cursor } = shard;
  const concluded: Concluded<Task>[] = [];
  for (const diversion of started(shard)) {
    const settled = diversion.window.take();
    if (settled === null) continue;
    diversion.cursor = settled.cursor;
    diversion.isUnwritten = true;
    concluded.push(...settled.concluded);
  }
  const rejoined = rejoining(shard);
  for (const { tenant } of rejoined) diversions.delete(tenant);
  const unwritten = [...diversions.values()].filter(({ isUnwritten }) => isUnwritten);
  for (const diversion of unwritten) diversion.isUnwritten = cursor < diversion.startsAt;
  const diverted = unwritten.map((diversion) => ({
    tenant: diversion.tenant,
    cursor: diversion.isUnwritten ? cursor : diversion.cursor,
  }));
  return { diverted, rejoined: rejoined.map(({ tenant }) => tenant), concluded };
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
  return { conclusions: [], changedHealth: new Set(), disabled: [], events: [] };
}
