import type { DueDelivery } from "../../seams/log-store.ts";
import type { EngineContext, Backlog } from "../context.ts";
import { admit, pausedNow, pauseEnds } from "../send/breaker.ts";
import { createTask, type Task } from "../send/task.ts";
import { allEnded } from "./all-ended.ts";
import { forgetFreed, hold, isFresh, setAside, type Shard } from "./shard.ts";

/** Endpoints of each shard that one claim takes deliveries of. */
const endpointsMax = 64;

export function createBacklog(): Backlog {
  return { mayHaveDue: true, nextDueAt: null };
}

/** Something may have become due, or free to be claimed again. */
export function expectDue(backlog: Backlog): void {
  backlog.mayHaveDue = true;
}

/** A delivery is pending that is due at this time. */
export function noteDueAt(context: EngineContext, at: number): void {
  const { backlog, parts, turns } = context;
  if (at <= parts.clock.now()) return expectDue(backlog);
  backlog.nextDueAt = Math.min(backlog.nextDueAt ?? at, at);
  turns.lookForDueAt(at);
}

/** What claimed deliveries may keep in memory of events that are not small, all shards together, before more are claimed. */
const heldBytesMax = 32 * 1024 * 1024;

/** Whether a turn would claim anything. */
export function canClaim({ backlog, lanes, shards }: EngineContext): boolean {
  return backlog.mayHaveDue && lanes.hasRoom("pending") && heldBytes(shards) < heldBytesMax;
}

function heldBytes(shards: EngineContext["shards"]): number {
  let bytes = 0;
  for (const { held } of shards.values()) bytes += held.bytes();
  return bytes;
}

/** Claims what is due of all shards, a part at a time, and finds out what is due next once that was all. */
export async function claimDue(context: EngineContext): Promise<void> {
  if (!canClaim(context)) return;
  const { backlog, lanes, parts } = context;
  const now = parts.clock.now();
  const shards = workingShards(context);
  backlog.mayHaveDue = false;
  shards.forEach(forgetFreed);
  const due = await parts.store.due({
    shards: shards.map(({ lease }) => lease.shard),
    now,
    endpointsMax,
    perEndpointMax: parts.limits.perEndpointMax,
    except: [...lanes.saturated(), ...pausedEndpoints(context, now), ...endpointsOfLarge(shards)],
  });
  const claimed = await allEnded(shards.map((shard) => take(context, shard, { due, now })));
  if (claimed.some((count) => count > 0)) expectDue(backlog);
  // What was due before the claim and was not claimed waits for room, not for time.
  else await findNextDue(context, { now, except: heldEndpoints(context) });
}

/** Finds out what is due next, also of endpoints with deliveries under way: it is claimed in this turn if it is due already. */
export async function askWhenDue(context: EngineContext): Promise<void> {
  const now = context.parts.clock.now();
  const due = await findNextDue(context, { now, except: context.lanes.saturated() });
  if (due !== null && due <= now) expectDue(context.backlog);
}

function workingShards({ shards }: EngineContext): readonly Shard[] {
  return [...shards.values()].filter(({ state }) => state === "working");
}

/** A claim would give what is held of these again, and a few such events are as many as one claim gives. */
function endpointsOfLarge(shards: readonly Shard[]): readonly number[] {
  return shards.flatMap(({ held }) => held.largeEndpoints());
}

/** Endpoints whose breaker lets nothing through now. */
function pausedEndpoints({ shards }: EngineContext, now: number): readonly number[] {
  return [...shards.values()].flatMap(({ directory }) => pausedNow(directory.breakers, now));
}

/** Takes what was claimed of one shard, and gives how many deliveries it was. */
async function take(
  { lanes, parts }: EngineContext,
  shard: Shard,
  { due, now }: { readonly due: readonly DueDelivery[]; readonly now: number },
): Promise<number> {
  const fresh = due.filter((delivery) => delivery.shard === shard.lease.shard && isFresh(shard, delivery));
  if (fresh.length === 0) return 0;
  const tenants = [...new Set(fresh.map((delivery) => delivery.event.tenant))];
  // Beside the log nothing tells of changes of endpoints.
  if (shard.lease.need !== null) tenants.forEach(shard.directory.expire);
  await shard.directory.refresh(tenants);
  if (shard.state !== "working") return 0;
  for (const delivery of fresh) {
    const task = pendingTask(shard, delivery, parts.clock.now());
    if (task === null) wait(shard, delivery);
    if (task === null || lanes.isSaturated(task.endpointKey)) continue;
    if (!admit(shard.directory.breakers, task, now)) continue;
    hold(shard, task);
    lanes.add(task);
  }
  return fresh.length;
}

/** Another process has what this one lacks for the delivery, or will have it. */
function wait(shard: Shard, { endpointKey, position, run, attemptCount, dueAt, event }: DueDelivery): void {
  const need = shard.directory.needOf(endpointKey, event);
  if (need !== null) setAside(shard, { endpointKey, position, run, attemptCount, dueAt, need });
}

/** Null when this process lacks something to send it. */
function pendingTask(shard: Shard, delivery: DueDelivery, since: number): Task | null {
  const { endpointKey, run, attemptCount, dueAt, position } = delivery;
  const event = shard.held.largeEvent(position) ?? delivery.event;
  const state = shard.directory.byKey(endpointKey);
  if (state === undefined || shard.directory.needOf(endpointKey, event) !== null) return null;
  const number = attemptCount + 1;
  return createTask({ shard: shard.lease.shard, lane: "pending", event, state, run, number, since, dueAt });
}

/** Endpoints with deliveries under way: each that ends makes a claim anyway. */
function heldEndpoints({ shards }: EngineContext): readonly number[] {
  return [...shards.values()].flatMap((shard) => [...shard.held.values()].map((task) => task.endpointKey));
}

/** Gives when the first pending delivery is due, and has it looked for then; of an endpoint that is paused when that ends. */
async function findNextDue(
  context: EngineContext,
  { now, except }: { readonly now: number; readonly except: readonly number[] },
): Promise<number | null> {
  const { backlog, parts, shards } = context;
  backlog.nextDueAt = null;
  const passedOver = [...new Set([...except, ...pausedEndpoints(context, now)])];
  const due = await parts.store.nextDueAt({ shards: [...shards.keys()], except: passedOver });
  const pauses = [...shards.values()].flatMap(({ directory }) => pauseEnds(directory.breakers, now));
  for (const at of [...pauses, ...(due !== null && due > now ? [due] : [])]) noteDueAt(context, at);
  return due;
}
