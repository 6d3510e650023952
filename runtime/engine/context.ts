import type { LeasesEnd, LogStore, NewEvent, SequencerLease } from "../seams/log-store.ts";
import type { Need } from "../contracts/needs.ts";
import type { DirectoryParts } from "./endpoints/directory.ts";
import type { Idle } from "./idle.ts";
import type { AllowanceLimits } from "./send/allowance.ts";
import type { AttemptParts } from "./send/attempt.ts";
import type { LaneLimits, Lanes } from "./send/lanes.ts";
import type { Task } from "./send/task.ts";
import type { ConcludeParts, Shard, Writing } from "./shard/shard.ts";
import type { Turns } from "./turns.ts";

export interface EngineLimits extends LaneLimits, AllowanceLimits {
  /** Positions of a shard that are read and not settled: the most a crash can send twice. */
  readonly windowMax: number;
  /** Tenants of a shard that are remembered, beside those with work under way. */
  readonly tenantsMax: number;
  /** How long a stop, or a shard's handing over, waits for attempts under way. */
  readonly graceMs: number;
  /** How long a lease lasts; it is renewed three times as often. Others take over the work of one that died after it. */
  readonly leaseMs: number;
}

export interface EngineParts extends AttemptParts, ConcludeParts, DirectoryParts {
  readonly store: LogStore;
  /** Who holds the leases: unique to this process. */
  readonly owner: string;
  readonly limits: EngineLimits;
  /** Whether this process has what deliveries wait for. Left out: it has nothing that others lack. */
  readonly serves?: (need: Need) => boolean;
  /** Told of a delivery that could not be attempted through a fault of ours. Left out: nobody is. */
  readonly notAttempted?: (contract: string, reason: "secret_unreadable" | "fault") => void;
  /** Left out: by time. */
  readonly leasesEnd?: LeasesEnd;
  /** Told of the events about endpoints and deliveries that it appended, once they are written. Left out: nobody is. */
  readonly told?: (events: readonly NewEvent[]) => void;
  /** Waits for what else is under way of a shard before it is given to another process. Left out: there is nothing. */
  readonly leaves?: (shard: number) => Promise<void>;
}

/** Whether the engine runs. Only `lifecycle.ts` changes it. */
export interface Lifecycle {
  phase: "new" | "running" | "stopping" | "stopped";
  readonly failure: PromiseWithResolvers<never>;
}

/** The leases this process holds. Only `shard/leasing.ts` changes it. */
export interface Leasing {
  /** By number. */
  readonly shards: Map<number, Shard>;
  /** How many there are in all. Infinity until that is known. */
  shardCount: number;
  /** Null: some other engine gives events their positions, or none has to. */
  sequencer: SequencerLease | null;
  /** Until when the leases are good at least, by the clock's `monotonic`. */
  endsAt: number;
  /** The last of the requests, which are made one at a time. */
  last: Promise<void>;
}

/** When leases are renewed: three times as often as they end. */
export interface Renewal {
  readonly start: () => void;
  readonly stop: () => void;
  /** Renews at once. */
  readonly soon: () => void;
}

/** What is known of the deliveries that are pending, of all shards together. Only `shard/claiming.ts` changes it. */
export interface Backlog {
  /** False once all that is due was claimed. */
  mayHaveDue: boolean;
  /** When the next pending delivery is due, as of the last claim. Null: none is. */
  nextDueAt: number | null;
}

/** When windows that are full are looked at again. Only `shard/parking.ts` changes it. */
export interface Parking {
  /** Whether a timer will. */
  isTimed: boolean;
}

/** What is being written, of all shards together. Only `shard/settling.ts` changes it. */
export interface Settling {
  /** Null: nothing is being written. */
  current: Promise<void> | null;
  /** What the database did not take; it is tried again before anything else of its shard. */
  readonly refused: Map<Shard, Writing>;
  /** Calls off the settlement that a timer will start. Null: none will. */
  cancelTimer: (() => void) | null;
}

/** When it is said what deliveries wait for that this process lacks. Only `unserved.ts` changes it. */
export interface UnservedReport {
  /** Null: nothing is to be said. */
  cancel: (() => void) | null;
}

/** The parts of an engine and its state, each piece of which has one module that changes it. */
export interface EngineContext {
  readonly parts: EngineParts;
  /** `lifecycle.ts`: whether it runs. */
  readonly lifecycle: Lifecycle;
  /** `turns.ts`: when the database is looked at. */
  readonly turns: Turns;
  /** `idle.ts`: who waits for it to have nothing to do. */
  readonly idle: Idle;
  /** `send/lanes.ts`: what may be sent now. */
  readonly lanes: Lanes<Task>;
  /** `shard/leasing.ts`: which shards it holds, by number. */
  readonly shards: ReadonlyMap<number, Shard>;
  readonly leasing: Leasing;
  /** `shard/renewal.ts`: when leases are renewed. */
  readonly renewal: Renewal;
  /** `shard/claiming.ts`: what is pending and when it is due. */
  readonly backlog: Backlog;
  /** `shard/parking.ts`: when full windows are looked at again. */
  readonly parking: Parking;
  /** `shard/settling.ts`: what is being written. */
  readonly settling: Settling;
  readonly unservedReport: UnservedReport;
}
