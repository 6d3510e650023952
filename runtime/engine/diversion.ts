import type { Diversion as StoredDiversion } from "../seams/log-store.ts";
import type { Task } from "./task.ts";
import { createWindow, type Window } from "./window.ts";

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
