import type { Events } from "./log-store.ts";

/** The seam of streams to the database. Times are milliseconds since 1970; `store/` implements it. */

/** Which event types of its contract a stream sends. */
export type TypeFilter = { readonly only: readonly string[] } | { readonly except: readonly string[] };

/** What its owner decides, in our words; the contract's declaration says by what name each is set. */
export interface StreamSettings {
  readonly url: string;
  /** Six fields, the first of which is seconds, in UTC. Null: batches are sent as soon as there is something to send. */
  readonly schedule: string | null;
  /** How old an event has to be. */
  readonly delaySeconds: number;
  readonly batchSize: number;
  /** `single`: each record alone, so many at once. */
  readonly sends: "batch" | "single";
  readonly concurrency: number;
  /** The id of the event after which the stream began, or was last told to begin. */
  readonly startFrom: string | null;
  readonly level: number | null;
  readonly types: readonly string[];
  readonly noticeOnSuccess: boolean;
  /** What becomes of a batch whose retries of a run are used up; where the contract retries without end, neither. */
  readonly onExhausted: "skip" | "hold";
}

/** Secrets as they are stored. Null: there is none. */
export interface StreamSecrets {
  readonly sealedAuthorization: string | null;
  /** Where notices go: whoever knows such a URL may post there. */
  readonly sealedNoticeUrl: string | null;
}

/**
 * The one batch a stream has under way: the events after the cursor's position up to `upTo` that pass the filter, which
 * is the filter as it was when the batch was frozen. The log is append-only, so these are the same events ever after.
 */
export interface Batch {
  readonly upTo: number;
  readonly filter: TypeFilter;
  /** Attempts that failed, over all runs. */
  readonly attemptCount: number;
}

/** How far a stream has come. */
export interface StreamCursor {
  /** All up to here was accepted, or passed over as the owner wants it. */
  readonly position: number;
  /** The id of the last event that was sent. Null: none was. */
  readonly checkpoint: string | null;
  readonly batch: Batch | null;
  /** Not looked at before. */
  readonly dueAt: number;
  /** Counts the rewinds: what comes of a batch from before one is dropped. */
  readonly generation: number;
  readonly runCount: number;
  /** When the last daily report was posted. */
  readonly reportedAt: number;
}

