import { systemActor } from "../../actor.ts";
import { factsContract } from "../../contracts/contract-of.ts";
import type { RenderEvent } from "../../events.ts";
import type { Clock } from "../../seams/clock.ts";
import type { Attempt, DeliveryKey, Lease, NewEvent, Pending, Settlement } from "../../seams/log-store.ts";
import { countedBytes } from "../../seams/page-bytes.ts";
import {
  createEndpointDirectory,
  type DirectoryParts,
  type EndpointDirectory,
  type EndpointState,
} from "../endpoints/directory.ts";
import { endProbe, followBreaker } from "../send/breaker.ts";
import { exceedsFailures, healthAfter, waiting, type Conclusion } from "../send/conclude.ts";
import { keyText, type Task } from "../send/task.ts";
import { createDiversion, takeDiversions, unwrittenDiversionCount, type Diversion, type Reader } from "./diversion.ts";
import { endedEvents } from "./ended.ts";
import { createHeld, type Held } from "./held.ts";
import { createWindow, type Concluded } from "./window.ts";

/** One leased shard and what of it is being worked. Only the functions of this file and `diversions.ts` change it. */
export interface Shard extends Reader {
  readonly lease: Lease;
  /** A tenant is in one shard, so what is known of it comes and goes with the lease. */
  readonly directory: EndpointDirectory;
  /** `leaving`: finishes what it has. `lost`: another owner has it, and what comes of attempts under way is dropped. */
  state: "working" | "leaving" | "lost";
  /** Attempts under way. */
  inFlightCount: number;
  /** False once the log's end was read; a look at the log makes it true again. */
  mayHaveMore: boolean;
  /** The position up to which it is settled, once what was taken to be written is. */
  cursor: number;
  /** By tenant. */
  readonly diversions: Map<string, Diversion>;
  /** Deliveries with a row in `pending` that are under way here: no claim may start them a second time. */
  readonly held: Held;
  /** Those that are held no more since the database was last asked what is due: its answer may be older than that. */
  readonly freed: Set<string>;
  /** Attempts that outlived their place in the window, counted by endpoint. */
  readonly parked: Map<number, number>;
  unwritten: Unwritten;
}

/** Conclusions that do not move the cursor, and what else the next settlement writes. */
interface Unwritten {
  readonly conclusions: Concluded<Task>[];
  /** Deliveries that were claimed and wait for what this process lacks, by key. */
  readonly aside: Map<string, Pending>;
  readonly changedHealth: Set<EndpointState>;
  readonly disabled: Settlement["disabled"][number][];
  readonly events: NewEvent[];
}

export interface ConcludeParts {
  readonly clock: Clock;
  readonly renderFact: RenderEvent;
}

export function createShard(lease: Lease, parts: DirectoryParts): Shard {
  return {
    lease,
    directory: createEndpointDirectory(parts),
    state: "working",
    inFlightCount: 0,
    readTo: lease.cursor,
    // The shard of what deliveries wait for has no log.
    mayHaveMore: lease.need === null,
    window: createWindow(),
    cursor: lease.cursor,
    diversions: new Map(lease.diversions.map((stored) => [stored.tenant, createDiversion(stored)])),
    held: createHeld(),
    freed: new Set(),
    parked: new Map(),
    unwritten: nothingUnwritten(),
  };
}

/** Takes nothing new from now on. */
export function leave(shard: Shard): void {
  shard.state = "leaving";
}

/** Goes on: the shard could not be given to another process. */
export function stay(shard: Shard): void {
  if (shard.state === "leaving") shard.state = "working";
}

/** Another process has it, or may have it at any time. */
export function lose(shard: Shard): void {
  shard.state = "lost";
}

/** There may be events after what was read. */
export function expectMore(shard: Shard): void {
  shard.mayHaveMore = shard.lease.need === null;
}

/** The log is about to be read to its end. Before the query: word that comes while it runs is of what it does not see. */
export function expectNoMore(shard: Shard): void {
  shard.mayHaveMore = false;
}

/** Adds an event to a reader's window. */
export function addEvent(
  reader: Reader,
  position: number,
  { tasks, waits }: { readonly tasks: readonly Task[]; readonly waits: readonly Pending[] },
): void {
  const [first] = tasks;
  reader.window.add(position, tasks, { waits, bytes: first === undefined ? 0 : countedBytes(first.event) });
  reader.readTo = position;
}

/** The reader has seen everything up to a position. */
export function passTo(reader: Reader, position: number): void {
  if (position > reader.readTo) addEvent(reader, position, { tasks: [], waits: [] });
}

/** Keeps a delivery that has a row in `pending` from being claimed a second time. */
export function hold(shard: Shard, task: Task): void {
  shard.held.add(task);
}

/** Lets go of a delivery that was claimed and not started. */
export function letGo(shard: Shard, task: Task): void {
  shard.held.delete(keyText(task));
}

