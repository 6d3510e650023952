import type { EngineContext } from "../context.ts";
import { openTasks, windowSize } from "./diversions.ts";
import { parkTask, type Shard } from "./shard.ts";

/** How long a delivery may hold up the cursor: while the window is at least half full, and otherwise. */
const parkWhenFullMs = 250;
const parkMs = 1000;

/** Parks the deliveries that have held up the cursor for too long, so that a slow endpoint stops nobody else. */
export function parkStragglers({ lanes, parts }: EngineContext, shard: Shard): void {
  const { clock, limits } = parts;
  const limitMs = windowSize(shard) >= limits.windowMax / 2 ? parkWhenFullMs : parkMs;
  const now = clock.now();
  for (const task of openTasks(shard)) {
    if (now - task.since < limitMs) continue;
    if (task.progress !== "started") lanes.withdraw(task);
    parkTask(shard, task, now);
  }
}