export interface Stream extends StreamSecrets {
  readonly key: number;
  readonly id: string;
  readonly tenant: string;
  readonly contract: string;
  readonly shard: number;
  readonly status: "active" | "paused";
  readonly settings: StreamSettings;
  readonly cursor: StreamCursor;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a run came to. `held`: the batch is sent again. `skipped`: it is not. */
export type RunResult = "delivered" | "held" | "skipped";

/** One run, as it is kept. Of a stream without a schedule, each attempt at a batch is a run. */
export interface StreamRun {
  /** From 1 within its stream. */
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly result: RunResult;
  /** Records that were accepted. */
  readonly recordCount: number;
  readonly attemptCount: number;
  /** Event ids before and after the run. */
  readonly startCheckpoint: string | null;
  readonly checkpoint: string | null;
  /** The last response's status that was no success. Null when there was none. */
  readonly status: number | null;
  readonly error: string | null;
  readonly warning: string | null;
}

/** An event as a batch needs it. */
export interface StreamRecord {
  readonly position: number;
  readonly id: string;
  readonly time: number;
  readonly body: string;
  /** As of `NewEvent`. */
  readonly trace: string | null;
}

/** The right to work a stream: that to its tenant's shard. */
export interface StreamLease {
  readonly shard: number;
  readonly owner: string;
  readonly epoch: number;
}

/** What one step of a run writes. All of it or none. */
export interface StreamStep {
  readonly lease: StreamLease;
  /** The stream as the step began: when it was rewound or deleted since, nothing is written. */
  readonly stream: Stream;
  readonly position: number;
  readonly checkpoint: string | null;
  readonly batch: Batch | null;
  readonly dueAt: number;
  readonly reportedAt: number;
  /** Null: the run goes on. */
  readonly run: Omit<StreamRun, "number"> | null;
}

/** Runs that are kept of each stream; one in a hundred drops those before. */
export const runsKept = 1000;

export type NewStream = Pick<Stream, "id" | "tenant" | "contract" | "settings" | "createdAt"> &
  StreamSecrets & {
    readonly dueAt: number;
    readonly position: number;
    /** The event that it begins after, as its owner named it. Left out: none. */
    readonly checkpoint?: string | null;
  };

export interface StreamChange extends Partial<StreamSecrets> {
  readonly status?: Stream["status"];
  readonly settings?: StreamSettings;
  readonly dueAt?: number;
  /** Begins again after this position: the batch under way is forgotten. */
  readonly position?: number;
  /** With `position`: the event that it begins after, as its owner named it. Left out: none. */
  readonly checkpoint?: string | null;
}

interface StreamId {
  readonly tenant: string;
  readonly id: string;
}

/** Streams. Each change that an owner makes is written together with the event that says so. */
export interface StreamStore {
  readonly create: (stream: NewStream, facts: (made: Stream) => Events) => Promise<Stream>;
  /** In order of creation. */
  readonly list: (of: { tenant: string }) => Promise<readonly Stream[]>;
  readonly get: (of: StreamId) => Promise<Stream | null>;
  /** Null when there is no such stream. */
  readonly update: (
    of: StreamId & { at: number },
    change: StreamChange,
    facts: (after: Stream, before: Stream) => Events,
  ) => Promise<Stream | null>;
  /** With its runs and its secrets: nothing of it is left. False when there is no such stream. */
  readonly remove: (of: StreamId & { at: number }, facts: (before: Stream) => Events) => Promise<boolean>;
  /** Newest first; `failed` are those with an error. */
  readonly runs: (of: {
    streamKey: number;
    only: "all" | "failed";
    offset: number;
    limit: number;
  }) => Promise<{ readonly runs: readonly StreamRun[]; readonly total: number }>;
  /** Runs that ended after a time, added up. */
  readonly runTotals: (of: {
    streamKey: number;
    after: number;
  }) => Promise<{ readonly recordCount: number; readonly warningCount: number; readonly errorCount: number }>;
  /** When the first event after the stream's position happened. Null: there is none. */
  readonly oldestTime: (stream: Stream) => Promise<number | null>;
  /**
   * The place in the log of a tenant's event. Null when the contract has no such event there. `sentAs` is the member of
   * a body that has the event's id: what others made is known to its receivers by an id of its own. It is looked for
   * only where there is no event of that id, as all bodies of the tenant have to be read.
   */
  readonly positionOf: (of: {
    tenant: string;
    contract: string;
    eventId: string;
    sentAs?: string | undefined;
  }) => Promise<number | null>;
  /** The last position before the first event that happened at that time or later; `end` when there is none. */
  readonly positionBefore: (of: { tenant: string; contract: string; time: number }) => Promise<number>;
  /** The last position of the tenant's shard. 0: there is none. */
  readonly end: (of: { tenant: string }) => Promise<number>;
  /** Streams of these shards that a run may begin with, those that have waited longest first. */
  readonly due: (of: {
    shards: readonly number[];
    now: number;
    limit: number;
    except: readonly number[];
  }) => Promise<readonly Stream[]>;
  /** Since when the event that has been due longest, of all active streams of these shards, is due. Null: none is. */
  readonly oldestDueAt: (of: { shards: readonly number[]; now: number }) => Promise<number | null>;
  /**
   * How many active streams of these shards stand still, up to `max`: their batch was refused when it was last sent, or
   * they have not been worked since they were due before `dueBefore`.
   */
  readonly stalledCount: (of: { shards: readonly number[]; dueBefore: number; max: number }) => Promise<number>;
  /** A tenant's events of the contract after a position and up to another that pass the filter, in order; cut by bytes. */
  readonly records: (of: {
    tenant: string;
    contract: string;
    after: number;
    upTo: number;
    filter: TypeFilter;
    limit: number;
    /** As of `isCut`. */
    bytesMax: number;
  }) => Promise<readonly StreamRecord[]>;
  /** The stream as it is after the step; null when nothing was written. Throws `lease_lost`. */
  readonly step: (step: StreamStep) => Promise<Stream | null>;
}

/** A key of a tenant that signs all requests of a contract to it. */
export interface SigningKey {
  readonly id: string;
  readonly tenant: string;
  readonly contract: string;
  readonly sealed: string;
  readonly createdAt: number;
}

/** Keys that sign. Each change is written together with the event that says so. */
export interface SigningKeyStore {
  /** False when the tenant has as many as there may be. */
  readonly create: (key: SigningKey, of: { readonly activeMax: number; readonly facts: Events }) => Promise<boolean>;
  /** Newest first. */
  readonly list: (of: { tenant: string; contract: string }) => Promise<readonly SigningKey[]>;
  /** False when the tenant has no such key. */
  readonly remove: (
    of: { tenant: string; id: string },
    facts: (removed: Pick<SigningKey, "contract">) => Events,
  ) => Promise<boolean>;
}

/** What the store has for streams. */
export interface StreamStores {
  readonly streams: StreamStore;
  readonly signingKeys: SigningKeyStore;
}
