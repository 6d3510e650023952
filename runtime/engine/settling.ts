import type { EngineContext } from "./context.ts";
import { canRead } from "./diversions.ts";
import { abandon, isLeaseLost, renewLeases } from "./leasing.ts";
import { release, takeWriting, unwrittenCount, type Shard, type Writing } from "./shard.ts";

/** A settlement costs a flush to disk, so it waits for this many conclusions or this long. */
const settleAtCount = 400;
const settleAfterMs = 50;
const retryAfterMs = 500;

/** Sees to it that what was concluded is written soon; one settlement of a shard at a time. */
export function settleSoon(context: EngineContext, shard: Shard): void {
  const count = unwrittenCount(shard);
  if (count === 0 || shard.isSettling || shard.state === "lost") return;
  // With nothing under way there is nothing to wait for.
  if (count >= settleAtCount || shard.inFlightCount === 0) void settle(context, shard);
  else shard.cancelSettle ??= context.parts.clock.after(settleAfterMs, () => void settle(context, shard));
}

async function settle(context: EngineContext, shard: Shard): Promise<void> {
  const { clock, log, store } = context.parts;
  shard.cancelSettle?.();
  shard.cancelSettle = null;
  if (shard.isSettling) return;
  shard.isSettling = true;
  const writing = shard.refused ?? takeWriting(shard, context.parts);
  shard.refused = null;
  try {
    if (writing !== null) await store.settle(writing.settlement);
  } catch (error) {
    if (isLeaseLost(error)) return loseShard(context, shard, error);
    log.error({ err: error }, "A settlement was not written; trying again.");
    shard.refused = writing;
    shard.isSettling = false;
    if (context.phase === "running") shard.cancelSettle = clock.after(retryAfterMs, () => void settle(context, shard));
    return;
  }
  shard.isSettling = false;
  if (writing !== null) follow(context, shard, writing);
  settleSoon(context, shard);
  context.noteIdle();
}

/** Whether the engine can go on without it is for the database to say. */
function loseShard(context: EngineContext, shard: Shard, error: Error): void {
  context.parts.log.warn({ err: error, shard: shard.lease.shard }, "A shard was lost.");
  abandon(context, shard);
  void renewLeases(context);
  context.noteIdle();
}

function follow(context: EngineContext, shard: Shard, writing: Writing): void {
  release(shard, writing);
  if (canRead(shard, context.parts.limits.windowMax) || shard.diversions.size > 0) context.takeTurn();
  const { pending, finished, disabled, events } = writing.settlement;
  if (pending.length + finished.length + disabled.length + events.length === 0) return;
  if (disabled.length + events.length > 0) {
    context.parts.told?.([...disabled.flatMap((each) => each.events), ...events]);
    // Nobody else gives word of what was appended here.
    context.parts.store.signals?.notify();
    context.looks = true;
  }
  shard.mayHaveDue = true;
  context.takeTurn();
}

/** Writes everything, or throws: what is not written will be sent again. */
export async function settleAll(context: EngineContext, shard: Shard): Promise<void> {
  const { clock } = context.parts;
  while (shard.isSettling && shard.state !== "lost") {
    await new Promise<void>((resolve) => void clock.after(settleAfterMs, resolve));
  }
  while (shard.state !== "lost" && (shard.refused !== null || unwrittenCount(shard) > 0)) {
    await settle(context, shard);
    if (shard.refused !== null) throw new Error("The last settlement could not be written.");
  }
}
