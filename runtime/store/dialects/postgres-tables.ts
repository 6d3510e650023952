import { sql } from "kysely";
import type { TableDialect } from "../dialects.ts";

const appendOnly: TableDialect["appendOnly"] = (table, remedy) => [
  sql`create trigger hookwright_append_only before update or delete or truncate on ${sql.table(table)}
  for each statement execute function hookwright_refuse_change(${sql.lit(remedy)})`,
];

/**
 * Positions stand in a table of their own, so that an event's row is never written a second time: that would cost 2.2 KB
 * of WAL for each event, this costs about 300 bytes. `contract`, `tenant` and `shard` stand in it again because the log
 * is read by them, in the order of positions.
 */
const positions = [
  sql`create table hookwright_positions (
  position bigint not null primary key,
  event bigint not null unique,
  shard integer not null,
  contract text not null,
  tenant text not null
)`,
  sql`create index hookwright_positions_shard on hookwright_positions (shard, position)`,
  sql`create index hookwright_positions_feed on hookwright_positions (tenant, position)`,
  sql`create index hookwright_positions_facts on hookwright_positions (tenant, position)
  where contract = 'hookwright'`,
  ...appendOnly("hookwright_positions", "a position is final"),
  sql`create view hookwright_log as
  select p.position, e.id, p.contract, e.type, p.tenant, p.shard, e.time, e.body, e.idempotency_key
  from hookwright_positions as p join hookwright_events as e on e.seq = p.event`,
];

/** One row: the sequencer's lease and how far it had come, until `snapshotSequencer` took over. */
const sequencer = [
  sql`create table hookwright_sequencer (
  only_row integer not null primary key default 1 check (only_row = 1),
  owner text,
  epoch bigint not null default 0,
  until bigint not null default 0,
  last_xid xid8 not null default '0',
  last_seq bigint not null default 0,
  last_position bigint not null default 0,
  floor_seq bigint not null default 0,
  system_identifier text not null
)`,
  sql`insert into hookwright_sequencer (system_identifier) select system_identifier::text from pg_control_system()`,
];

/**
 * One row: the sequencer's lease, and which events have their positions (see postgres-sequencer.ts): those that `seen`
 * sees, and, unless `reading` is null, of those that `reading` sees the ones up to (last_xid, last_seq). `floor_seq`: up
 * to it there are events of another cluster, see `rebase`.
 */
const sequencing = sql`create table hookwright_sequencing (
  only_row integer not null primary key default 1 check (only_row = 1),
  owner text,
  epoch bigint not null default 0,
  until bigint not null default 0,
  last_position bigint not null,
  seen pg_snapshot not null,
  reading pg_snapshot,
  last_xid xid8 not null,
  last_seq bigint not null,
  floor_seq bigint not null,
  system_identifier text not null
)`;

/**
 * Takes over from `hookwright_sequencer`. All events up to its place (last_xid, last_seq) have their positions and no
 * others: it is a place within the snapshot of this moment, after one that saw nothing from `last_xid` on. No transaction
 * has an xid below 3, and a snapshot takes none below 1.
 *
 * Processes of the version before go on running while a deployment rolls, and would pass over what is still open. The
 * update waits for a statement of theirs that is under way; from then on the row they know belongs to an owner who never
 * gives it back, so that they leave the positions to others and go on with all else.
 */
const takeOver = [
  sql`update hookwright_sequencer set owner = 'a newer version of Hookwright', epoch = epoch + 1,
  until = ${sql.lit(Number.MAX_SAFE_INTEGER)}`,
  sql`insert into hookwright_sequencing
  (last_position, seen, reading, last_xid, last_seq, floor_seq, system_identifier)
  select last_position, format('%1$s:%1$s:', greatest(last_xid, '1'))::pg_snapshot, pg_current_snapshot(), last_xid,
    last_seq, floor_seq, system_identifier from hookwright_sequencer`,
];

/**
 * The first events that have no position, in the order of (xid, seq), within the snapshot that is being read: those of
 * transactions that were open in `seen`, then those of later ones. STABLE, so that the current snapshot is that of the
 * statement around it.
 *
 * The index on (xid, seq) is to be the only way there is: by its estimates the planner would rather read a table of 40,000
 * from end to end at each look, or sort all of a backlog for each page. Hence the settings, and no `xid =`, after which the
 * primary key gives the order as well. Compiled, which it seemed worth, a look took 24 ms.
 *
 * Rows that were restored from another cluster may carry an xid that has yet to come, and `xid < xmax` does not reach them;
 * when it does, they have their positions. That is looked up one by one: for EXISTS the planner might hash all of them.
 */
