import { asideOf, headOf } from "./memory-tables.ts";
import { runningWorkers } from "./workers.ts";
import type { World } from "./world.ts";

/**
 * This long before something happens, looks and renewals go their way again: longer than the second until the next look,
 * whose timer was set as if nothing came before it.
 */
const leadMs = 1300;
/** So much at a time: within it both the look (1 s by then) and the renewal (2 s) come round, so each keeps its place. */
const roundMs = 2000;

/** Passes by itself, as the calls of every look do. */
export const underWay = "calls or requests are under way";
/** For so long after word of something new an engine looks more often, and in the end once a second (10 s). */
const eagerMs = 11_300;

/**
 * What there is to be done or to wait for, other than a time that has not come. Null: nothing. Everything is read from
 * the database: an engine that has something to write has left a sign of it there.
 */
export function whatIsLeft(world: World): string | null {
  const { scheduler, memory, workers } = world;
  const { tables } = memory;
  if (!scheduler.isQuiet()) return underWay;
  if (tables.openXids.size > 0) return "a transaction is open";
  const running = runningWorkers(world);
  // Those that are paused or gone do nothing, and a plan wakes or replaces them.
  if (running.length === 0)
    return workers.some((worker) => worker?.host.state === "running") ? "a worker starts or stops" : null;
  if (workers.some((worker) => worker?.host.state === "running" && worker.state !== "running"))
    return "a worker starts or stops";
  if (tables.kind === "shared" && tables.unpositioned.size > 0) return "an event has no position";
  return leaseLeft(world, new Set(running.map(({ owner }) => owner))) ?? deliveriesLeft(world);
}

function leaseLeft({ memory: { tables } }: World, running: ReadonlySet<string>): string | null {
  const shards = tables.shards.filter(({ need }) => need === null);
  if (shards.some(({ owner }) => owner === null || !running.has(owner))) return "a shard has no owner that runs";
  if (tables.kind === "embedded") return null;
  if (!running.has(tables.sequencer.owner ?? "")) return "the sequencer has no owner that runs";
  if ([...tables.owners.keys()].some((owner) => !running.has(owner))) return "an owner that is gone is registered";
  const share = Math.ceil(shards.length / running.size);
  const counts = Map.groupBy(shards, ({ owner }) => owner);
  return [...counts.values()].some(({ length }) => length > share) ? "an owner has more than its share" : null;
}

function deliveriesLeft({ memory: { tables }, scheduler }: World): string | null {
  const behind = tables.shards.find(({ shard, cursor }) => cursor < (tables.logs[shard]?.at(-1)?.position ?? 0));
  const [diverted] = tables.diversions.keys();
  if (diverted !== undefined) return `${diverted} is diverted`;
  if (behind !== undefined) return `shard ${behind.shard} is settled up to ${behind.cursor} alone`;
  const isDue = (at: number) => at <= scheduler.now();
  const overdue = tables.endpoints.find(
    (row) =>
      isDue(headOf(tables, row) ?? Infinity) ||
      tables.shards.some(({ need }) => need !== null && asideOf(tables, row, need).some(({ dueAt }) => isDue(dueAt))),
  );
  return overdue === undefined ? null : `a delivery to ${overdue.id} is due`;
}

/** When the next delivery is due. Null: none is pending for an endpoint that may be delivered to. */
export function nextDelivery({ memory: { tables } }: World): number | null {
  const needs = tables.shards.flatMap(({ need }) => need ?? []);
  const heads = tables.endpoints.flatMap((row) => [
    ...(headOf(tables, row) === null ? [] : [headOf(tables, row) ?? 0]),
    ...needs.flatMap((need) => asideOf(tables, row, need).map(({ dueAt }) => dueAt)),
  ]);
  return heads.length === 0 ? null : Math.min(...heads);
}

/**
 * Passes over the time in which engines would do nothing but look and renew their leases: what they and the database
 * hold keeps its distance from now, so they are after it where they were before.
 */
export function passQuietTime(world: World, quietSince: number): void {
  const { scheduler, profile, state } = world;
  if (profile.passes === "nothing" || scheduler.now() - Math.max(quietSince, state.lastPlanAt) < eagerMs) return;
  const next = Math.min(scheduler.nextPlan() ?? Infinity, nextDelivery(world) ?? Infinity);
  const ms = Math.floor((next - leadMs - scheduler.now()) / roundMs) * roundMs;
  if (!Number.isFinite(ms) || ms < roundMs) return;
  scheduler.skip(ms);
  keepLeases(world, ms);
}

function keepLeases({ memory: { tables } }: World, ms: number): void {
  if (tables.kind === "embedded") return;
  for (const row of tables.shards) row.until += ms;
  for (const [owner, until] of tables.owners) tables.owners.set(owner, until + ms);
  tables.sequencer.until += ms;
}
