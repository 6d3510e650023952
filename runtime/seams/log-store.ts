import type { KeptHeaders } from "../contracts/kept-headers.ts";
import type { EndpointHealth, EndpointSecrets, EndpointSettings, Subscription } from "../endpoints/settings.ts";
import type { Need } from "../contracts/needs.ts";
import type { Signals } from "./signals.ts";

/** An event that was rendered: `body` is what is signed and sent, to the byte. */
export interface NewEvent {
  readonly id: string;
  readonly contract: string;
  readonly type: string;
  readonly tenant: string;
  readonly time: number;
  readonly body: string;
  /** Unique in its contract and tenant. Null: every append makes a new event. */
  readonly idempotencyKey: string | null;
  /** The event of the same append that this one goes along with: where that one is a repeat, this one is left out. */
  readonly companionOf?: Pick<NewEvent, "contract" | "idempotencyKey">;
  /** The context of the trace it was emitted in, as `tracing.ts` writes it. Null or left out: it was emitted in none. */
  readonly trace?: string | null;
}

/** An event at its place in the log. Positions are dense: every one below a visible position is final. */
export interface StoredEvent extends NewEvent {
  readonly position: number;
}

/** Whether an event's payload was erased: it is sent to nobody any more. No body that was rendered is empty. */
export function isErased({ body }: Pick<NewEvent, "body">): boolean {
  return body === "";
}

/** An event and its companions, to be appended together. */
export type Events = readonly [NewEvent, ...NewEvent[]];

/** What an append came to: `created` is false when the idempotency key had been used, and `event` is the first one. */
export interface Appended {
  readonly event: NewEvent;
  readonly created: boolean;
}

