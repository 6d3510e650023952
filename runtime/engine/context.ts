import type { HookwrightError } from "../errors.ts";
import type { LeasesEnd, LogStore, NewEvent, SequencerLease } from "../seams/log-store.ts";
import type { DirectoryParts } from "./endpoint-directory.ts";
import type { Lanes } from "./lanes.ts";
import type { AttemptParts } from "./send-attempt.ts";
import type { ConcludeParts, Shard } from "./shard.ts";
import type { Task } from "./task.ts";

export interface EngineLimits {
  /** Attempts in flight. */
  readonly slotsMax: number;
  readonly perEndpointMax: number;
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
  /** Left out: by time. */
  readonly leasesEnd?: LeasesEnd;
  /** Told of the events about endpoints and deliveries that it appended, once they are written. Left out: nobody is. */
  readonly told?: (events: readonly NewEvent[]) => void;
  /** Waits for what else is under way of a shard before it is given to another process. Left out: there is nothing. */
  readonly leaves?: (shard: number) => Promise<void>;
}

/** What the engine's functions share: its parts, and all of its state. */
export interface EngineContext {
  readonly parts: EngineParts;
  readonly lanes: Lanes<Task>;
  /** Attempts that outlived their place in the window, by endpoint: new events for it go straight to `pending`. */
  readonly parked: Map<number, number>;
  readonly shards: Map<number, Shard>;
  /** Null: some other engine gives events their positions, or none has to. */
  sequencer: SequencerLease | null;
  /** Whether there may be something new in the database. */
  looks: boolean;
  phase: "new" | "running" | "stopping" | "stopped";
  /** As of `Engine`. */
  leaseEndsAt: number;
  /** When the next pending delivery is due, as of the last turn. Null: none. */
  nextDue: number | null;
  /** Finishes what was taken of a shard and gives it back. */
  readonly handOver: (shard: Shard) => Promise<void>;
  /** One at a time, in order: what asks for leases, and what gives them back. */
  readonly leasing: (work: () => Promise<void>) => Promise<void>;
  /** Asks for a turn: read the log, claim what is due. */
  readonly takeTurn: () => void;
  /** Tells those who wait for it when the engine has become idle. */
  readonly noteIdle: () => void;
  readonly fail: (error: HookwrightError) => void;
}
