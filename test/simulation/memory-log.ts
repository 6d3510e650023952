import { HookwrightError } from "../../runtime/errors.ts";
import type {
  Appended,
  Claim,
  DueDelivery,
  LogStore,
  NewEvent,
  PageRequest,
  SequencerLease,
  StoredEvent,
} from "../../runtime/seams/log-store.ts";
import {
  asideOf,
  endpointOf,
  headOf,
  shardOfTenant,
  type EndpointRow,
  type EventRow,
  type Tables,
} from "./memory-tables.ts";

/** A transaction of the product's own, and the events it appended. */
export interface Transaction {
  /** Null until it writes. */
  xid: number | null;
  readonly rows: EventRow[];
}

/** Appends all or, when an id is taken, nothing. Outside of a transaction it commits at once. */
export function append(
  tables: Tables,
  events: readonly NewEvent[],
  transaction: Transaction | null,
): readonly Appended[] {
  const inside = transaction ?? { xid: null, rows: [] };
  const created = new Map<string, NewEvent>();
  const appended = events.map((event) => {
    const key = keyText(event);
    const first = key === null ? undefined : (tables.keyed.get(key)?.event ?? created.get(key));
    if (first !== undefined || goesWithRepeat(tables, event)) return { event: first ?? event, created: false };
    if (tables.events.has(event.id) || created.has(event.id)) throw new Error(`Event id ${event.id} is taken.`);
    created.set(event.id, event);
    if (key !== null) created.set(key, event);
    return { event, created: true };
  });
  for (const { event } of appended.filter((each) => each.created)) insert(tables, event, inside);
  if (transaction === null) commit(tables, inside);
  return appended;
}

/** The event it goes along with was there before this append. */
function goesWithRepeat({ keyed }: Tables, { tenant, companionOf }: NewEvent): boolean {
  const key = companionOf === undefined ? null : keyText({ tenant, ...companionOf });
  return key !== null && keyed.has(key);
}

function insert(tables: Tables, event: NewEvent, inside: Transaction): void {
  if (inside.xid === null) {
    inside.xid = tables.lastXid += 1;
    tables.openXids.add(inside.xid);
  }
  const row = { event: { ...event }, xid: inside.xid, seq: (tables.lastSeq += 1) };
  tables.events.set(event.id, row);
  const key = keyText(event);
  if (key !== null) tables.keyed.set(key, row);
  inside.rows.push(row);
}

export function commit(tables: Tables, { xid, rows }: Transaction): void {
  if (xid !== null) tables.openXids.delete(xid);
  for (const row of rows) tables.unpositioned.add(row);
  if (tables.kind === "embedded") position(tables, rows);
}

export function rollback(tables: Tables, { xid, rows }: Transaction): void {
  if (xid !== null) tables.openXids.delete(xid);
  for (const { event } of rows) {
    tables.events.delete(event.id);
    const key = keyText(event);
    if (key !== null) tables.keyed.delete(key);
  }
}

function position(tables: Tables, rows: readonly EventRow[]): void {
  for (const row of rows) {
    const stored: StoredEvent = { ...row.event, position: tables.log.length + 1 };
    tables.unpositioned.delete(row);
    tables.log.push(stored);
    tables.logs[shardOfTenant(tables, stored.tenant)]?.push(stored);
  }
}

function keyText({
  contract,
  tenant,
  idempotencyKey,
}: Pick<NewEvent, "contract" | "tenant" | "idempotencyKey">): string | null {
  return idempotencyKey === null ? null : JSON.stringify([contract, tenant, idempotencyKey]);
}

/** All that is committed, in the order of (xid, seq). */
export function sequence(tables: Tables, lease: SequencerLease, limit: number): number {
  if (tables.kind === "embedded") return 0;
  const { owner, epoch, until } = tables.sequencer;
  if (owner !== lease.owner || epoch !== lease.epoch || until <= tables.now()) {
    throw new HookwrightError("lease_lost", `${lease.owner} no longer gives events their positions.`);
  }
  const page = [...tables.unpositioned].sort((a, b) => a.xid - b.xid || a.seq - b.seq).slice(0, limit);
  position(tables, page);
  return page.length;
}

export function ends({ logs }: Tables, shards: readonly number[]) {
  return shards.flatMap((shard) => {
    const position = logs[shard]?.at(-1)?.position;
    return position === undefined ? [] : [{ shard, position }];
  });
}

export function read(tables: Tables, page: PageRequest): readonly StoredEvent[] {
  return readWithout(tables, { ...page, tenants: [], upTo: Infinity });
}

