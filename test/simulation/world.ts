import { createNewId, type NewId, type Random } from "../../runtime/contracts/identifier.ts";
import type { WireCatalog } from "../../runtime/contracts/wire-contract.ts";
import { createRender, type RenderEvent } from "../../runtime/events.ts";
import type { Executor } from "../../runtime/seams/log-store.ts";
import { createRandom, type SeededRandom } from "../faults/random.ts";
import { anyDataCatalog } from "../runtime/engine/any-data-catalog.ts";
import { noFaults, type Conditions, type FaultCounts } from "./conditions.ts";
import type { Network } from "./connection.ts";
import type { Transaction } from "./memory-log.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";
import type { Profile } from "./profile.ts";
import type { Mood } from "./receivers.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { createWatch, type Watch } from "./watch.ts";
import type { Worker } from "./worker.ts";

/** All that a simulated world is made of. */
export interface World {
  readonly seed: string;
  readonly profile: Profile;
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly memory: MemoryStore;
  readonly catalog: WireCatalog;
  readonly render: RenderEvent;
  readonly bytes: Random;
  readonly newId: NewId;
  readonly conditions: Conditions;
  readonly network: Network;
  readonly moods: Map<string, Mood>;
  readonly watch: Watch;
  readonly faults: FaultCounts;
  /** By place; null where none runs. */
  readonly workers: (Worker | null)[];
  readonly ledger: Ledger;
  /** `healed`: nothing fails any more, and nothing new happens. */
  readonly state: {
    phase: "busy" | "healed";
    areSecretsHidden: boolean;
    /** Since when the world did nothing of its own. */
    lastPlanAt: number;
  };
  /** How many workers, endpoints and so on there have been, to name the next one by. */
  readonly counts: { owners: number; endpoints: number; events: number };
}

/** What the product knows of the events it emitted. */
export interface Ledger {
  /** Acknowledged: body by id. */
  readonly committed: Map<string, string>;
  readonly rolledBack: Set<string>;
}

/** The types of the events that the product emits. */
export const types = ["deployment.created", "deployment.failed", "agent_run.failed"];

export const start = Date.parse("2026-05-08T14:00:00.000Z");

export function createWorld(seed: string, profileOf: (random: SeededRandom) => Profile): World {
  const random = createRandom(seed);
  const profile = profileOf(random);
  // Of its own, so that the order in which things happen decides nothing else.
  const scheduler = createScheduler(createRandom(`${seed} order`), start);
  const memory = createMemoryStore({ kind: profile.kind, shardCount: profile.shardCount, now: scheduler.now });
  const catalog = withBreaker(anyDataCatalog(), profile);
  const conditions = { ...profile.conditions };
  const faults = noFaults();
  const watch = createWatch({
    tables: memory.tables,
    callMsMax: () => 2 * Math.max(profile.conditions.callMsMax, profile.conditions.slowMsMax),
  });
  const idRandom = createRandom(`${seed} ids`);
  const bytes: Random = (count) => Uint8Array.from({ length: count }, () => idRandom.below(256));
  const newId = createNewId(bytes);
  const network: Network = {
    scheduler,
    memory,
    conditions,
    faults,
    listeners: new Map(),
    transactions: new Map<Executor, Transaction>(),
    lost: watch.lost,
    settling: watch.settling,
  };
  return {
    seed,
    profile,
    random,
    scheduler,
    memory,
    catalog,
    render: createRender({
      catalog,
      clock: { now: scheduler.now, monotonic: scheduler.now, after: () => () => undefined },
      newId,
    }),
    bytes,
    newId,
    conditions,
    network,
    moods: new Map(),
    watch,
    faults,
    workers: Array.from({ length: profile.placeCount }, () => null),
    ledger: { committed: new Map(), rolledBack: new Set() },
    state: { phase: "busy", areSecretsHidden: false, lastPlanAt: start },
    counts: { owners: 0, endpoints: 0, events: 0 },
  };
}

function withBreaker(catalog: WireCatalog, { breaker }: Profile): WireCatalog {
  const { stech } = catalog;
  if (breaker === null || stech?.declaration.mode !== "push") return catalog;
  return { ...catalog, stech: { ...stech, declaration: { ...stech.declaration, breaker } } };
}

/** Does something of the world's own at a time of its own. */
export function plan(world: World, of: { readonly label: string; readonly afterMs: number }, run: () => void): void {
  const { scheduler, state } = world;
  const noted = () => {
    state.lastPlanAt = scheduler.now();
    run();
  };
  scheduler.after({ host: null, kind: "plan", ...of, run: noted });
}
