import type { Generated, Kysely } from "kysely";
import type { PortalScope, Role } from "../seams/api-key-store.ts";
import type { RedeliveryState } from "../seams/redelivery-store.ts";
import type { AttemptResult } from "../seams/log-store.ts";
import type { RunResult, Stream } from "../seams/stream-store.ts";
import type { ActionRow, InvocationRow } from "./action-row.ts";
import type { Dialect } from "./dialects.ts";

/*
 * The tables as Kysely sees them; `migrations/` makes them. Every name starts with `hookwright_`, because they may stand
 * in the product's own database, next to an `events` or `api_keys` of its own.
 */

/** One row per event, never changed until it is dropped for its age. What gives it its place is up to the dialect. */
export interface EventRow {
  id: string;
  contract: string;
  type: string;
  tenant: string;
  shard: number;
  time: number;
  body: string;
  idempotency_key: string | null;
  trace: string | null;
}

/** What readers see of the events: only those whose position is final. */
export interface LogRow extends EventRow {
  position: number;
}

/** One row per process that works shards, or waits for one. */
export interface OwnerRow {
  owner: string;
  until: number;
}

export interface ShardRow {
  shard: number;
  cursor: number;
  owner: string | null;
  /** How many owners it has had. */
  epoch: number;
  /** When the lease ends unless it is renewed, by the database's time. */
  until: number;
  /** What its owner has to have (`contracts/needs.ts`). Null: a slice of the log, which any process may work. */
  need: string | null;
}

/** One row per declaration of a contract that a process came with. */
export interface DeclarationRow {
  contract: string;
  hash: string;
  number: number;
}

/** One row per tenant whose events are settled with a cursor of their own. */
export interface DiversionRow {
  tenant: string;
  shard: number;
  cursor: number;
}

export interface EndpointRow {
  key: Generated<number>;
  id: string;
  contract: string;
  tenant: string;
  /** The shard of the tenant's events, and so of all that is pending for this endpoint. */
  shard: number;
  url: string;
  description: string | null;
  /** JSON array of text. */
  events: string;
  enabled: 0 | 1;
  sealed_secret: string;
  /** Both null, or neither. */
  previous_sealed_secret: string | null;
  previous_secret_expires_at: number | null;
  failure_count: number;
  last_failed_at: number | null;
  last_failure_status: number | null;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
  paused: Generated<0 | 1>;
  filter: string | null;
  /** JSON objects of text. */
  headers: Generated<string>;
  metadata: Generated<string>;
  rate_per_second: number | null;
  in_flight_max: number | null;
  public_key: string | null;
  /** The number of the contract's declaration under which it was made or last changed. */
  declaration: number | null;
  /** All null, or none. */
  subscriber: string | null;
  expires_at: number | null;
  proven_at: number | null;
  subscribed_by: string | null;
}

/** One row per HTTP exchange, never changed; dropped together with its event. */
export interface AttemptRow {
  endpoint_key: number;
  position: number;
  run: number;
  number: number;
  started_at: number;
  duration_ms: number;
  result: AttemptResult;
  status: number | null;
  error: string | null;
  response_body: Uint8Array | null;
  /** Both as `header-code.ts` writes them. */
  own_headers: Uint8Array | null;
  response_headers: Uint8Array | null;
}

/** One row per delivery that waits. */
export interface PendingRow {
  endpoint_key: number;
  position: number;
  run: number;
  attempt_count: number;
  due_at: number;
  /** The bulk redelivery that made it. */
  redelivery_key: number | null;
  /** The shard of what it waits for. Null: it waits in its endpoint's shard. */
  aside: number | null;
}

/** One row per redelivery, kept for as long as its event: when it was asked for. */
export interface RedeliveredRow {
  endpoint_key: number;
  position: number;
  created_at: number;
  run: number;
}

/** One row per endpoint and shard with pending work, while the endpoint may be delivered to; `backlog.ts` keeps it. */
export interface BacklogRow {
  endpoint_key: number;
  shard: number;
  /** The earliest `due_at` of what is pending for the endpoint. */
  head_at: number;
}

/** No row, except within a transaction that drops old events: only while it is there may rows of the log be deleted. */
export interface PruningRow {
  only_row: 1;
}

/** One row: the last position that retention has dropped, 0 at first. */
export interface PrunedToRow {
  only_row: 1;
  position: number;
}