/** Whether a due delivery is not under way here, and was not when the database was asked. */
export function isFresh({ held, freed, unwritten }: Shard, delivery: DeliveryKey): boolean {
  const key = keyText(delivery);
  return !held.has(key) && !freed.has(key) && !unwritten.aside.has(key);
}

/** Lets a claimed delivery wait for a process that has what this one lacks. */
export function setAside(shard: Shard, pending: Pending): void {
  shard.unwritten.aside.set(keyText(pending), pending);
}

/** The database is about to be asked what is due. */
export function forgetFreed(shard: Shard): void {
  shard.freed.clear();
}

/** An attempt begins. */
export function beginAttempt(shard: Shard): void {
  shard.inFlightCount += 1;
}

/** An attempt ended. If it had been parked, its endpoint has one straggler less. */
export function endAttempt(shard: Shard, task: Task): void {
  shard.inFlightCount -= 1;
  if (task.lane !== "live" || !shard.held.has(keyText(task))) return;
  const left = (shard.parked.get(task.endpointKey) ?? 1) - 1;
  if (left === 0) shard.parked.delete(task.endpointKey);
  else shard.parked.set(task.endpointKey, left);
}

/**
 * Takes a task's conclusion: into the window while its position is there, else beside it. Gives whether the task was held
 * and is no longer, so that its endpoint may be claimed for again.
 */
export function concludeTask(shard: Shard, parts: ConcludeParts, task: Task, conclusion: Conclusion): boolean {
  if (conclusion.attempt !== null) follow(shard, parts, task.state, conclusion.attempt);
  endProbe(shard.directory.breakers, task);
  if (task.lane === "live" && concludeInWindow(shard, task, conclusion)) return shard.held.delete(keyText(task));
  shard.unwritten.conclusions.push({ task, conclusion });
  return false;
}

/**
 * Lets the cursor pass a task that takes long: from now on it waits in the database, due at `dueAt`. One that has been
 * started goes on and is held, so that nobody here starts it again; if this process dies, whoever takes the shard over
 * finds it due.
 */
export function parkTask(shard: Shard, task: Task, dueAt: number): void {
  if (task.progress === "started") {
    shard.held.add(task);
    shard.parked.set(task.endpointKey, (shard.parked.get(task.endpointKey) ?? 0) + 1);
  }
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
        actorId: systemActor,
      },
    }),
  });
}

/** How many conclusions the next settlement would write. */
export function unwrittenCount(shard: Shard): number {
  return (
    shard.window.settledCount() +
    shard.unwritten.conclusions.length +
    shard.unwritten.aside.size +
    unwrittenDiversionCount(shard)
  );
}

/** A settlement to write, and the held deliveries it frees once it is written. */
export interface Writing {
  readonly settlement: Settlement;
  readonly frees: readonly Task[];
}

/** Takes all that can be written now. Null when there is nothing. */
export function takeWriting(shard: Shard, parts: ConcludeParts): Writing | null {
  if (unwrittenCount(shard) === 0) return null;
  const { aside, conclusions, changedHealth, disabled, events } = shard.unwritten;
  shard.unwritten = nothingUnwritten();
  const settled = shard.window.take();
  if (settled !== null) shard.cursor = settled.cursor;
  const { diverted, rejoined, concluded, waits } = takeDiversions(shard);
  const all = [...(settled?.concluded ?? []), ...concluded, ...conclusions];
  const settlement: Settlement = {
    lease: shard.lease,
    cursor: settled?.cursor ?? null,
    diverted,
    rejoined,
    attempts: all.flatMap(({ conclusion }) => conclusion.attempt ?? []),
    pending: [
      ...all.flatMap(({ conclusion }) => conclusion.pending ?? []),
      ...(settled?.waits ?? []),
      ...waits,
      ...aside.values(),
    ],
    // Only these had a row: what the window concluded never waited, or its wait is written here.
    finished: conclusions.filter(({ conclusion }) => conclusion.pending === null).map(({ task }) => keyOf(task)),
    health: [...changedHealth].map((state) => ({ endpointKey: state.endpoint.key, ...state.health })),
    disabled,
    events: [...endedEvents(all, parts.renderFact), ...events],
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

/** Tenants whose endpoints' state here is ahead of the database. */
export function tenantsInUse(shard: Shard, openTasks: readonly Task[]): ReadonlySet<string> {
  const tasks = [...openTasks, ...shard.held.values()].map(({ event }) => event.tenant);
  const unwritten = [...shard.unwritten.changedHealth].map(({ endpoint }) => endpoint.tenant);
  return new Set([...tasks, ...unwritten]);
}

function keyOf({ endpointKey, position, run }: Task): DeliveryKey {
  return { endpointKey, position, run };
}

function nothingUnwritten(): Unwritten {
  return { conclusions: [], aside: new Map(), changedHealth: new Set(), disabled: [], events: [] };
}
