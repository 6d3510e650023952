import type { StoredEvent } from "../../seams/log-store.ts";
import { createDiversion, windowsOf, type Diversion, type Reader } from "./diversion.ts";
import type { Shard } from "./shard.ts";
import type { Task } from "../send/task.ts";

/*
 * A tenant that appends more than can be sent would hold up every other tenant of its shard, since a window moves over
 * the log in order. So once one tenant has most of a full page it is diverted: its events get a reader and a cursor of
 * their own, and the shard's reader passes over them, until that reader has come as far as the shard's.
 */

/** At the same time, in a shard. */
const diversionsMax = 8;

/** The tenants whose events the shard's reader passes over. */
export function divertedTenants(shard: Shard): readonly string[] {
  return openDiversions(shard).map(({ tenant }) => tenant);
}

export function openDiversions({ diversions }: Shard): readonly Diversion[] {
  return [...diversions.values()].filter(({ rejoinsAt }) => rejoinsAt === null);
}

/** Diverts the tenant that has most of a page, which was full: there is more to come. */
export function divert(shard: Shard, page: readonly StoredEvent[]): void {
  const byTenant = [...Map.groupBy(page, (event) => event.tenant)];
  const [tenant] = byTenant.find(([, events]) => events.length > page.length / 2) ?? [];
  const { diversions, readTo } = shard;
  if (tenant === undefined || diversions.size >= diversionsMax || diversions.has(tenant)) return;
  diversions.set(tenant, { ...createDiversion({ tenant, cursor: readTo }), startsAt: readTo, isUnwritten: true });
}

/** Lets tenants rejoin whose reader has come, as the shard's has, to the end of the log, and has nothing left. */
export function rejoin(shard: Shard): void {
  if (shard.mayHaveMore) return;
  for (const diversion of openDiversions(shard)) {
    if (diversion.readTo === shard.readTo && diversion.window.size() === 0) diversion.rejoinsAt = shard.readTo;
  }
}

/**
 * What the windows of a shard may keep in memory of events that are not small: past it nothing is read until something
 * was settled. All of an event's deliveries share it.
 */
const windowBytesMax = 4 * 1024 * 1024;

/** How many positions this reader may read now; 0 while fewer than half of its share would be worth no query. */
export function roomFor(shard: Shard, reader: Reader, windowMax: number): number {
  if (windowBytes(shard) >= windowBytesMax) return 0;
  const count = openDiversions(shard).length;
  const half = Math.max(1, Math.floor(windowMax / 2));
  const share = count === 0 ? windowMax : reader === shard ? half : Math.max(1, Math.floor(half / count));
  // Together never more than one window: it is what a crash may send twice.
  const room = Math.min(share - reader.window.size(), windowMax - windowSize(shard));
  return room >= share / 2 ? room : 0;
}

/** Whether a turn would read anything. */
export function canRead(shard: Shard, windowMax: number): boolean {
  if (shard.state !== "working") return false;
  if (shard.mayHaveMore && roomFor(shard, shard, windowMax) > 0) return true;
  return openDiversions(shard).some(
    (diversion) => diversion.readTo < shard.readTo && roomFor(shard, diversion, windowMax) > 0,
  );
}

function windowBytes(shard: Shard): number {
  return windowsOf(shard).reduce((sum, window) => sum + window.bytes(), 0);
}

export function windowSize(shard: Shard): number {
  return windowsOf(shard).reduce((sum, window) => sum + window.size(), 0);
}

export function openTasks(shard: Shard): readonly Task[] {
  return windowsOf(shard).flatMap((window) => window.open());
}
