import type { Logger } from "pino";
import type { ActionStore, Invocation } from "../seams/action-store.ts";
import type { Clock } from "../seams/clock.ts";
import type { NewEvent } from "../seams/log-store.ts";

/** What a question leaves behind. */
export interface Entry {
  readonly invocation: Invocation;
  /** How many invocations its action keeps. */
  readonly keepMax: number;
  /** What is to be appended with it. Each has an idempotency key, so that a repeat appends none. */
  readonly facts: readonly NewEvent[];
}

/**
 * Written in bulk behind the questions' backs: a crash may lose the entries of the last 200 ms, and so may a
 * database that does not answer until there are too many of them.
 */
export interface InvocationLog {
  readonly add: (entry: Entry) => void;
  /** Resolves once all that was added is written; rejects when the database does not take it. */
  readonly flush: () => Promise<void>;
  /** Does the same once more and for the last time: what is not written then is not tried again. */
  readonly close: () => Promise<void>;
}

export interface InvocationLogParts {
  readonly store: Pick<ActionStore, "record">;
  readonly clock: Clock;
  /** Told after facts were appended. */
  readonly wake: () => void;
  readonly log: Pick<Logger, "warn" | "error">;
}

/**
 * On SQLite a write holds up the questions that come meanwhile for as long as the disk takes, 5 ms and more: twenty of
 * these a second made one question in ten late.
 */
const flushAfterMs = 200;
const retryAfterMs = 1000;
const batchMax = 500;
/** Fifty seconds at 200 questions a second, some 5 MB. */
const entriesMax = 10_000;

export function createInvocationLog(parts: InvocationLogParts): InvocationLog {
  let entries: Entry[] = [];
  let droppedCount = 0;
  let isArmed = false;
  let isClosed = false;
  let cancelTimer = (): void => undefined;
  let writing: Promise<void> = Promise.resolve();

  function arm(ms: number): void {
    if (isArmed || isClosed) return;
    isArmed = true;
    cancelTimer = parts.clock.after(ms, () => {
      write().catch((error: unknown) => {
        parts.log.error({ err: error }, "Invocations could not be written; trying again.");
        arm(retryAfterMs);
      });
    });
  }

  /** One write at a time, in order. */
  function write(): Promise<void> {
    cancelTimer();
    isArmed = false;
    writing = writing.catch(() => undefined).then(writeAll);
    return writing;
  }

  async function writeAll(): Promise<void> {
    while (entries.length > 0) {
      const batch = entries.slice(0, batchMax);
      await writeBatch(parts, batch);
      entries = entries.slice(batch.length);
    }
    if (droppedCount > 0) parts.log.warn({ droppedCount }, "Invocations were dropped, as the database did not answer.");
    droppedCount = 0;
  }

  return {
    add: (entry) => {
      if (entries.length >= entriesMax) droppedCount += 1;
      else entries.push(entry);
      arm(flushAfterMs);
    },
    flush: write,
    close: () => {
      isClosed = true;
      return write();
    },
  };
}

async function writeBatch({ store, wake }: InvocationLogParts, batch: readonly Entry[]): Promise<void> {
  const events = batch.flatMap(({ facts }) => facts);
  const kept = [...Map.groupBy(batch, (entry) => entry.keepMax)].map(([keepMax, ofOne]) => {
    return { actionIds: [...new Set(ofOne.map(({ invocation }) => invocation.actionId))], keepMax };
  });
  await store.record({ invocations: batch.map(({ invocation }) => invocation), events, kept });
  if (events.length > 0) wake();
}
