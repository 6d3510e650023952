import type { DueDelivery, StoredEvent } from "../store.ts";
import type { EngineContext } from "./context.ts";
import { parkAtOnce, parkStragglers } from "./parking.ts";
import { settleSoon } from "./settling.ts";
import type { Shard } from "./shard.ts";
import { createTask, keyText, type Task } from "./task.ts";

const dueEndpointsMax = 64;

/** One turn over all shards: new events from the log, and deliveries whose time has come. */
export async function runTurn(context: EngineContext): Promise<void> {
  const now = context.parts.clock.now();
  const isDue = context.nextDue !== null && context.nextDue <= now;
  for (const shard of context.shards.values()) {
    shard.mayHaveDue ||= isDue;
    parkStragglers(context, shard);
    await readLog(context, shard);
    await claimDue(context, shard, now);
    settleSoon(context, shard);
  }
  context.lanes.start();
  // What was due before the turn and was not claimed waits for room, not for time.
  const due = await findNextDue(context);
  context.nextDue = due !== null && due > now ? due : null;
}

async function readLog(context: EngineContext, shard: Shard): Promise<void> {
  const { limits, store } = context.parts;
  const room = limits.windowMax - shard.window.size();
  // A page is worth its query when it is at least half a window.
  if (!shard.mayHaveMore || room < limits.windowMax / 2) return;
  // Before the query: a wake-up that comes while it runs is about events it does not see.
  shard.mayHaveMore = false;
  const page = await store.read({ shard: shard.lease.shard, after: shard.readTo, limit: room });
  if (page.length === room) shard.mayHaveMore = true;
  await context.directory.follow(page);
  for (const event of page) addEvent(context, shard, event);
  context.lanes.start();
}

function addEvent(context: EngineContext, shard: Shard, event: StoredEvent): void {
  const since = context.parts.clock.now();
  const tasks = context.directory
    .matching(event)
    .map((state) => createTask({ shard: shard.lease.shard, lane: "live", event, state, run: 0, number: 1, since }));
  shard.window.add(event.position, tasks);
  shard.readTo = event.position;
  for (const task of tasks) {
    if (!task.state.endpoint.enabled || context.parked.has(task.endpointKey)) parkAtOnce(shard, task);
    else context.lanes.add(task);
  }
}

async function claimDue(context: EngineContext, shard: Shard, now: number): Promise<void> {
  const { lanes, directory, parts } = context;
  if (!shard.mayHaveDue || !lanes.hasRoom("pending")) return;
  shard.mayHaveDue = false;
  const due = await parts.store.due({
    shard: shard.lease.shard,
    now,
    endpointsMax: dueEndpointsMax,
    perEndpointMax: parts.limits.perEndpointMax,
    except: lanes.saturated(),
  });
  const fresh = due.filter((delivery) => !shard.held.has(keyText(delivery)));
  if (fresh.length > 0) {
    shard.mayHaveDue = true;
    context.takeTurn();
  }
  await directory.refresh([...new Set(fresh.map((delivery) => delivery.event.tenant))]);
  for (const delivery of fresh) {
    const task = pendingTask(context, shard, delivery);
    if (task === null) continue;
    shard.held.set(keyText(task), task);
    lanes.add(task);
  }
}

/** Null when nothing can be sent: the endpoint's contract is no longer in the catalog. */
function pendingTask(context: EngineContext, shard: Shard, delivery: DueDelivery): Task | null {
  const { event, endpointKey, run, attemptCount } = delivery;
  const state = context.directory.byKey(endpointKey);
  if (state === undefined) return null;
  const since = context.parts.clock.now();
  return createTask({
    shard: shard.lease.shard,
    lane: "pending",
    event,
    state,
    run,
    number: attemptCount + 1,
    since,
  });
}

/** Endpoints with deliveries under way are passed over: when one ends, there is another turn anyway. */
async function findNextDue({ shards, parts }: EngineContext): Promise<number | null> {
  const dues: number[] = [];
  for (const shard of shards.values()) {
    const except = [...new Set(shard.held.values().map((task) => task.endpointKey))];
    const due = await parts.store.nextDueAt({ shard: shard.lease.shard, except });
    if (due !== null) dues.push(due);
  }
  return dues.length === 0 ? null : Math.min(...dues);
}
