import type { Events, StoredEvent } from "./log-store.ts";

/** An event as its tenant reads it. `body` is what is signed and sent, to the byte. */
export type FeedEvent = Omit<StoredEvent, "idempotencyKey" | "companionOf" | "trace">;

/** Which of a tenant's events are read; times are milliseconds since 1970. */
export interface FeedRange {
  readonly tenant: string;
  readonly contract: string;
  /** Null: all types. */
  readonly types: readonly string[] | null;
  /** Those that happened then or later. Null: all before, too. */
  readonly from: number | null;
  /** Those that happened before. Null: all later, too. */
  readonly until: number | null;
}

/** Where a reader that the server keeps account of goes on. */
export interface FeedConsumer {
  readonly tenant: string;
  readonly name: string;
  readonly contract: string;
  /** What it has done with: it goes on after this position. */
  readonly position: number;
  readonly createdAt: number;
  /** When it last committed or sought. */
  readonly updatedAt: number;
}

type ConsumerName = Pick<FeedConsumer, "tenant" | "name">;
type ConsumerPlace = ConsumerName & { readonly position: number; readonly at: number };

/** The log as its tenants read it. */
export interface FeedStore {
  /** Null when the tenant has no such event, or not any more. */
  readonly event: (of: { readonly tenant: string; readonly id: string }) => Promise<FeedEvent | null>;
  /** Events after a position and up to another, in order, as many as `page-bytes.ts` has it. */
  readonly read: (
    of: FeedRange & { readonly after: number; readonly upTo: number; readonly limit: number },
  ) => Promise<readonly FeedEvent[]>;
  /** The last position of the log; 0 when it is empty. */
  readonly end: () => Promise<number>;
  /** The last position that retention has dropped: after an earlier one, something is missing. 0: nothing was dropped. */
  readonly prunedTo: () => Promise<number>;
  /** The position of a tenant's first event of a contract that happened then or later. Null: there is none. */
  readonly firstSince: (of: {
    readonly tenant: string;
    readonly contract: string;
    readonly time: number;
  }) => Promise<number | null>;
  /** Writes `facts` with it. False when there is one of that name. */
  readonly createConsumer: (consumer: FeedConsumer, facts: Events) => Promise<boolean>;
  /** In order of their names. */
  readonly listConsumers: (of: { readonly tenant: string }) => Promise<readonly FeedConsumer[]>;
  readonly getConsumer: (of: ConsumerName) => Promise<FeedConsumer | null>;
  /** Moves to a later position, and leaves it where it is for an earlier one. Null when there is none of that name. */
  readonly commitConsumer: (of: ConsumerPlace) => Promise<FeedConsumer | null>;
  /** Moves to any position, and writes `facts` with it. Null when there is none of that name. */
  readonly moveConsumer: (
    of: ConsumerPlace,
    facts: (of: Pick<FeedConsumer, "contract">) => Events,
  ) => Promise<FeedConsumer | null>;
  /** Writes `facts` with it. False when there is none of that name. */
  readonly removeConsumer: (
    of: ConsumerName,
    facts: (of: Pick<FeedConsumer, "contract">) => Events,
  ) => Promise<boolean>;
}
