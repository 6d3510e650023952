import { sql } from "kysely";
import { HookwrightError } from "../errors.ts";
import type { Lease, Leases, LogStore } from "../seams/log-store.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { divideShards, type Division, type ShardState } from "./shares.ts";
import { inTransaction } from "./transaction.ts";

type Request = Parameters<LogStore["lease"]>[0];

/** Leases of one database; it keeps in mind who had some, since the database may know no more. */
export function leaseStore(source: Source): Pick<LogStore, "lease" | "release"> {
  const owners = new Set<string>();
  const last = new Map<string, Found>();
  return {
    lease: async (request) => {
      const wasOwner = owners.has(request.owner);
      const before = last.get(request.owner);
      const renewed = before === undefined ? null : await renewAsBefore(source, request, before);
      if (renewed !== null) return renewed;
      const found = await lease(source, { ...request, canTake: !wasOwner || source.dialect.leases.canReturn });
      last.set(request.owner, found);
      if (found.leases.shards.length > 0) owners.add(request.owner);
      return found.leases;
    },
    release: async (of) => {
      last.delete(of.owner);
      await release(source, of);
      if (of.shards === "all") owners.delete(of.owner);
    },
  };
}

function lease(source: Source, request: Request & { readonly canTake: boolean }): Promise<Found> {
  const { sequencer } = source.dialect;
  return inTransaction(source, async (inside) => {
    for (const statement of inside.dialect.leases.lock) await statement.execute(inside.db);
    const ownerCount = await register(inside, request);
    const rows = await shardStates(inside, request.owner);
    if (!request.canTake && !rows.some(({ state }) => state === "mine")) throw lost(request.owner);
    const [aside, sliced] = [rows.filter(({ need }) => need !== null), rows.filter(({ need }) => need === null)];
    const division = withAside(divideShards(sliced, { ownerCount, takes: request.takes }), aside, request);
    const shards = await write(inside, request, division);
    const isElectable = request.takes === "share" && sequencer !== null;
    const elected = isElectable ? await epochOf(inside, sequencer.elect(request)) : null;
    const sequencerLease = elected === null ? null : { owner: request.owner, epoch: elected };
    return { leases: { shards, shardCount: rows.length, sequencer: sequencerLease }, ownerCount };
  });
}

/** Leases, and how many owners shared the shards then. */
interface Found {
  readonly leases: Leases;
  readonly ownerCount: number;
}

interface RenewedRow {
  /** Null: the owner has no shard. */
  readonly shard: number | null;
  readonly cursor: number;
  /** JSON: [tenant, cursor] each. */
  readonly diversions: string | null;
}

/**
 * Renews the leases in one statement in place of eleven, while nobody came or went and none is free. Null: it changed
 * nothing, as there is more to do.
 */
async function renewAsBefore(source: Source, request: Request, before: Found): Promise<Leases | null> {
  const { leases } = before;
  const isSteady = request.takes === "share" && leases.shards.every(({ isSurplus }) => !isSurplus);
  if (!isSteady || !source.dialect.writesInWith) return null;
  const { rows } = await renewal(source, request, before).execute(source.db);
  if (rows.length === 0) return null;
  const byShard = new Map(rows.map((row) => [row.shard, row]));
  const shards = leases.shards.map((lease) => {
    const { cursor = lease.cursor, diversions = null } = byShard.get(lease.shard) ?? {};
    const diverted: [string, number][] = JSON.parse(diversions ?? "[]");
    return {
      ...lease,
      cursor,
      diversions: diverted.map(([tenant, at]) => ({ shard: lease.shard, tenant, cursor: at })),
    };
  });
  return { ...leases, shards };
}

/** The shards' rows are locked in the order of their numbers, as settlements do. */
function renewal({ dialect }: Source, { owner, leaseMs }: Request, { leases, ownerCount }: Found) {
  const { now, endOf, isFree } = dialect.leases;
  const until = endOf(leaseMs);
  const isMine = sql`owner = ${owner} and until > ${now}`;
  const held = leases.shards.map(({ shard, epoch }) => `${shard}:${epoch}`).join(" ");
  const epoch = leases.sequencer?.epoch ?? null;
  const isSequencing = epoch === null ? sql`owner <> ${owner} and until > ${now}` : sql`${isMine} and epoch = ${epoch}`;
  return sql<RenewedRow>`with locked as materialized (
  select shard, epoch from hookwright_shards where ${isMine} order by shard for no key update
), steady as materialized (
  select where ${held} = coalesce((select string_agg(shard || ':' || epoch, ' ' order by shard) from locked), '')
    and (select count(*) from hookwright_owners where until > ${now}) = ${ownerCount}
    and (select count(*) from hookwright_shards) = ${leases.shardCount}
    and exists (select from hookwright_owners where ${isMine})
    and not exists (select from hookwright_shards where owner is null or ${isFree})
    and exists (select from hookwright_sequencing where ${isSequencing})
), kept as (
  update hookwright_shards set until = ${until}
  where shard in (select shard from locked) and ${isMine} and exists (select from steady)
  returning shard, cursor
), registered as (
  update hookwright_owners set until = ${until} where ${isMine} and exists (select from steady)
), elected as (
  update hookwright_sequencing set until = ${until} where ${isMine} and exists (select from steady)
)
select kept.shard, kept.cursor,
  (select json_agg(json_build_array(d.tenant, d.cursor))::text from hookwright_diversions as d
    where d.shard = kept.shard) as diversions
from steady left join kept on true`;
}

