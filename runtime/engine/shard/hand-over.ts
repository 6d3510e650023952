import type { EngineContext } from "../context.ts";
import { openTasks } from "./diversions.ts";
import { abandon, inOrder } from "./leasing.ts";
import { settleAll } from "./settling.ts";
import { letGo, parkTask, stay, type Shard } from "./shard.ts";

const lookEveryMs = 20;

/** Finishes or gives back what the engine has taken of these shards, and writes it down; it takes nothing new of them. */
export async function finishWork(context: EngineContext, shards: readonly Shard[]): Promise<void> {
  for (const shard of shards) giveBackUnstarted(context, shard);
  await inFlightEnded(context, shards);
  for (const shard of shards) giveBackStarted(context, shard);
  await settleAll(context, shards);
}

/** Hands a shard over to a process that has fewer, with nothing lost and, but for what takes too long, nothing sent twice. */
export async function handOver(context: EngineContext, shard: Shard): Promise<void> {
  const { log, owner, store } = context.parts;
  try {
    await Promise.all([finishWork(context, [shard]), context.parts.leaves?.(shard.lease.shard)]);
    await inOrder(context.leasing, async () => {
      abandon(context, shard);
      await store.release({ owner, shards: [shard.lease.shard] });
    });
  } catch (error) {
    // With the next renewal it is surplus again.
    stay(shard);
    log.error({ err: error, shard: shard.lease.shard }, "A shard was not handed over; trying again.");
  }
}

/** New deliveries become rows that are due now; those that were pending have one already, and are not held any more. */
function giveBackUnstarted({ lanes, parts }: EngineContext, shard: Shard): void {
  for (const task of openTasks(shard)) {
    if (task.progress === "started") continue;
    lanes.withdraw(task);
    parkTask(shard, task, parts.clock.now());
  }
  for (const task of shard.held.values()) {
    if (task.progress === "started" || task.progress === "withdrawn") continue;
    lanes.withdraw(task);
    letGo(shard, task);
  }
}

/** How these ended will not be known, so they are attempted again. */
function giveBackStarted({ parts }: EngineContext, shard: Shard): void {
  for (const task of openTasks(shard)) parkTask(shard, task, parts.clock.now());
}

async function inFlightEnded({ parts }: EngineContext, shards: readonly Shard[]): Promise<void> {
  const endsAt = parts.clock.now() + parts.limits.graceMs;
  while (shards.some((shard) => shard.inFlightCount > 0) && parts.clock.now() < endsAt) {
    await new Promise<void>((resolve) => void parts.clock.after(lookEveryMs, resolve));
  }
}
