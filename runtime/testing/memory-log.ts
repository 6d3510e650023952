import type { Appended, Executor, LogStore, NewEvent } from "../seams/log-store.ts";

/** A transaction of a test: what is emitted with it is in the log once it commits. */
export interface TestTransaction extends Executor {
  readonly commit: () => void;
}

/** A log in memory, with the rules of idempotency that the databases have. */
export interface MemoryLog {
  readonly events: readonly NewEvent[];
  readonly append: LogStore["append"];
  readonly begin: () => TestTransaction;
  readonly clear: () => void;
}

export function createMemoryLog(): MemoryLog {
  const events: NewEvent[] = [];
  const open = new WeakMap<Executor, NewEvent[]>();

  function append(fresh: readonly NewEvent[], executor?: Executor): readonly Appended[] {
    const target = (executor && open.get(executor)) ?? events;
    const repeated = new Set<string | null>();
    return fresh.map((event) => {
      const first = firstOf(target === events ? events : [...events, ...target], event);
      if (first === undefined && !isOfRepeat(event, repeated)) {
        target.push(event);
        return { event, created: true };
      }
      repeated.add(event.idempotencyKey);
      return { event: first ?? event, created: false };
    });
  }

  function begin(): TestTransaction {
    const uncommitted: NewEvent[] = [];
    const transaction: TestTransaction = {
      query: () => Promise.reject(new Error("A transaction of hookwright/testing runs no SQL.")),
      commit: () => void events.push(...uncommitted.splice(0)),
    };
    open.set(transaction, uncommitted);
    return transaction;
  }

  return {
    events,
    append: async (fresh, executor) => append(fresh, executor),
    begin,
    clear: () => void events.splice(0),
  };
}

function firstOf(events: readonly NewEvent[], { contract, tenant, idempotencyKey }: NewEvent): NewEvent | undefined {
  if (idempotencyKey === null) return undefined;
  return events.find(
    (event) => event.contract === contract && event.tenant === tenant && event.idempotencyKey === idempotencyKey,
  );
}

/** The companion of an event that is a repeat is left out. */
function isOfRepeat({ companionOf }: NewEvent, repeated: ReadonlySet<string | null>): boolean {
  return companionOf !== undefined && companionOf.idempotencyKey !== null && repeated.has(companionOf.idempotencyKey);
}