export interface ApiKeyRow {
  id: string;
  tenant: string;
  role: Role;
  description: string | null;
  hash: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
}

export interface PortalTokenRow {
  id: string;
  tenant: string;
  scope: PortalScope;
  hash: string;
  expires_at: number;
}

export interface FeedConsumerRow {
  tenant: string;
  name: string;
  contract: string;
  position: number;
  created_at: number;
  updated_at: number;
}

/** One row per request that brought a key of its own, for a day. */
export interface IdempotencyRow {
  tenant: string;
  actor_id: string;
  key: string;
  fingerprint: string;
  claimed_at: number;
  /** Both null while there is no answer. */
  status: number | null;
  sealed_answer: string | null;
}

export interface StreamRow {
  key: Generated<number>;
  id: string;
  tenant: string;
  contract: string;
  shard: number;
  state: Stream["status"];
  /** JSON of `StreamSettings`. */
  settings: string;
  /** Both are in the settings too; here they are looked for. */
  delay_ms: number;
  is_scheduled: 0 | 1;
  sealed_authorization: string | null;
  sealed_notice_url: string | null;
  created_at: number;
  updated_at: number;
  /** One that was deleted has no cursor, no runs and no secrets; its key is not given again. */
  deleted_at: number | null;
}

/** One row per stream. */
export interface StreamCursorRow {
  stream_key: number;
  position: number;
  /** Null, and so the filter: no batch is under way. */
  batch_up_to: number | null;
  due_at: number;
  reported_at: Generated<number>;
  attempt_count: Generated<number>;
  generation: Generated<number>;
  run_count: Generated<number>;
  /** JSON of `TypeFilter`. */
  batch_filter: string | null;
  checkpoint: string | null;
}

export interface StreamRunRow {
  stream_key: number;
  started_at: number;
  ended_at: number;
  number: number;
  record_count: number;
  attempt_count: number;
  status: number | null;
  result: RunResult;
  start_checkpoint: string | null;
  checkpoint: string | null;
  error: string | null;
  warning: string | null;
}

export interface SigningKeyRow {
  id: string;
  tenant: string;
  contract: string;
  sealed: string;
  created_at: number;
}

/** One row per bulk redelivery. */
export interface RedeliveryRow {
  key: Generated<number>;
  id: string;
  endpoint_key: number;
  shard: number;
  state: RedeliveryState;
  /** JSON of `DeliveryFilter`. */
  filter: string;
  rate_per_second: number | null;
  up_to: number;
  counted_to: Generated<number>;
  cursor: Generated<number>;
  found_count: Generated<number>;
  redelivered_count: Generated<number>;
  delivered_count: Generated<number>;
  failed_count: Generated<number>;
  due_at: number;
  created_at: number;
  finished_at: number | null;
}

/** One row per process that serves. */
export interface ProcessRow {
  id: string;
  host: string;
  pid: number;
  /** JSON array of the ids of its keys, the one that seals first. */
  key_ids: string;
  /** By the database's time. */
  seen_at: number;
}

export interface Database {
  hookwright_events: EventRow;
  hookwright_log: LogRow;
  hookwright_owners: OwnerRow;
  hookwright_shards: ShardRow;
  hookwright_diversions: DiversionRow;
  hookwright_endpoints: EndpointRow;
  hookwright_attempts: AttemptRow;
  hookwright_pending: PendingRow;
  hookwright_backlog: BacklogRow;
  hookwright_declarations: DeclarationRow;
  hookwright_pruning: PruningRow;
  hookwright_processes: ProcessRow;
  hookwright_erasing: PruningRow;
  hookwright_pruned_to: PrunedToRow;
  hookwright_api_keys: ApiKeyRow;
  hookwright_actions: ActionRow;
  hookwright_invocations: InvocationRow;
  hookwright_portal_tokens: PortalTokenRow;
  hookwright_idempotency: IdempotencyRow;
  hookwright_streams: StreamRow;
  hookwright_stream_cursors: StreamCursorRow;
  hookwright_stream_runs: StreamRunRow;
  hookwright_signing_keys: SigningKeyRow;
  hookwright_feed_consumers: FeedConsumerRow;
  hookwright_redeliveries: RedeliveryRow;
  hookwright_redelivered: RedeliveredRow;
}

/** What every part of the store works with. `db` is a transaction where a part runs inside another one's. */
export interface Source {
  readonly db: Kysely<Database>;
  readonly dialect: Dialect;
  readonly shardCount: number;
}
