import type { EngineContext } from "./context.ts";
import { settleAll } from "./settling.ts";
import { parkTask, type Shard } from "./shard.ts";

const lookEveryMs = 20;

/** Finishes or gives back what the engine has taken, and writes it down; nothing new may be started any more. */
export async function finishWork(context: EngineContext): Promise<void> {
  for (const shard of context.shards.values()) giveBackUnstarted(context, shard);
  await inFlightEnded(context);
  for (const shard of context.shards.values()) giveBackStarted(context, shard);
  await Promise.all(context.shards.values().map((shard) => settleAll(context, shard)));
}

/** New deliveries become rows that are due now; those that were pending have one already. */
function giveBackUnstarted({ lanes, parts }: EngineContext, shard: Shard): void {
  for (const task of shard.window.open()) {
    if (task.progress === "started") continue;
    lanes.withdraw(task);
    parkTask(shard, task, parts.clock.now());
  }
  for (const task of shard.held.values()) {
    if (task.progress === "ready" || task.progress === "waiting") lanes.withdraw(task);
  }
}

/** How these ended will not be known, so they are attempted again. */
function giveBackStarted({ parts }: EngineContext, shard: Shard): void {
  for (const task of shard.window.open()) parkTask(shard, task, parts.clock.now());
}

async function inFlightEnded({ lanes, parts }: EngineContext): Promise<void> {
  const endsAt = parts.clock.now() + parts.limits.graceMs;
  while (lanes.inFlightCount() > 0 && parts.clock.now() < endsAt) {
    await new Promise<void>((resolve) => void parts.clock.after(lookEveryMs, resolve));
  }
}
