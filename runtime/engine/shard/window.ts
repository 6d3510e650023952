import type { Pending } from "../../seams/log-store.ts";
import type { Conclusion } from "../send/conclude.ts";

/**
 * The part of a shard's log that is being worked: positions that were read and are not settled. The cursor moves over
 * the positions whose deliveries have all been concluded, in order, whatever order they end in; so after a crash no
 * more is sent again than the window holds.
 */
export interface Window<Task extends object> {
  /**
   * Adds the next position, with a task for each endpoint that gets its event now, and a wait for each that gets it later.
   * `bytes` are those that the tasks keep in memory.
   */
  readonly add: (
    position: number,
    tasks: readonly Task[],
    also?: { readonly waits?: readonly Pending[]; readonly bytes?: number },
  ) => void;
  /** False when the task's position has been taken: the conclusion is then somebody else's to write. */
  readonly conclude: (task: Task, conclusion: Conclusion) => boolean;
  /** Takes the concluded positions from the front. Null when the first one is not concluded. */
  readonly take: () => Settled<Task> | null;
  /** The tasks without a conclusion of the first positions that hold the others up. */
  readonly open: () => readonly Task[];
  readonly size: () => number;
  readonly bytes: () => number;
  /** How many deliveries `take` would give. */
  readonly settledCount: () => number;
}

export interface Settled<Task> {
  readonly cursor: number;
  readonly concluded: readonly Concluded<Task>[];
  readonly waits: readonly Pending[];
}

export interface Concluded<Task> {
  readonly task: Task;
  readonly conclusion: Conclusion;
}

interface Entry<Task> {
  readonly position: number;
  readonly tasks: readonly Task[];
  readonly waits: readonly Pending[];
  readonly bytes: number;
  readonly conclusions: Map<Task, Conclusion>;
}

export function createWindow<Task extends object>(): Window<Task> {
  let entries: Entry<Task>[] = [];
  const entryOf = new Map<Task, Entry<Task>>();
  /** Entries at the front that are concluded. */
  let settled = 0;
  let settledTasks = 0;
  let bytesHeld = 0;

  function advance(): void {
    for (let entry = entries[settled]; entry && isConcluded(entry); entry = entries[settled]) {
      settled += 1;
      settledTasks += Math.max(entry.tasks.length + entry.waits.length, 1);
    }
  }

  return {
    add: (position, tasks, { waits = [], bytes = 0 } = {}) => {
      const entry: Entry<Task> = { position, tasks, waits, bytes, conclusions: new Map() };
      entries.push(entry);
      bytesHeld += bytes;
      for (const task of tasks) entryOf.set(task, entry);
      advance();
    },
    conclude: (task, conclusion) => {
      const entry = entryOf.get(task);
      if (entry === undefined) return false;
      entry.conclusions.set(task, conclusion);
      advance();
      return true;
    },
    take: () => {
      const taken = entries.slice(0, settled);
      const last = taken.at(-1);
      if (last === undefined) return null;
      entries = entries.slice(settled);
      settled = 0;
      settledTasks = 0;
      for (const entry of taken) {
        bytesHeld -= entry.bytes;
        for (const task of entry.tasks) entryOf.delete(task);
      }
      return {
        cursor: last.position,
        concluded: taken.flatMap(concludedOf),
        waits: taken.flatMap(({ waits }) => waits),
      };
    },
    open: () => entries.slice(settled).flatMap((entry) => entry.tasks.filter((task) => !entry.conclusions.has(task))),
    size: () => entries.length,
    bytes: () => bytesHeld,
    settledCount: () => settledTasks,
  };
}

function concludedOf<Task>(entry: Entry<Task>): readonly Concluded<Task>[] {
  return [...entry.conclusions].map(([task, conclusion]) => ({ task, conclusion }));
}

function isConcluded<Task>(entry: Entry<Task>): boolean {
  return entry.conclusions.size === entry.tasks.length;
}
