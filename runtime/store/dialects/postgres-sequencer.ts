import { sql, type RawBuilder } from "kysely";
import type { SequencerLease } from "../../seams/log-store.ts";
import type { SequencerDialect } from "../dialects.ts";

/*
 * Gives committed events dense positions. `xid` and `seq` are both given before the commit, so neither can be the
 * position: ordered by `seq` alone, 13 % of the events were lost under 16 writers.
 *
 * **Place.** All events that the snapshot `seen` sees have their positions. New is then exactly what was written by a
 * transaction from its xmax on, or by one that it lists as open, and is committed in the snapshot of the statement that
 * looks; when that has its positions too, it is the next `seen`. So a transaction that stays open is an entry of a list,
 * here as in any other database of the cluster and also when it is prepared: its own events come once it commits, all
 * others meanwhile. `xid` is that of the whole transaction also for what a savepoint wrote, and snapshots list just these.
 *
 * **Order.** What is new comes in the order of (xid, seq). If one transaction was committed before another began to write,
 * it has the lower xid, and every snapshot that sees the second sees the first: the first was there in an earlier
 * snapshot, or stands before the second in this one. Transactions that were open side by side may come in either order.
 *
 * **Pages.** When a page is full, the snapshot is kept as `reading`, and the next looks go on in it after (last_xid,
 * last_seq), whatever is committed meanwhile. Within the snapshot of each look, one that was committed since with a lower
 * xid would be passed over.
 *
 * **Standby, crash.** The end of every transaction that a snapshot sees as ended was written to the WAL before the row that
 * keeps the snapshot. So wherever that row was replayed, they have ended alike, and no xid below xmax is given again.
 */

/** The database's time as it is at this very moment, in milliseconds: `now()` is when the transaction began. */
export const now = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

export const leaseEnd = (leaseMs: number) => sql`${now} + ${leaseMs}::bigint`;

/** Transaction ids mean nothing in another cluster, and this tells one from another; a copy of the files keeps both. */
const thisCluster = sql`(select system_identifier::text from pg_control_system())`;

const isHeldBy = (lease: { readonly owner: string; readonly epoch: number }) =>
  sql`owner = ${lease.owner} and epoch = ${lease.epoch} and until > ${now}`;

/**
 * Where nothing is emitted `seen` may grow old, and each look goes again through what it need not: transactions that have
 * ended, events that were rolled back, and restored ones whose xid has come. After so many transactions of the cluster it
 * is renewed: a write of 200 bytes.
 */
const seenLagMax = 10_000;

const xmaxOf = (snapshot: RawBuilder<unknown>) => sql`pg_snapshot_xmax(${snapshot})::text::bigint`;

/**
 * The row is locked by the update that moves the place, and only when there is something to write: a look that finds
 * nothing writes nothing. If another statement gave positions since the look began (one whose client gave up on it, say),
 * the update finds another `last_position`, and nothing is inserted.
 */
const sequencing = (lease: SequencerLease, limit: number) => sql`with place as materialized (
  select s as state, s.last_position, s.reading is not null as goes_on, system_identifier = ${thisCluster} as is_here,
    coalesce(s.reading, pg_current_snapshot()) as snapshot,
    ${xmaxOf(sql`pg_current_snapshot()`)} - ${xmaxOf(sql`s.seen`)} > ${sql.lit(seenLagMax)} as lags
  from hookwright_sequencing as s where ${isHeldBy(lease)}
), page as materialized (
  select new.*, row_number() over (order by new.xid, new.seq) as number
  from place cross join lateral hookwright_new_events(place.state, ${limit}) as new where place.is_here
), step as materialized (
  select place.last_position, place.snapshot, last.xid, last.seq, coalesce(last.number, 0) as count,
    coalesce(last.number, 0) = ${limit} as is_full
  from place left join lateral (select xid, seq, number from page order by number desc limit 1) as last on true
  where place.is_here and (place.goes_on or place.lags or last.number > 0)
), moved as (
  update hookwright_sequencing as s set last_position = s.last_position + step.count,
    last_xid = coalesce(step.xid, s.last_xid), last_seq = coalesce(step.seq, s.last_seq),
    seen = case when step.is_full then s.seen else step.snapshot end,
    reading = case when step.is_full then step.snapshot end
  from step where ${isHeldBy(lease)} and s.last_position = step.last_position
  returning step.last_position as after
), positioned as (
  insert into hookwright_positions (position, event, shard, contract, tenant)
  select moved.after + number, seq, shard, contract, tenant from moved cross join page order by number
  returning position, event, shard
)`;

