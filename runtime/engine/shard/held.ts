import type { StoredEvent } from "../../seams/log-store.ts";
import { countedBytes } from "../../seams/page-bytes.ts";
import { keyText, type Task } from "../send/task.ts";

/** Deliveries that are under way, by their keys, and the bytes of their events. */
export interface Held {
  readonly add: (task: Task) => void;
  /** False when there is none of that key. */
  readonly delete: (key: string) => boolean;
  readonly has: (key: string) => boolean;
  readonly values: () => MapIterator<Task>;
  readonly size: number;
  /** Of each event once, however many endpoints it goes to. */
  readonly bytes: () => number;
  /** The event that deliveries of a position hold, if it is not small: what else is claimed of it can share it. */
  readonly largeEvent: (position: number) => StoredEvent | undefined;
  /** Endpoints of the tasks whose events are not small. */
  readonly largeEndpoints: () => readonly number[];
}

export function createHeld(): Held {
  const tasks = new Map<string, Task>();
  /** Events that are not small, by position, and how many tasks have each. */
  const large = new Map<number, { readonly event: StoredEvent; count: number }>();
  let bytes = 0;

  function count({ event }: Task, by: 1 | -1): void {
    const size = countedBytes(event);
    if (size === 0) return;
    const entry = large.get(event.position) ?? { event, count: 0 };
    if (entry.count === 0) bytes += size;
    entry.count += by;
    if (entry.count === 0) bytes -= size;
    if (entry.count === 0) large.delete(event.position);
    else large.set(event.position, entry);
  }

  function remove(key: string): boolean {
    const task = tasks.get(key);
    if (task === undefined) return false;
    tasks.delete(key);
    count(task, -1);
    return true;
  }

  return {
    add: (task) => {
      const key = keyText(task);
      remove(key);
      tasks.set(key, task);
      count(task, 1);
    },
    delete: remove,
    has: (key) => tasks.has(key),
    values: () => tasks.values(),
    get size() {
      return tasks.size;
    },
    bytes: () => bytes,
    largeEndpoints: () =>
      large.size === 0
        ? []
        : [...tasks.values()].filter((task) => large.has(task.position)).map(({ endpointKey }) => endpointKey),
    largeEvent: (position) => large.get(position)?.event,
  };
}
