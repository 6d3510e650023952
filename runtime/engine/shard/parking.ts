import type { EngineContext, Parking } from "../context.ts";
import type { Task } from "../send/task.ts";
import { openTasks, windowSize } from "./diversions.ts";
import { parkTask, type Shard } from "./shard.ts";

/** How long a delivery may hold up the cursor: while the window is at least half full, and otherwise. */
const parkWhenFullMs = 250;
const parkMs = 1000;

/**
 * How long an endpoint may leave all its attempts unanswered while the window is at least half full, and nothing is read:
 * a burst beside an endpoint that hangs stands still for no longer.
 */
const parkStuckMs = 50;

export function createParking(): Parking {
  return { isTimed: false };
}

/** Parks the deliveries that have held up the cursor for too long, so that a slow endpoint stops nobody else. */
export function parkStragglers(context: EngineContext, shard: Shard): void {
  const { lanes, parts } = context;
  const now = parts.clock.now();
  const isFull = windowSize(shard) >= parts.limits.windowMax / 2;
  const isLate = ({ since, endpointKey }: Task) =>
    now - since >= (isFull ? parkWhenFullMs : parkMs) ||
    (isFull && now - since >= parkStuckMs && lanes.isStuck(endpointKey, parkStuckMs));
  for (const task of openTasks(shard)) {
    if (!isLate(task)) continue;
    if (task.progress !== "started") lanes.withdraw(task);
    parkTask(shard, task, now);
  }
  if (isFull) lookAgain(context);
}

/** Takes a turn once an endpoint that got its first attempt just now may be found stuck. */
function lookAgain({ parking, parts, turns }: EngineContext): void {
  if (parking.isTimed) return;
  parking.isTimed = true;
  parts.clock.after(parkStuckMs, () => {
    parking.isTimed = false;
    turns.takeTurn();
  });
}