const outcome = sql`case
  when not exists (select from place) then 'lost'
  when not (select is_here from place) then 'restored'
  when exists (select from step) and not exists (select from moved) then 'overtaken'
  when (select goes_on and not is_full from place cross join step) then 'finished'
  else 'done' end as outcome, (select count(*) from page) as positioned`;

const sequence: SequencerDialect["sequence"] = (lease, limit) => sql`${sequencing(lease, limit)} select ${outcome}`;

/**
 * The snapshot of the statement does not see the positions that it gives itself, and sees all those before them: `moved`
 * finds the `last_position` that `place` did. So what a shard has after a position is what stands there in the snapshot,
 * and after it what was positioned now.
 */
const sequenceAndRead: SequencerDialect["sequenceAndRead"] = (lease, limit, { asked, columns }) =>
  sql`${sequencing(lease, limit)}, look as (select ${outcome})
select look.outcome, look.positioned, found.* from look left join (
  select asked.page, stands.* from ${asked} as asked cross join lateral (
    (select ${columns} from hookwright_log as l
      where l.shard = asked.shard and l.position > asked.after order by l.position limit asked.limit)
    union all
    (select ${columns} from (
        select position, event from positioned where positioned.shard = asked.shard order by position limit asked.limit
      ) as p
      cross join lateral (
        select p.position, e.* from hookwright_events as e where e.seq = p.event offset 0
      ) as l)
    order by position limit asked.limit
  ) as stands
) as found on true`;

/**
 * In a cluster that the database was restored into, rows carry transaction ids of the old one: such an event might never
 * be seen, or be seen again in years. So once, all that have no position get one, in the order of `seq`; an event that
 * followed another one has the higher. From then on it takes a higher `seq` than any of theirs, or a look whether the
 * event has a position, to be new: that is how the event of a transaction comes which is open at this moment.
 */
const rebase: SequencerDialect["rebase"] = (lease) => sql`with head as materialized (
  select only_row from hookwright_sequencing
  where ${isHeldBy(lease)} and system_identifier <> ${thisCluster} for update
), last as materialized (
  select coalesce((select max(position) from hookwright_positions), 0) as position,
    coalesce((select max(seq) from hookwright_events), 0) as seq
), page as materialized (
  select e.seq, e.shard, e.contract, e.tenant,
    last.position + row_number() over (order by e.seq) as position
  from head, last, hookwright_events as e
  where not exists (select from hookwright_positions as p where p.event = e.seq)
), positioned as (
  insert into hookwright_positions (position, event, shard, contract, tenant)
  select position, seq, shard, contract, tenant from page order by position
)
update hookwright_sequencing as s set seen = pg_current_snapshot(), reading = null, last_xid = '0', last_seq = 0,
  last_position = last.position + (select count(*) from page),
  floor_seq = last.seq, system_identifier = ${thisCluster}
from head, last where s.only_row = head.only_row
returning (select count(*) from page) as positioned`;

export const sequencer: SequencerDialect = {
  elect: ({ owner, leaseMs }) => sql`update hookwright_sequencing set owner = ${owner}, until = ${leaseEnd(leaseMs)},
  epoch = case when owner = ${owner} and until > ${now} then epoch else epoch + 1 end
where owner is null or owner = ${owner} or until <= ${now}
returning epoch`,
  release: (owner) => sql`update hookwright_sequencing set owner = null, until = 0 where owner = ${owner}`,
  sequence,
  sequenceAndRead,
  rebase,
};
