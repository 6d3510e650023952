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
  return {
    lease: async (request) => {
      const wasOwner = owners.has(request.owner);
      const leases = await lease(source, { ...request, canTake: !wasOwner || source.dialect.leases.canReturn });
      if (leases.shards.length > 0) owners.add(request.owner);
      return leases;
    },
    release: async (of) => {
      await release(source, of);
      if (of.shards === "all") owners.delete(of.owner);
    },
  };
}

function lease(source: Source, request: Request & { readonly canTake: boolean }): Promise<Leases> {
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
    return {
      shards,
      shardCount: rows.length,
      sequencer: elected === null ? null : { owner: request.owner, epoch: elected },
    };
  });
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
