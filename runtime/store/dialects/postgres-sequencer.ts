import { sql } from "kysely";
import type { SequencerDialect } from "../dialects.ts";
import { leaseEnd, now } from "./postgres-time.ts";

/*
 * Gives committed events dense positions. `xid` and `seq` are both given before the commit, so neither can be the
 * position: ordered by `seq` alone, 13 % of the events were lost under 16 writers.
 *
 * **Place.** `seen_xmax` and `seen_open` are a snapshot: of all transactions that it saw as ended, the events have their
 * positions. New is then exactly what was written from `seen_xmax` on, or by one of `seen_open`, and is committed in the
 * snapshot of the statement that looks. A transaction that stays open is an entry of that list, here as in any other
 * database of the cluster and also when it is prepared: its own events come once it commits, all others meanwhile.
 * `xid` is that of the whole transaction also for what a savepoint wrote, and a snapshot lists just these.
 *
 * **Order.** A look takes its events in the order of (xid, seq). If one transaction was committed before another began to
 * write, it has the lower xid, and every snapshot that sees the second sees the first: the first was there in an earlier
 * look, or stands before the second in this one. Transactions that were open side by side may come in either order; one's
 * events keep theirs, though others may come between.
 *
 * **Full page.** The place moves to a cut through the look's snapshot, at the xid of the last event: what ended and is
 * below the cut is done, the rest is as new as before. Such a place is one like any other, since whatever stands before an
 * event of the page stands below the cut as well. The next look takes a snapshot of its own, and no snapshot is kept for
 * later pages. Of the transaction at the cut, `last_seq` says how far it is done, and of that one only: those of the list
 * with a lower xid may still commit.
 *
 * **Standby, crash.** What a snapshot sees as ended was written to the WAL before the row that says so, and the xid of the
 * statement that wrote that row is not below its `seen_xmax`. So wherever that row was replayed, all it counts as ended
 * has ended alike, and no transaction is given an xid that it counts as ended.
 */

/** Transaction ids mean nothing in another cluster, and this tells one from another; a copy of the files keeps both. */
const thisCluster = sql`(select system_identifier::text from pg_control_system())`;

const isHeldBy = (lease: { readonly owner: string; readonly epoch: number }) =>
  sql`owner = ${lease.owner} and epoch = ${lease.epoch} and until > ${now}`;

/**
 * The row is locked by the update that moves the place, and only when there is something to position: a look that finds
 * nothing writes nothing. If another statement gave positions since the look began (one whose client gave up on it, say),
 * the update finds another `last_position`, and nothing is inserted.
 */
const sequence: SequencerDialect["sequence"] = (lease, limit) => sql`with place as materialized (
  select s as state, s.last_position, pg_current_snapshot() as snapshot, system_identifier = ${thisCluster} as is_here
  from hookwright_sequencing as s where ${isHeldBy(lease)}
), page as materialized (
  select new.*, row_number() over (order by new.xid, new.seq) as number
  from place cross join lateral hookwright_new_events(place.state, ${limit}) as new where place.is_here
), last as materialized (
  select place.last_position, place.snapshot, page.xid, page.seq, page.number,
    case when page.number < ${limit} then pg_snapshot_xmax(place.snapshot) else page.xid end as cut
  from place cross join page order by page.number desc limit 1
), moved as (
  update hookwright_sequencing as s set last_position = s.last_position + last.number,
    last_xid = last.xid, last_seq = last.seq, seen_xmax = greatest(s.seen_xmax, last.cut), seen_open = array(
      select xid from unnest(s.seen_open) as xid
      where xid >= last.cut or not pg_visible_in_snapshot(xid, last.snapshot)
      union all
      select xid from pg_snapshot_xip(last.snapshot) as xid where xid >= s.seen_xmax and xid < last.cut
    )
  from last where ${isHeldBy(lease)} and s.last_position = last.last_position
  returning last.last_position as after
), positioned as (
  insert into hookwright_positions (position, event, shard, contract, tenant)
  select moved.after + number, seq, shard, contract, tenant from moved cross join page order by number
)
select case
  when not exists (select from place) then 'lost'
  when not (select is_here from place) then 'restored'
  when exists (select from page) and not exists (select from moved) then 'overtaken'
  else 'done' end as outcome, (select count(*) from page) as positioned`;

/**
 * In a cluster that the database was restored into, rows carry transaction ids of the old one: such an event might never
 * be seen, or be seen again in years. So once, while no writer is at it, all that have no position get one; and from then
 * on only events with a higher `seq` than any of these count. Their transactions may have begun to write already: then
 * they are among those that are open in the snapshot.
 */
const rebase: SequencerDialect["rebase"] = (lease) => [
  sql`lock table hookwright_events in share row exclusive mode`,
  sql`with head as materialized (
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
update hookwright_sequencing as s set
  seen_xmax = pg_snapshot_xmax(pg_current_snapshot()), seen_open = array(select pg_snapshot_xip(pg_current_snapshot())),
  last_xid = '0', last_seq = 0, last_position = last.position + (select count(*) from page),
  floor_seq = last.seq, system_identifier = ${thisCluster}
from head, last where s.only_row = head.only_row
returning (select count(*) from page) as positioned`,
];

export const sequencer: SequencerDialect = {
  elect: ({ owner, leaseMs }) => sql`update hookwright_sequencing set owner = ${owner}, until = ${leaseEnd(leaseMs)},
  epoch = case when owner = ${owner} and until > ${now} then epoch else epoch + 1 end
where owner is null or owner = ${owner} or until <= ${now}
returning epoch`,
  release: (owner) => sql`update hookwright_sequencing set owner = null, until = 0 where owner = ${owner}`,
  sequence,
  rebase,
};
