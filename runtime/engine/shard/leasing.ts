import { HookwrightError } from "../../errors.ts";
import type { Lease, SequencerLease } from "../../seams/log-store.ts";
import type { EngineContext, Leasing } from "../context.ts";
import { openTasks } from "./diversions.ts";
import { createShard, leave, lose, type Shard } from "./shard.ts";

export function createLeasing(): Leasing {
  return { shards: new Map(), shardCount: Infinity, sequencer: null, endsAt: -Infinity, last: Promise.resolve() };
}

/** The engine has ended: nothing more is done under its leases. */
export function endLeases(leasing: Leasing): void {
  leasing.endsAt = -Infinity;
  leasing.sequencer = null;
}

/** Whether no other process has a shard, so that none needs word of what is new. */
export function holdsAll({ shards, shardCount }: Leasing): boolean {
  return shards.size === shardCount;
}

export function isLeaseLost(error: unknown): error is HookwrightError {
  return error instanceof HookwrightError && error.code === "lease_lost";
}

/** Runs what asks for leases, or gives them back, after what was asked before. */
export function inOrder(leasing: Leasing, work: () => Promise<void>): Promise<void> {
  const next = leasing.last.then(work);
  leasing.last = next.catch(() => undefined);
  return next;
}

/**
 * Renews the leases this process holds and takes free ones, up to its fair share; an engine that stops takes none. Gives
 * the shards that it has beyond its share, which are to be handed over. Throws `lease_lost` when another process took the
 * database that serves one.
 */
export async function takeLeases(context: EngineContext): Promise<readonly Shard[]> {
  const { leasing, lifecycle, parts } = context;
  const { clock, leasesEnd, limits, owner, serves, store } = parts;
  const takes = lifecycle.phase === "stopping" ? "nothing" : "share";
  // Before the statement leaves: in the database the lease begins later, and so it ends later there.
  const askedAt = clock.monotonic();
  const { shards, shardCount, sequencer } = await store.lease({
    owner,
    leaseMs: limits.leaseMs,
    takes,
    ...(serves && { serves }),
  });
  leasing.endsAt = leasesEnd === "when taken" ? Infinity : askedAt + limits.leaseMs;
  const isNew =
    shards.some(({ shard }) => !leasing.shards.has(shard)) || (sequencer !== null) !== (leasing.sequencer !== null);
  Object.assign(leasing, { sequencer, shardCount });
  const epochs = new Map(shards.map((lease) => [lease.shard, lease.epoch]));
  for (const shard of [...leasing.shards.values()]) {
    if (epochs.get(shard.lease.shard) !== shard.lease.epoch) abandon(context, shard);
  }
  const surplus = takes === "share" ? shards.flatMap((lease) => follow(context, lease) ?? []) : [];
  // What there was word of before went to the owner before.
  if (isNew) context.turns.look("work");
  else context.turns.takeTurn();
  return surplus;
}

function follow({ leasing, parts }: EngineContext, lease: Lease): Shard | null {
  const shard = leasing.shards.get(lease.shard);
  if (shard === undefined) leasing.shards.set(lease.shard, createShard(lease, parts));
  if (shard === undefined || !lease.isSurplus || shard.state !== "working") return null;
  leave(shard);
  return shard;
}

/** Another process gives events their positions now. */
export function loseSequencer(leasing: Leasing, lease: SequencerLease): void {
  if (leasing.sequencer === lease) leasing.sequencer = null;
}

/** Forgets a shard: what was not started never is, and what comes of the rest is for its next owner to find out again. */
export function abandon({ lanes, leasing }: EngineContext, shard: Shard): void {
  lose(shard);
  if (leasing.shards.get(shard.lease.shard) === shard) leasing.shards.delete(shard.lease.shard);
  for (const task of [...openTasks(shard), ...shard.held.values()]) {
    if (task.progress === "ready" || task.progress === "waiting") lanes.withdraw(task);
  }
}

export function abandonAll(context: EngineContext): void {
  for (const shard of [...context.leasing.shards.values()]) abandon(context, shard);
}
