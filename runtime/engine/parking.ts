import type { EngineContext } from "./context.ts";
import { openTasks, windowSize } from "./diversions.ts";
import { parkTask, type Shard } from "./shard.ts";
import { keyText, type Task } from "./task.ts";

/** How long a delivery may hold up the cursor: while the window is at least half full, and otherwise. */
const parkWhenFullMs = 250;
const parkMs = 1000;

/** Parks the deliveries that have held up the cursor for too long, so that a slow endpoint stops nobody else. */
export function parkStragglers(context: EngineContext, shard: Shard): void {
  const { clock, limits } = context.parts;
  const limitMs = windowSize(shard) >= limits.windowMax / 2 ? parkWhenFullMs : parkMs;
  const now = clock.now();
  for (const task of openTasks(shard)) if (now - task.since >= limitMs) park(context, shard, task);
}

export function park(context: EngineContext, shard: Shard, task: Task): void {
  if (task.progress === "started") {
    context.parked.set(task.endpointKey, (context.parked.get(task.endpointKey) ?? 0) + 1);
  } else {
    context.lanes.withdraw(task);
    shard.mayHaveDue = true;
  }
  parkTask(shard, task, context.parts.clock.now());
}

/** Puts a new delivery straight into `pending`: its endpoint is disabled or paused, known to be slow, or has used up its rate. */
export function parkAtOnce(shard: Shard, task: Task): void {
  task.progress = "withdrawn";
  parkTask(shard, task, task.since);
  shard.mayHaveDue = true;
}

/** An attempt ended; if it had been parked, its endpoint has one straggler less. */
export function noteEnded(context: EngineContext, shard: Shard, task: Task): void {
  if (task.lane !== "live" || !shard.held.has(keyText(task))) return;
  const left = (context.parked.get(task.endpointKey) ?? 1) - 1;
  if (left === 0) context.parked.delete(task.endpointKey);
  else context.parked.set(task.endpointKey, left);
}