/** Anything that runs one parameterised statement, such as a transaction of the product's own. */
export interface Executor {
  readonly query: (sql: string, parameters: readonly unknown[]) => Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * The right to work a shard. Every settle is fenced by `epoch` and the lease's end: once it has ended, or another owner took
 * the shard, it writes nothing.
 */
export interface Lease {
  readonly shard: number;
  readonly owner: string;
  readonly epoch: number;
  /** The position up to which the shard was settled when the lease was taken or renewed. */
  readonly cursor: number;
  /** Tenants of the shard to whose events the cursor does not apply. */
  readonly diversions: readonly Diversion[];
  /** The owner has more than its share: it should settle what it took of this shard, and release it. */
  readonly isSurplus: boolean;
  /** Null: a slice of the log. Otherwise it has deliveries alone, which wait for an owner that has this. */
  readonly need: Need | null;
}

/** A tenant with so many events that they are read, and settled, with a cursor of their own. */
export interface Diversion {
  readonly tenant: string;
  readonly cursor: number;
}

/** Whether leases end some time after their last renewal, or, on a database for one process, when another takes them. */
export type LeasesEnd = "by time" | "when taken";

/** The right to give committed events their positions. */
export type SequencerLease = Pick<Lease, "owner" | "epoch">;

/** What an owner holds. */
export interface Leases {
  /** In order of their numbers. */
  readonly shards: readonly Lease[];
  /** How many shards there are, whoever has them. */
  readonly shardCount: number;
  /** Null: another owner has it, or the database has no need of it. */
  readonly sequencer: SequencerLease | null;
}

/** Which delivery: `run` is 0 for the first and counts the redeliveries after it. */
export interface DeliveryKey {
  readonly endpointKey: number;
  readonly position: number;
  readonly run: number;
}

export type AttemptResult = "delivered" | "retry" | "rejected" | "exhausted";

/** One HTTP exchange, as it is kept. */
export interface Attempt extends DeliveryKey {
  /** From 1 within its delivery. */
  readonly number: number;
  readonly startedAt: number;
  readonly durationMs: number;
  /** What the delivery came to by this attempt. */
  readonly result: AttemptResult;
  /** The response's status. Null when there was none. */
  readonly status: number | null;
  /** Why it did not deliver, in the contract's word. Null when it did, or when the status says it all. */
  readonly error: string | null;
  /** The start of the response's body. Null when it was empty or not read. */
  readonly responseBody: Uint8Array | null;
  /** What the endpoint's owner had added to the request; its other headers are the contract's. Null: nothing. */
  readonly ownHeaders: KeptHeaders | null;
  /** Null when there was no response, and of attempts from before these were kept. */
  readonly responseHeaders: KeptHeaders | null;
}

/** A delivery that failed and waits, or could not be tried yet. */
export interface Pending extends DeliveryKey {
  readonly attemptCount: number;
  readonly dueAt: number;
  /** It waits for a process that has this. Left out: it waits where it is. */
  readonly need?: Need;
}

/** Deliveries that wait for a process that has something. */
export interface Unserved {
  readonly need: Need;
  /** At most `countMax` of the request. */
  readonly count: number;
  /** Whether a process that has it works them. */
  readonly isServed: boolean;
}

/** A pending delivery whose time has come, with its event and the shard under whose lease it is attempted. */
export interface DueDelivery extends Pending {
  readonly event: StoredEvent;
  readonly shard: number;
}

/** A page of one shard's log: up to `limit` events after a position, as far as `page-bytes.ts` has it. */
export interface PageRequest {
  readonly shard: number;
  readonly after: number;
  readonly limit: number;
  /** Left out: `pageBytesMax`. */
  readonly bytesMax?: number;
}

/** Asks for deliveries that are due. */
export interface Claim {
  readonly shards: readonly number[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The most endpoints of each shard. */
  readonly endpointsMax: number;
  readonly perEndpointMax: number;
  /** Keys of endpoints that are passed over. */
  readonly except: readonly number[];
}

/** An endpoint as it is now. */
export interface Endpoint extends EndpointSettings, EndpointSecrets, EndpointHealth {
  /** The number of the contract's declaration under which it was made or last changed. Null: it is not known. */
  readonly declaration: number | null;
  /** Null: its owner registered it, and it has no end. */
  readonly subscription: Subscription | null;
  /** Its number in this database; stands for it in the rows of attempts. */
  readonly key: number;
  readonly id: string;
  readonly contract: string;
  readonly tenant: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | null;
}

/** What is written for one shard. All of it or, when the shard's lease is lost, none. */
export interface Settlement {
  readonly lease: Lease;
  /** The shard is settled up to here. Null: as far as before. */
  readonly cursor: number | null;
  /** Tenants that are diverted from now on, or further than before. */
  readonly diverted: readonly Diversion[];
  /** Tenants that are diverted no more: the shard's cursor is that of their events again. */
  readonly rejoined: readonly string[];
  readonly attempts: readonly Attempt[];
  /** Deliveries that wait from now on, or go on waiting. */
  readonly pending: readonly Pending[];
  /** Deliveries that wait no more. */
  readonly finished: readonly DeliveryKey[];
  /** The new health of endpoints whose health changed. */
  readonly health: readonly ({ readonly endpointKey: number } & EndpointHealth)[];
  /** Endpoints to disable, each with the event that says so and its companions. */
  readonly disabled: readonly { readonly endpointKey: number; readonly at: number; readonly events: Events }[];
  /** Events to append. Each has an idempotency key, so that a settlement that is written again appends none. */
  readonly events: readonly NewEvent[];
}

/** What became of settlements that were written together. */
export interface Settled {
  /** Shards whose lease was lost: nothing was written for them. */
  readonly lost: readonly number[];
  /** Keys of the endpoints that were disabled. Those whose owner had changed them meanwhile are not among them. */
  readonly disabled: readonly number[];
}

/** What came of giving positions and reading: `pages` in the order of their requests, with what was positioned. */
export interface Sequenced {
  readonly count: number;
  readonly pages: readonly (readonly StoredEvent[])[];
}

/** A transaction that has written and is still open. */
export interface OpenWrite {
  readonly ageMs: number;
  /** Of the server's process. Null: it was prepared, and no session has it. */
  readonly pid: number | null;
  /** The name that the session's application gave itself, or the transaction's where it was prepared. May be empty. */
  readonly application: string;
}

/** The log and the work that follows from it: what the engine needs. */
export interface LogStore {
  /** Events with the same idempotency key within one call count as repeats too. With `executor`, its transaction. */
  readonly append: (events: readonly NewEvent[], executor?: Executor) => Promise<readonly Appended[]>;
  /**
   * Renews what the owner holds, takes shards that are free or whose lease has ended, up to its fair share (that of
   * `nothing`: none, for one that is about to stop), and gives what the owner holds from then on. Leases end after
   * `leaseMs` by the database's time. On a database for one process, whoever comes last takes all at once, and who was
   * there before gets `lease_lost`.
   */
  readonly lease: (request: {
    readonly owner: string;
    readonly leaseMs: number;
    readonly takes: "share" | "nothing";
    /** Whether the owner has what these deliveries wait for. Left out: it has nothing. */
    readonly serves?: (need: Need) => boolean;
  }) => Promise<Leases>;
  /** What deliveries wait for, each with how many they are. */
  readonly unserved: (of: { readonly countMax: number }) => Promise<readonly Unserved[]>;
  /** Gives shards back; with `all` the owner is gone, and so is what else it held. */
  readonly release: (of: { readonly owner: string; readonly shards: readonly number[] | "all" }) => Promise<void>;
  /**
   * Gives up to `limit` committed events their positions, and tells how many. Fewer than `limit`: there are no more yet.
   * Throws `lease_lost` when the lease has ended.
   */
  readonly sequence: (lease: SequencerLease, limit: number) => Promise<number>;
  /** The same, and then `read`, in one statement where the database can. */
  readonly sequenceAndRead: (
    lease: SequencerLease,
    of: { readonly limit: number; readonly pages: readonly PageRequest[] },
  ) => Promise<Sequenced>;
  /**
   * The oldest open transaction that writes. The events it appended, if any, wait for its commit;
   * those of others do not. Null: there is none, or the database keeps none open beside others.
   */
  readonly oldestWrite: () => Promise<OpenWrite | null>;
  /** Null: the database serves one process. */
  readonly signals: Signals | null;
  /** The last position of each of these shards that has one. */
  readonly ends: (
    shards: readonly number[],
  ) => Promise<readonly { readonly shard: number; readonly position: number }[]>;
  /** Reads a page of each of these shards, in the order of the requests; events are in the order of their positions. */
  readonly read: (pages: readonly PageRequest[]) => Promise<readonly (readonly StoredEvent[])[]>;
  /** Reads a page of one shard without the events of some tenants, up to another position. */
  readonly readWithout: (
    page: PageRequest & { readonly tenants: readonly string[]; readonly upTo: number },
  ) => Promise<readonly StoredEvent[]>;
  /** Events of one tenant after a position and up to another, in order. */
  readonly readTenant: (from: {
    tenant: string;
    after: number;
    upTo: number;
    limit: number;
    /** As of `PageRequest`. */
    bytesMax?: number;
  }) => Promise<readonly StoredEvent[]>;
  /** The facts about endpoints (contract `hookwright`, group `endpoint`) of these tenants up to a position, in order. */
  readonly facts: (of: { tenants: readonly string[]; upTo: number }) => Promise<readonly StoredEvent[]>;
  /** Endpoints of these tenants as they are now, deleted ones included. */
  readonly endpointsOf: (tenants: readonly string[]) => Promise<readonly Endpoint[]>;
  /**
   * Deliveries that are due, a few of each endpoint, those that have waited longest first, as many as `page-bytes.ts` has
   * it. Those of one event share it. Endpoints that are disabled, paused or deleted have none.
   */
  readonly due: (claim: Claim) => Promise<readonly DueDelivery[]>;
  /** When the next delivery of these shards is due. Null: none waits. */
  readonly nextDueAt: (of: { shards: readonly number[]; except: readonly number[] }) => Promise<number | null>;
  /**
   * Writes settlements of different shards in one transaction. Each is fenced by its own lease, so that a lost one takes
   * nothing from the others. Written again, as after a lost connection, they change nothing.
   */
  readonly settle: (settlements: readonly Settlement[]) => Promise<Settled>;
}
