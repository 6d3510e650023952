import { describe } from "vitest";
import type { OpenedStore } from "../../runtime/store/open-store.ts";
import { describeCompanions } from "../runtime/store/suite/append.ts";
import { describeDeliveries } from "../runtime/store/suite/deliveries.ts";
import { describeDue } from "../runtime/store/suite/due.ts";
import { describeNeeds } from "../runtime/store/suite/needs.ts";
import { describeEndpoints } from "../runtime/store/suite/endpoints.ts";
import type { StoreHarness } from "../runtime/store/suite/harness.ts";
import { describeReading } from "../runtime/store/suite/reading.ts";
import { describeSettle } from "../runtime/store/suite/settle.ts";
import { memoryRows } from "./memory-rows.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";

type Call = (...parameters: never[]) => unknown;

/** The methods as promises; before each, every committed event gets its position. */
function answering<Methods extends object>(methods: Methods, before: () => void): object {
  const wrapped = Object.entries<Call>(methods as Record<string, Call>).map(([name, method]) => [
    name,
    async (...parameters: never[]) => {
      before();
      return method(...parameters);
    },
  ]);
  return Object.fromEntries(wrapped);
}

function catchUp({ tables, log }: MemoryStore): void {
  if (tables.kind === "embedded" || tables.unpositioned.size === 0) return;
  const { owner, epoch, until } = tables.sequencer;
  Object.assign(tables.sequencer, { owner: "suite", until: Infinity });
  log.sequence({ owner: "suite", epoch }, Infinity);
  Object.assign(tables.sequencer, { owner, until });
}

function openAnother(memory: MemoryStore): OpenedStore {
  let isOpen = true;
  const refuseClosed = () => {
    if (!isOpen) throw new Error("The store is closed.");
  };
  const before = () => {
    refuseClosed();
    catchUp(memory);
  };
  const { append, lease, release, ...reading } = memory.log;
  const appending = { append: (events: Parameters<typeof append>[0]) => append(events, null), lease, release };
  // The suite's tests of these five parts touch nothing else of an opened store.
  return {
    log: { ...answering(appending, refuseClosed), ...answering(reading, before), signals: null },
    endpoints: answering(memory.endpoints, refuseClosed),
    deliveries: answering(memory.deliveries, before),
    events: answering(memory.events, before),
    database: memoryRows(memory.tables),
    ping: async () => refuseClosed(),
    close: async () => void (isOpen = false),
  } as unknown as OpenedStore;
}

describe.each([
  ["shared", 16],
  ["embedded", 1],
] as const)("the model of a %s database", (kind, shardCount) => {
  const open = async (): Promise<StoreHarness> => {
    const memory = createMemoryStore({ kind, shardCount, now: () => 1000 });
    const another = async () => openAnother(memory);
    return { store: await another(), openAnother: another, statementsOfRepeat: 0, dispose: async () => {} };
  };
  describeCompanions(open);
  describeReading(open);
  describeSettle(open);
  describeDue(open);
  describeNeeds(open);
  describeEndpoints(open);
  describeDeliveries(open);
});
