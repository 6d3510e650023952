import { sql } from "kysely";
import type { Statements } from "../dialects.ts";

/**
 * One row: the sequencer's lease, and which events have their positions (see postgres-sequencer.ts). An event without one
 * was written by a transaction from `seen_xmax` on, or by one of `seen_open`; of the transaction `last_xid`, if that is
 * one of these, the events up to `last_seq` have theirs. `floor_seq`: see `rebase`.
 */
const table = sql`create table hookwright_sequencing (
  only_row integer not null primary key default 1 check (only_row = 1),
  owner text,
  epoch bigint not null default 0,
  until bigint not null default 0,
  last_position bigint not null,
  seen_xmax xid8 not null,
  seen_open xid8[] not null default '{}',
  last_xid xid8 not null,
  last_seq bigint not null,
  floor_seq bigint not null,
  system_identifier text not null
)`;

/**
 * Takes over from `hookwright_sequencer`, whose place (last_xid, last_seq) is that of a snapshot with nothing open.
 *
 * Processes of the version before go on running while a deployment rolls, and would pass over what is in `seen_open`. The
 * update waits for a statement of theirs that is under way; from then on the row they know belongs to an owner who never
 * gives it back, so that they leave the positions to others and go on with all else.
 */
const takeOver = [
  sql`update hookwright_sequencer set owner = 'a newer version of Hookwright', epoch = epoch + 1,
  until = ${sql.lit(Number.MAX_SAFE_INTEGER)}`,
  sql`insert into hookwright_sequencing (last_position, seen_xmax, last_xid, last_seq, floor_seq, system_identifier)
  select last_position, last_xid, last_xid, last_seq, floor_seq, system_identifier from hookwright_sequencer`,
];

/**
 * The first events that have no position, in the order of (xid, seq): of transactions that were open and have ended, then
 * of those that came since. STABLE, so that it looks with the snapshot of the statement around it.
 *
 * The index on (xid, seq) is to be the only way there is: by its estimates the planner would rather read a table of 40,000
 * from end to end at each look, or sort all of a backlog for each page. `seq + 0` rules out the primary key.
 *
 * Rows that were restored from another cluster may carry an xid that has yet to come: `xid < xmax` does not reach them.
 */
const newEvents = sql`create function hookwright_new_events(place hookwright_sequencing, max bigint)
  returns table (xid xid8, seq bigint, shard integer, contract text, tenant text)
  language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  return query select * from (
    (
      select late.* from unnest(place.seen_open) as ended (xid) cross join lateral (
        select e.xid, e.seq, e.shard, e.contract, e.tenant from hookwright_events as e
        where e.xid = ended.xid
          and (e.xid, e.seq) > (ended.xid, case when ended.xid = place.last_xid then place.last_seq else 0 end)
          and e.seq + 0 > place.floor_seq
        order by e.seq limit max
      ) as late
      where pg_visible_in_snapshot(ended.xid, pg_current_snapshot())
      order by late.xid, late.seq limit max
    ) union all (
      select e.xid, e.seq, e.shard, e.contract, e.tenant from hookwright_events as e
      where (e.xid, e.seq) > (place.seen_xmax, case when place.seen_xmax = place.last_xid then place.last_seq else 0 end)
        and e.xid < pg_snapshot_xmax(pg_current_snapshot()) and e.seq + 0 > place.floor_seq
      order by e.xid, e.seq limit max
    )
  ) as new order by new.xid, new.seq limit max;
end
$$`;

export const snapshotSequencer: Statements = [table, ...takeOver, newEvents];
