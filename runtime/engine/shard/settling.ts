import { HookwrightError } from "../../errors.ts";
import type { NewEvent, Settled } from "../../seams/log-store.ts";
import type { EngineContext, Settling } from "../context.ts";
import { canClaim, expectDue, noteDueAt } from "./claiming.ts";
import { canRead } from "./diversions.ts";
import { noteUnserved } from "../unserved.ts";
import { abandon } from "./leasing.ts";
import { release, takeWriting, unwrittenCount, type Shard, type Writing } from "./shard.ts";

/** A settlement costs a flush to disk, so it waits for this many conclusions or this long. */
const settleAtCount = 400;
const settleAfterMs = 20;
const retryAfterMs = 500;

export function createSettling(): Settling {
  return { current: null, refused: new Map(), cancelTimer: null };
}

/** Whether nothing is to be written, or about to be. */
export function isSettled(context: EngineContext): boolean {
  return context.settling.current === null && !hasRefused(context) && countUnwritten(context) === 0;
}

/** Whether what is known of the shard's endpoints may be ahead of the database. */
export function isSettling({ settling }: EngineContext, shard: Shard): boolean {
  return settling.current !== null || settling.refused.has(shard);
}

function hasRefused({ settling, shards }: EngineContext): boolean {
  return settling.refused.size > 0 && [...shards.values()].some((shard) => settling.refused.has(shard));
}

function countUnwritten({ shards }: EngineContext): number {
  let count = 0;
  for (const shard of shards.values()) count += unwrittenCount(shard);
  return count;
}

/** Sees to it that what was concluded is written soon; one settlement at a time, for all shards. */
export function settleSoon(context: EngineContext): void {
  const { settling, parts } = context;
  if (settling.current !== null || hasRefused(context)) return;
  const count = countUnwritten(context);
  if (count === 0) return;
  if (count >= settleAtCount || isAwaited(context)) void settle(context);
  else settling.cancelTimer ??= parts.clock.after(settleAfterMs, () => void settle(context));
}

/**
 * With nothing under way there is nothing to wait for, where something waits for the settlement: what was pending stands
 * in the way of what is due next until it is written.
 */
function isAwaited({ idle, lanes, shards }: EngineContext): boolean {
  if (lanes.inFlightCount() > 0) return false;
  return idle.isAwaited() || [...shards.values()].some(({ unwritten }) => unwritten.conclusions.length > 0);
}

function settle(context: EngineContext): Promise<void> {
  const { settling } = context;
  settling.cancelTimer?.();
  settling.cancelTimer = null;
  settling.current ??= write(context);
  return settling.current;
}

async function write(context: EngineContext): Promise<void> {
  const { settling, parts } = context;
  const writings = takeWritings(context);
  try {
    const settlements = [...writings.values()].map(({ settlement }) => settlement);
    const settled = await parts.store.settle(settlements);
    settling.current = null;
    follow(context, writings, settled);
  } catch (error) {
    parts.log.error({ err: error }, "A settlement was not written; trying again.");
    settling.current = null;
    for (const [shard, writing] of writings) settling.refused.set(shard, writing);
    if (context.lifecycle.phase !== "running") return;
    settling.cancelTimer = parts.clock.after(retryAfterMs, () => void settle(context));
    return;
  }
  settleSoon(context);
  context.idle.check();
}

/** What was refused before comes again as it was, since the database may have taken it after all. */
function takeWritings({ shards, settling, parts }: EngineContext): ReadonlyMap<Shard, Writing> {
  const writings = new Map<Shard, Writing>();
  for (const shard of shards.values()) {
    const writing = settling.refused.get(shard) ?? takeWriting(shard, parts);
    if (writing !== null) writings.set(shard, writing);
  }
  settling.refused.clear();
  return writings;
}

function follow(context: EngineContext, writings: ReadonlyMap<Shard, Writing>, { lost, disabled }: Settled): void {
  const isLost = (shard: Shard) => lost.includes(shard.lease.shard);
  loseShards(context, [...writings.keys()].filter(isLost));
  const told: NewEvent[] = [];
  for (const [shard, writing] of writings) {
    if (isLost(shard)) continue;
    release(shard, writing);
    const { settlement } = writing;
    for (const { dueAt, need } of settlement.pending) if (need === undefined) noteDueAt(context, dueAt);
    noteUnserved(context, settlement.pending);
    // Claims passed over the endpoints of what was held.
    if (writing.frees.length > 0) expectDue(context.backlog);
    for (const each of settlement.disabled) if (disabled.includes(each.endpointKey)) told.push(...each.events);
    for (const event of settlement.events) told.push(event);
  }
  tell(context, told);
  if (canGoOn(context)) context.turns.takeTurn();
}

function tell({ parts, turns }: EngineContext, events: readonly NewEvent[]): void {
  if (events.length === 0) return;
  parts.told?.(events);
  // Nobody else gives word of what was appended here.
  parts.store.signals?.notify("work");
  turns.look("work");
}

function canGoOn(context: EngineContext): boolean {
  const { windowMax } = context.parts.limits;
  const isReadable = (shard: Shard) => canRead(shard, windowMax) || shard.diversions.size > 0;
  return canClaim(context) || [...context.shards.values()].some(isReadable);
}

/** Whether the engine can go on without them is for the database to say. */
function loseShards(context: EngineContext, shards: readonly Shard[]): void {
  if (shards.length === 0) return;
  const numbers = shards.map(({ lease }) => lease.shard).join(", ");
  const error = new HookwrightError("lease_lost", `The leases of the shards ${numbers} have ended.`);
  context.parts.log.warn({ err: error }, "Shards were lost.");
  for (const shard of shards) abandon(context, shard);
  context.renewal.soon();
}

/** Writes everything of these shards, or throws: what is not written will be sent again. */
export async function settleAll(context: EngineContext, shards: readonly Shard[]): Promise<void> {
  const { settling } = context;
  const isOpen = (shard: Shard) => shard.state !== "lost" && (settling.refused.has(shard) || unwrittenCount(shard) > 0);
  await settling.current;
  while (shards.some(isOpen)) {
    await settle(context);
    if (shards.some((shard) => settling.refused.has(shard)))
      throw new Error("The last settlement could not be written.");
  }
}
