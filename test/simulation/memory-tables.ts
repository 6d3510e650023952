import { shardOf } from "../../runtime/store/shard.ts";
import type { Attempt, Diversion, Endpoint, NewEvent, Pending, StoredEvent } from "../../runtime/seams/log-store.ts";

/**
 * What the model database holds. `shared` behaves as PostgreSQL does: several shards, leases that end, positions given by
 * a sequencer after the commit. `embedded` behaves as SQLite does: one shard, one process, positions at the insert.
 */
export interface Tables {
  readonly kind: "shared" | "embedded";
  readonly now: () => number;
  readonly events: Map<string, EventRow>;
  /** By contract, tenant and idempotency key. */
  readonly keyed: Map<string, EventRow>;
  /** Events without a position. */
  readonly unpositioned: Set<EventRow>;
  /** By position, from 1. */
  readonly log: StoredEvent[];
  /** By shard, in order of position. */
  readonly logs: readonly StoredEvent[][];
  /** By key, from 1. */
  readonly endpoints: EndpointRow[];
  /** By endpoint and position, then by run; in order of their numbers. */
  readonly attempts: Map<string, Map<number, Attempt[]>>;
  /** By endpoint, then by position and run. */
  readonly pending: Map<number, Map<string, Pending>>;
  /** When each redelivery was asked for, by endpoint and position, then by run. */
  readonly redelivered: Map<string, Map<number, number>>;
  /** By endpoint: when the first of what is pending is due, as far as it is known. */
  readonly heads: Map<number, number | null>;
  readonly shards: ShardRow[];
  /** By tenant. */
  readonly diversions: Map<string, Diversion & { readonly shard: number }>;
  /** When each owner's registration ends. */
  readonly owners: Map<string, number>;
  readonly formerOwners: Set<string>;
  readonly sequencer: { owner: string | null; epoch: number; until: number };
  /** Transactions that have written and have not ended. */
  readonly openXids: Set<number>;
  lastXid: number;
  lastSeq: number;
}

export interface EventRow {
  readonly event: NewEvent;
  readonly xid: number;
  readonly seq: number;
}

export interface ShardRow {
  readonly shard: number;
  cursor: number;
  owner: string | null;
  epoch: number;
  until: number;
  readonly need: string | null;
}

export type EndpointRow = { -readonly [Field in keyof Endpoint]: Endpoint[Field] } & { readonly shard: number };

export function createTables(of: Pick<Tables, "kind" | "now"> & { readonly shardCount: number }): Tables {
  const shards = Array.from({ length: of.shardCount }, (_, shard) => shard);
  return {
    kind: of.kind,
    now: of.now,
    events: new Map(),
    keyed: new Map(),
    unpositioned: new Set(),
    log: [],
    logs: shards.map(() => []),
    endpoints: [],
    attempts: new Map(),
    pending: new Map(),
    redelivered: new Map(),
    heads: new Map(),
    shards: shards.map((shard) => ({ shard, cursor: 0, owner: null, epoch: 0, until: 0, need: null })),
    diversions: new Map(),
    owners: new Map(),
    formerOwners: new Set(),
    sequencer: { owner: null, epoch: 0, until: 0 },
    openXids: new Set(),
    lastXid: 0,
    lastSeq: 0,
  };
}

export const shardOfTenant = ({ logs }: Tables, tenant: string): number => shardOf(tenant.toWellFormed(), logs.length);

/** An endpoint as it is read: a copy, without what only the table knows. */
export function endpointOf({ shard: _, ...endpoint }: EndpointRow): Endpoint {
  return { ...endpoint, events: [...endpoint.events] };
}

/** When the first delivery of an endpoint is due. Null: none is pending, or it may not be delivered to. */
export function headOf(tables: Tables, row: EndpointRow): number | null {
  const known = tables.heads.get(row.key);
  if (known !== undefined) return known;
  const waiting = tables.pending.get(row.key);
  let head: number | null = null;
  if (row.enabled && !row.paused && row.deletedAt === null) {
    for (const { dueAt, need } of waiting?.values() ?? [])
      if (need === undefined && (head === null || dueAt < head)) head = dueAt;
  }
  tables.heads.set(row.key, head);
  return head;
}

/** What is pending for an endpoint in the shard of a need, while it may be delivered to. */
export function asideOf(tables: Tables, row: EndpointRow, need: string): readonly Pending[] {
  if (!row.enabled || row.paused || row.deletedAt !== null) return [];
  return [...(tables.pending.get(row.key)?.values() ?? [])].filter((waiting) => waiting.need === need);
}

/** The number of the shard of a need, which is made when it is missing. */
export function shardOfNeed({ shards }: Tables, need: string): number {
  const known = shards.find((row) => row.need === need);
  if (known !== undefined) return known.shard;
  shards.push({ shard: shards.length, cursor: 0, owner: null, epoch: 0, until: 0, need });
  return shards.length - 1;
}

/** What is pending for the endpoint has changed, or whether it may be delivered to. */
export function forgetHead(tables: Tables, endpointKey: number): void {
  tables.heads.delete(endpointKey);
}

export const pendingText = (of: { readonly position: number; readonly run: number }): string =>
  `${of.position}/${of.run}`;
export const eventText = (of: { readonly endpointKey: number; readonly position: number }): string =>
  `${of.endpointKey}/${of.position}`;

export function attemptsOf(
  tables: Tables,
  of: { readonly endpointKey: number; readonly position: number; readonly run: number },
): readonly Attempt[] {
  return tables.attempts.get(eventText(of))?.get(of.run) ?? [];
}

export function putPending(tables: Tables, row: Pending): void {
  const waiting = tables.pending.get(row.endpointKey) ?? new Map<string, Pending>();
  tables.pending.set(row.endpointKey, waiting);
  const { endpointKey, position, run, attemptCount, dueAt, need } = row;
  waiting.set(pendingText(row), { endpointKey, position, run, attemptCount, dueAt, ...(need && { need }) });
  forgetHead(tables, endpointKey);
}
