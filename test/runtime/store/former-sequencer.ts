import { sql } from "kysely";

/*
 * What processes did before the migration 0011-sequencer-snapshot, word for word, as they go on doing while a deployment
 * rolls: the place of the sequencer is one xid.
 */

const now = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
const thisCluster = sql`(select system_identifier::text from pg_control_system())`;

interface Lease {
  readonly owner: string;
  readonly epoch: number;
}

const isHeldBy = (lease: Lease) => sql`owner = ${lease.owner} and epoch = ${lease.epoch} and until > ${now}`;

export const elect = (owner: string) => sql<{ epoch: number }>`update hookwright_sequencer
  set owner = ${owner}, until = ${now} + 600000::bigint,
  epoch = case when owner = ${owner} and until > ${now} then epoch else epoch + 1 end
where owner is null or owner = ${owner} or until <= ${now}
returning epoch`;

export const release = (owner: string) =>
  sql`update hookwright_sequencer set owner = null, until = 0 where owner = ${owner}`;

export const sequence = (lease: Lease, limit: number) => sql<{
  held: number;
  positioned: number;
}>`with head as materialized (
  select last_xid, last_seq, last_position, floor_seq from hookwright_sequencer
  where ${isHeldBy(lease)} and system_identifier = ${thisCluster} for update
), page as materialized (
  select e.xid, e.seq, e.shard, e.contract, e.tenant,
    head.last_position + row_number() over (order by e.xid, e.seq) as position
  from head cross join lateral (
    select xid, seq, shard, contract, tenant from hookwright_events
    where (xid, seq) > (head.last_xid, head.last_seq)
      and xid < pg_snapshot_xmin(pg_current_snapshot()) and seq > head.floor_seq
    order by xid, seq limit ${limit}
  ) as e
), positioned as (
  insert into hookwright_positions (position, event, shard, contract, tenant)
  select position, seq, shard, contract, tenant from page order by position
), moved as (
  update hookwright_sequencer set last_position = last.position,
    last_xid = case when last.number < ${limit} then pg_snapshot_xmin(pg_current_snapshot()) else last.xid end,
    last_seq = case when last.number < ${limit} then 0 else last.seq end
  from (
    select xid, seq, position, count(*) over () as number from page order by position desc limit 1
  ) as last
)
select (select count(*) from head) as held, (select count(*) from page) as positioned`;
