import type { LogStore } from "../../runtime/seams/log-store.ts";
import type { DeliveryStore, EndpointStore, EventStore } from "../../runtime/seams/store.ts";
import type { Immediate } from "./immediate.ts";
import { memoryDeliveries } from "./memory-deliveries.ts";
import { memoryEndpoints } from "./memory-endpoints.ts";
import { lease, release } from "./memory-leases.ts";
import {
  append,
  commit,
  due,
  ends,
  endpointsOf,
  facts,
  nextDueAt,
  read,
  readWithout,
  readTenant,
  rollback,
  sequence,
  unserved,
  type Transaction,
} from "./memory-log.ts";
import { settle } from "./memory-settle.ts";
import { createTables, type Tables } from "./memory-tables.ts";

type Log = Immediate<Omit<LogStore, "append" | "signals">>;

/**
 * A database in memory behind the store's seam. `memory-store.test.ts` runs the seam's own suite against it, so that what
 * holds here holds for the databases.
 */
export interface MemoryStore {
  readonly tables: Tables;
  readonly log: Log & {
    readonly append: (
      events: Parameters<LogStore["append"]>[0],
      transaction: Transaction | null,
    ) => ReturnType<typeof append>;
  };
  readonly endpoints: Immediate<EndpointStore>;
  readonly deliveries: Immediate<DeliveryStore>;
  readonly events: Immediate<EventStore>;
  readonly commit: (transaction: Transaction) => void;
  readonly rollback: (transaction: Transaction) => void;
}

export function createMemoryStore(of: Parameters<typeof createTables>[0]): MemoryStore {
  const tables = createTables(of);
  return {
    tables,
    log: {
      append: (events, transaction) => append(tables, events, transaction),
      lease: (request) => lease(tables, request),
      release: (request) => release(tables, request),
      sequence: (held, limit) => sequence(tables, held, limit),
      sequenceAndRead: (held, { limit, pages }) => {
        const count = sequence(tables, held, limit);
        return { count, pages: pages.map((page) => read(tables, page)) };
      },
      oldestWrite: () => null,
      unserved: () => unserved(tables),
      ends: (shards) => ends(tables, shards),
      read: (pages) => pages.map((page) => read(tables, page)),
      readWithout: (page) => readWithout(tables, page),
      readTenant: (from) => readTenant(tables, from),
      facts: (request) => facts(tables, request),
      endpointsOf: (tenants) => endpointsOf(tables, tenants),
      due: (claim) => due(tables, claim),
      nextDueAt: (request) => nextDueAt(tables, request),
      settle: (settlements) => settle(tables, settlements),
    },
    endpoints: memoryEndpoints(tables),
    deliveries: memoryDeliveries(tables),
    events: {
      list: ({ tenant, contract, types, after, limit }) =>
        tables.log
          .slice(after)
          .filter((event) => event.tenant === tenant && event.contract === contract)
          .filter((event) => types === null || types.includes(event.type))
          .slice(0, limit),
      erase: () => {
        throw new Error("Nobody erases events here.");
      },
    },
    commit: (transaction) => commit(tables, transaction),
    rollback: (transaction) => rollback(tables, transaction),
  };
}
