import type { Diversion as StoredDiversion, Pending } from "../../seams/log-store.ts";
import type { Task } from "../send/task.ts";
import { createWindow, type Concluded, type Window } from "./window.ts";

/** What reads a part of the log: the shard, or a tenant that is diverted from it. */
export interface Reader {
  /** The last position that was read. */
  readTo: number;
  /** What was read and is not settled. */
  readonly window: Window<Task>;
}

export interface Diversion extends Reader {
  readonly tenant: string;
  /**
   * Its events up to here are in the shard's own window. Until the shard's cursor is as far, nothing of the tenant's
   * reader is settled: whoever takes over goes on with one cursor for all of the tenant's events.
   */
  readonly startsAt: number;
  /** Its events are settled up to here. */
  cursor: number;
  isUnwritten: boolean;
  /** From after this position on its events are the shard's again. Null: not yet. */
  rejoinsAt: number | null;
}

export function createDiversion({ tenant, cursor }: StoredDiversion): Diversion {
  const reader: Reader = { readTo: cursor, window: createWindow() };
  return { ...reader, tenant, startsAt: 0, cursor, isUnwritten: false, rejoinsAt: null };
}

/** All that a shard's readers have read. */
interface Work extends Pick<Reader, "window"> {
  readonly diversions: ReadonlyMap<string, Diversion>;
}

export function windowsOf({ window, diversions }: Work): readonly Window<Task>[] {
  return [window, ...diversions.values().map((diversion) => diversion.window)];
}

/** A shard as far as its diversions go. */
interface Diverted {
  readonly diversions: Map<string, Diversion>;
  readonly cursor: number;
}

/** How many deliveries of diverted tenants the next settlement would write. */
export function unwrittenDiversionCount(shard: Diverted): number {
  const settled = started(shard).reduce((sum, { window }) => sum + window.settledCount(), 0);
  return settled + rejoining(shard).length;
}

/** Takes what the tenants' own readers have settled. */
export function takeDiversions(shard: Diverted) {
  const { diversions, cursor } = shard;
  const concluded: Concluded<Task>[] = [];
  const waits: Pending[] = [];
  for (const diversion of started(shard)) {
    const settled = diversion.window.take();
    if (settled === null) continue;
    diversion.cursor = settled.cursor;
    diversion.isUnwritten = true;
    // One at a time: a call takes some 100,000 arguments, and an event may have more endpoints in its window's length.
    for (const each of settled.concluded) concluded.push(each);
    for (const each of settled.waits) waits.push(each);
  }
  const rejoined = rejoining(shard);
  for (const { tenant } of rejoined) diversions.delete(tenant);
  const unwritten = [...diversions.values()].filter(({ isUnwritten }) => isUnwritten);
  for (const diversion of unwritten) diversion.isUnwritten = cursor < diversion.startsAt;
  const diverted = unwritten.map((diversion) => ({
    tenant: diversion.tenant,
    cursor: diversion.isUnwritten ? cursor : diversion.cursor,
  }));
  return { diverted, rejoined: rejoined.map(({ tenant }) => tenant), concluded, waits };
}

/** The tenants' readers whose work may be settled. */
function started({ diversions, cursor }: Diverted): readonly Diversion[] {
  return [...diversions.values()].filter(({ startsAt }) => startsAt <= cursor);
}

/** Tenants that rejoin now: the shard's cursor is as far as their events were passed over. */
function rejoining({ diversions, cursor }: Diverted): readonly Diversion[] {
  return [...diversions.values()].filter(({ rejoinsAt }) => rejoinsAt !== null && rejoinsAt <= cursor);
}
