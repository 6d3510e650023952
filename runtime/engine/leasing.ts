import { HookwrightError } from "../errors.ts";
import type { Lease } from "../seams/log-store.ts";
import type { EngineContext } from "./context.ts";
import { openTasks } from "./diversions.ts";
import { createShard, type Shard } from "./shard.ts";

export function isLeaseLost(error: unknown): error is HookwrightError {
  return error instanceof HookwrightError && error.code === "lease_lost";
}

/** Renews the leases and follows what became of them. The engine fails when it has none any more and gets none. */
export function renewLeases(context: EngineContext): Promise<void> {
  return context.leasing(async () => {
    if (context.phase !== "running" && context.phase !== "stopping") return;
    try {
      await takeLeases(context);
    } catch (error) {
      if (isLeaseLost(error)) context.fail(error);
      else context.parts.log.error({ err: error }, "The leases were not renewed; trying again.");
    }
  });
}

export async function takeLeases(context: EngineContext): Promise<void> {
  const { clock, leasesEnd, limits, owner, store } = context.parts;
  const takes = context.phase === "stopping" ? "nothing" : "share";
  // Before the statement leaves: in the database the lease begins later, and so it ends later there.
  const askedAt = clock.monotonic();
  const { shards, sequencer } = await store.lease({ owner, leaseMs: limits.leaseMs, takes });
  context.leaseEndsAt = leasesEnd === "when taken" ? Infinity : askedAt + limits.leaseMs;
  context.sequencer = sequencer;
  const epochs = new Map(shards.map((lease) => [lease.shard, lease.epoch]));
  for (const shard of [...context.shards.values()]) {
    if (epochs.get(shard.lease.shard) !== shard.lease.epoch) abandon(context, shard);
  }
  if (takes === "share") for (const lease of shards) follow(context, lease);
  context.takeTurn();
}

function follow(context: EngineContext, lease: Lease): void {
  const shard = context.shards.get(lease.shard);
  if (shard === undefined) context.shards.set(lease.shard, createShard(lease, context.parts));
  else if (lease.isSurplus && shard.state === "working") {
    shard.state = "leaving";
    void context.handOver(shard);
  }
}

/** Forgets a shard: what was not started never is, and what comes of the rest is for its next owner to find out again. */
export function abandon({ lanes, shards }: EngineContext, shard: Shard): void {
  shard.state = "lost";
  shard.cancelSettle?.();
  if (shards.get(shard.lease.shard) === shard) shards.delete(shard.lease.shard);
  for (const task of [...openTasks(shard), ...shard.held.values()]) {
    if (task.progress === "ready" || task.progress === "waiting") lanes.withdraw(task);
  }
}