export function readWithout(tables: Tables, from: Parameters<LogStore["readWithout"]>[0]): readonly StoredEvent[] {
  const log = tables.logs[from.shard] ?? [];
  const start = log.findLastIndex((event) => event.position <= from.after) + 1;
  const { tenants, upTo } = from;
  return log
    .slice(start)
    .filter((event) => event.position <= upTo && !tenants.includes(event.tenant))
    .slice(0, from.limit);
}

export function readTenant(
  tables: Tables,
  { tenant, after, upTo, limit }: Parameters<LogStore["readTenant"]>[0],
): readonly StoredEvent[] {
  return tables.log
    .slice(after, upTo)
    .filter((event) => event.tenant === tenant)
    .slice(0, limit);
}

export function facts(tables: Tables, of: Parameters<LogStore["facts"]>[0]): readonly StoredEvent[] {
  return tables.log
    .slice(0, of.upTo)
    .filter(
      (event) =>
        event.contract === "hookwright" && event.type.startsWith("endpoint.") && of.tenants.includes(event.tenant),
    );
}

export function endpointsOf(tables: Tables, tenants: readonly string[]) {
  return tables.endpoints.filter((row) => tenants.includes(row.tenant)).map(endpointOf);
}

export function due(tables: Tables, claim: Claim): readonly DueDelivery[] {
  return claim.shards.flatMap((shard) => dueOfShard(tables, shard, claim)).sort(inOrder);
}

function dueOfShard(tables: Tables, shard: number, claim: Claim): readonly DueDelivery[] {
  const { need = null } = tables.shards[shard] ?? {};
  if (need !== null) return dueAside(tables, { shard, need }, claim);
  const heads = tables.endpoints
    .filter((row) => row.shard === shard && !claim.except.includes(row.key))
    .flatMap((row) => ({ row, head: headOf(tables, row) ?? Infinity }))
    .filter(({ head }) => head <= claim.now)
    .sort((a, b) => a.head - b.head || a.row.key - b.row.key)
    .slice(0, claim.endpointsMax);
  return heads.flatMap(({ row }) => dueOf(tables, row, claim));
}

function dueAside(
  tables: Tables,
  { shard, need }: { readonly shard: number; readonly need: string },
  claim: Claim,
): readonly DueDelivery[] {
  return tables.endpoints
    .filter((row) => !claim.except.includes(row.key))
    .flatMap((row) => asideOf(tables, row, need).filter(({ dueAt }) => dueAt <= claim.now))
    .map(({ need: _, ...row }) => ({ ...row, shard, event: logged(tables, row.position) }))
    .sort(inOrder)
    .slice(0, claim.endpointsMax);
}

/** What deliveries wait for. */
export function unserved(tables: Tables) {
  const needs = tables.shards.flatMap(({ need, owner, until }) => (need === null ? [] : [{ need, owner, until }]));
  return needs
    .map(({ need, owner, until }) => ({
      need,
      count: tables.endpoints.reduce((sum, row) => sum + asideOf(tables, row, need).length, 0),
      isServed: owner !== null && until > tables.now(),
    }))
    .filter(({ count }) => count > 0);
}

function dueOf(tables: Tables, { key, shard }: EndpointRow, claim: Claim): readonly DueDelivery[] {
  const waiting = [...(tables.pending.get(key)?.values() ?? [])].filter(
    ({ dueAt, need }) => dueAt <= claim.now && need === undefined,
  );
  return waiting
    .map((row) => ({ ...row, shard, event: logged(tables, row.position) }))
    .sort(inOrder)
    .slice(0, claim.perEndpointMax);
}

const inOrder = (a: DueDelivery, b: DueDelivery): number =>
  a.dueAt - b.dueAt || a.endpointKey - b.endpointKey || a.position - b.position || a.run - b.run;

export function logged({ log }: Tables, position: number): StoredEvent {
  const event = log[position - 1];
  if (event === undefined) throw new Error(`There is no position ${position}.`);
  return event;
}

export function nextDueAt(tables: Tables, of: Parameters<LogStore["nextDueAt"]>[0]): number | null {
  let next: number | null = null;
  for (const shard of of.shards) {
    const { need = null } = tables.shards[shard] ?? {};
    if (need === null) continue;
    for (const row of tables.endpoints.filter(({ key }) => !of.except.includes(key)))
      for (const { dueAt } of asideOf(tables, row, need)) next = Math.min(next ?? dueAt, dueAt);
  }
  for (const row of tables.endpoints) {
    if (!of.shards.includes(row.shard) || of.except.includes(row.key)) continue;
    const head = headOf(tables, row);
    if (head !== null && (next === null || head < next)) next = head;
  }
  return next;
}