/** Shards of deliveries that wait for something are for any owner that has it, whatever else that owner works. */
function withAside(division: Division, aside: readonly LeasedRow[], request: Request): Division {
  const served = aside.filter(({ need }) => need !== null && request.serves?.(need) === true);
  const of = (state: ShardState["state"]) => served.filter((each) => each.state === state).map(({ shard }) => shard);
  return {
    ...division,
    kept: [...division.kept, ...of("mine")],
    taken: request.takes === "share" ? [...division.taken, ...of("free")] : division.taken,
  };
}

/** Counts this owner among those who share the shards, or no longer, and gives how many there are. */
async function register({ db, dialect }: Source, { owner, leaseMs, takes }: Request): Promise<number> {
  const until = dialect.leases.endOf(leaseMs);
  await sql`insert into hookwright_owners (owner, until) values (${owner}, ${until})
on conflict (owner) do update set until = excluded.until`.execute(db);
  const gone = takes === "share" ? sql`owner <> ${owner}` : sql`true`;
  await sql`delete from hookwright_owners where ${gone} and (owner = ${owner} or ${dialect.leases.isFree})`.execute(db);
  const { count } = await db
    .selectFrom("hookwright_owners")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Math.max(count, 1);
}

type LeasedRow = ShardState & Pick<Lease, "need">;

async function shardStates({ db, dialect }: Source, owner: string): Promise<readonly LeasedRow[]> {
  const { now, isFree } = dialect.leases;
  const { rows } = await sql<LeasedRow>`select shard, need, case
  when owner = ${owner} and until > ${now} then 'mine'
  when owner is null or ${isFree} then 'free'
  else 'taken' end as state
from hookwright_shards order by shard`.execute(db);
  return rows;
}

async function write(
  { db, dialect, ...rest }: Source,
  { owner, leaseMs }: Request,
  { kept, surplus, taken }: ReturnType<typeof divideShards>,
): Promise<readonly Lease[]> {
  const source = { db, dialect, ...rest };
  const { rows } = await sql<Omit<Lease, "isSurplus" | "diversions">>`update hookwright_shards set
  owner = ${owner}, until = ${dialect.leases.endOf(leaseMs)},
  epoch = case when shard in ${listOf(source, "integer", taken)} then epoch + 1 else epoch end
where shard in ${listOf(source, "integer", [...kept, ...surplus, ...taken])}
returning shard, owner, epoch, cursor, need`.execute(db);
  const held = rows.map(({ shard }) => shard);
  const diversions = await db
    .selectFrom("hookwright_diversions")
    .select(["shard", "tenant", "cursor"])
    .where("shard", "in", listOf(source, "integer", held))
    .execute();
  return rows
    .map((row) => ({
      ...row,
      isSurplus: surplus.includes(row.shard),
      diversions: diversions.filter(({ shard }) => shard === row.shard),
    }))
    .toSorted((a, b) => a.shard - b.shard);
}

async function epochOf({ db }: Source, elect: ReturnType<typeof sql>): Promise<number | null> {
  const { rows } = await elect.$castTo<{ epoch: number }>().execute(db);
  return rows[0]?.epoch ?? null;
}

function release(source: Source, { owner, shards }: Parameters<LogStore["release"]>[0]): Promise<void> {
  return inTransaction(source, async (inside) => {
    const { db, dialect } = inside;
    for (const statement of dialect.leases.lock) await statement.execute(db);
    const those = shards === "all" ? sql`true` : sql`shard in ${listOf(inside, "integer", shards)}`;
    await sql`update hookwright_shards set owner = null, until = 0 where owner = ${owner} and ${those}`.execute(db);
    if (shards !== "all") return;
    await sql`delete from hookwright_owners where owner = ${owner}`.execute(db);
    await dialect.sequencer?.release(owner).execute(db);
  });
}

function lost(owner: string): HookwrightError {
  return new HookwrightError("lease_lost", `The shards of ${owner} were taken by another process; it gets none back.`);
}
