import { HookwrightError } from "../../runtime/errors.ts";
import type { Lease, Leases, LogStore, SequencerLease } from "../../runtime/seams/log-store.ts";
import { divideShards, type Division, type ShardState } from "../../runtime/store/shares.ts";
import type { ShardRow, Tables } from "./memory-tables.ts";

type Request = Parameters<LogStore["lease"]>[0];

export function lease(tables: Tables, request: Request): Leases {
  const { owner } = request;
  const states = tables.shards.map((row) => ({ shard: row.shard, state: stateFor(tables, row, owner) }));
  const isLate = tables.kind === "embedded" && tables.formerOwners.has(owner);
  if (isLate && !states.some(({ state }) => state === "mine")) throw lost(`The shards of ${owner}`);
  const ownerCount = register(tables, request);
  const isSliced = ({ shard }: ShardState) => tables.shards[shard]?.need === null;
  const { kept, surplus, taken } = withAside(
    divideShards(states.filter(isSliced), { ownerCount, takes: request.takes }),
    states.filter((state) => !isSliced(state) && request.serves?.(tables.shards[state.shard]?.need ?? "") === true),
    request,
  );
  const until = endOf(tables, request);
  const shards = tables.shards
    .filter(({ shard }) => [...kept, ...surplus, ...taken].includes(shard))
    .map((row): Lease => {
      if (taken.includes(row.shard)) row.epoch += 1;
      Object.assign(row, { owner, until });
      const { shard, epoch, cursor } = row;
      const diversions = [...tables.diversions.values()].filter((diversion) => diversion.shard === shard);
      return { shard, owner, epoch, cursor, diversions, isSurplus: surplus.includes(shard), need: row.need };
    });
  if (shards.length > 0) tables.formerOwners.add(owner);
  const shardCount = tables.shards.length;
  return { shards, shardCount, sequencer: request.takes === "share" ? elect(tables, request) : null };
}

function withAside(division: Division, served: readonly ShardState[], { takes }: Request): Division {
  const of = (state: ShardState["state"]) => served.filter((each) => each.state === state).map(({ shard }) => shard);
  const taken = takes === "share" ? of("free") : [];
  return { ...division, kept: [...division.kept, ...of("mine")], taken: [...division.taken, ...taken] };
}

function stateFor(tables: Tables, row: ShardRow, owner: string): ShardState["state"] {
  if (row.owner === owner && row.until > tables.now()) return "mine";
  return row.owner === null || isFree(tables, row.until) ? "free" : "taken";
}

const isFree = (tables: Tables, until: number): boolean => tables.kind === "embedded" || until <= tables.now();

const endOf = (tables: Tables, { leaseMs }: Request): number =>
  tables.kind === "embedded" ? Number.MAX_SAFE_INTEGER : tables.now() + leaseMs;

function register(tables: Tables, request: Request): number {
  const { owner, takes } = request;
  tables.owners.set(owner, endOf(tables, request));
  for (const [other, until] of tables.owners) {
    if (other === owner ? takes === "nothing" : isFree(tables, until)) tables.owners.delete(other);
  }
  return Math.max(tables.owners.size, 1);
}

function elect(tables: Tables, request: Request): SequencerLease | null {
  const { sequencer } = tables;
  const { owner } = request;
  if (tables.kind === "embedded") return null;
  const isMine = sequencer.owner === owner && sequencer.until > tables.now();
  if (!isMine && sequencer.owner !== null && sequencer.owner !== owner && sequencer.until > tables.now()) return null;
  const epoch = isMine ? sequencer.epoch : sequencer.epoch + 1;
  Object.assign(sequencer, { owner, epoch, until: endOf(tables, request) });
  return { owner, epoch };
}

export function release(tables: Tables, { owner, shards }: Parameters<LogStore["release"]>[0]): void {
  for (const row of tables.shards) {
    const isNamed = shards === "all" || shards.includes(row.shard);
    if (row.owner === owner && isNamed) Object.assign(row, { owner: null, until: 0 });
  }
  if (shards !== "all") return;
  tables.owners.delete(owner);
  tables.formerOwners.delete(owner);
  if (tables.sequencer.owner === owner) Object.assign(tables.sequencer, { owner: null, until: 0 });
}

export function isHeld(tables: Tables, { shard, owner, epoch }: Lease): boolean {
  const row = tables.shards[shard];
  return row?.owner === owner && row.epoch === epoch && row.until > tables.now();
}

/** The shard's row, if the lease is good. */
export function fenced(tables: Tables, { shard, owner, epoch }: Lease): ShardRow {
  const row = tables.shards[shard];
  if (row?.owner === owner && row.epoch === epoch && row.until > tables.now()) return row;
  throw lost(`Shard ${shard} of ${owner} with epoch ${epoch}`);
}

function lost(what: string): HookwrightError {
  return new HookwrightError("lease_lost", `${what}: taken by another process.`);
}