const newEventsFunction = sql`create function hookwright_new_events(place hookwright_sequencing, max bigint)
  returns table (xid xid8, seq bigint, shard integer, contract text, tenant text)
  language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
#variable_conflict use_column
declare
  snapshot pg_snapshot := coalesce(place.reading, pg_current_snapshot());
  after_xid xid8 := case when place.reading is null then '0' else place.last_xid end;
  after_seq bigint := case when place.reading is null then 0 else place.last_seq end;
  start_xid xid8 := greatest(pg_snapshot_xmax(place.seen), after_xid);
  start_seq bigint := case when start_xid = after_xid then after_seq else 0 end;
begin
  return query select * from (
    (
      select late.* from pg_snapshot_xip(place.seen) as ended (xid) cross join lateral (
        select e.xid, e.seq, e.shard, e.contract, e.tenant from hookwright_events as e
        where (e.xid, e.seq) > (ended.xid, case when ended.xid = after_xid then after_seq else 0 end) and e.xid <= ended.xid
          and (e.seq > place.floor_seq or (select p.event from hookwright_positions as p where p.event = e.seq) is null)
        order by e.xid, e.seq limit max
      ) as late
      where ended.xid >= after_xid and pg_visible_in_snapshot(ended.xid, snapshot)
      order by late.xid, late.seq limit max
    ) union all (
      select e.xid, e.seq, e.shard, e.contract, e.tenant from hookwright_events as e
      where (e.xid, e.seq) > (start_xid, start_seq) and e.xid < pg_snapshot_xmax(snapshot)
        and pg_visible_in_snapshot(e.xid, snapshot)
        and (e.seq > place.floor_seq or (select p.event from hookwright_positions as p where p.event = e.seq) is null)
      order by e.xid, e.seq limit max
    )
  ) as new order by new.xid, new.seq limit max;
end
$$`;

const snapshotSequencer = [sequencing, ...takeOver, newEventsFunction];

export const tables: TableDialect = {
  types: {
    text: sql`text`,
    integer: sql`bigint`,
    small: sql`integer`,
    bytes: sql`bytea`,
    assignedKey: sql`bigint generated always as identity primary key`,
  },
  tableEnd: { assigned: sql``, keyed: sql`` },
  // Not enforced: the check would lock the endpoint's row, and write that down, for each attempt. No endpoint's row is
  // ever deleted, and keys come from rows that were read.
  endpointReference: sql``,
  // `xid` is when the transaction began to write. Both are given before the commit, so neither is the position.
  eventPlace: sql`seq bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id()`,
  log: [
    sql`create index hookwright_events_order on hookwright_events (xid, seq)`,
    // Being volatile, it looks at what was committed until it is called, and not until the statement around it began.
    sql`create function hookwright_first_event(of_contract text, of_tenant text, of_key text)
  returns setof hookwright_events language sql volatile as $$
  select * from hookwright_events
  where contract = of_contract and tenant = of_tenant and idempotency_key = of_key
$$`,
    ...positions,
    ...sequencer,
  ],
  logWithTrace: [
    sql`create or replace view hookwright_log as
  select p.position, e.id, p.contract, e.type, p.tenant, p.shard, e.time, e.body, e.idempotency_key, e.trace
  from hookwright_positions as p join hookwright_events as e on e.seq = p.event`,
  ],
  snapshotSequencer,
  appendOnlySetup: [
    sql`create function hookwright_refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (select from hookwright_pruning) then
    return null;
  end if;
  raise exception '% is append-only and refuses %: %', tg_table_name, tg_op, tg_argv[0];
end
$$`,
  ],
  appendOnly,
  // Positions are in no need of it.
  erasable: [
    sql`create or replace function hookwright_refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (select from hookwright_pruning) then
    return null;
  end if;
  if tg_op = 'UPDATE' and tg_table_name in ('hookwright_events', 'hookwright_attempts')
    and exists (select from hookwright_erasing) then
    return null;
  end if;
  raise exception '% is append-only and refuses %: %', tg_table_name, tg_op, tg_argv[0];
end
$$`,
  ],
};
