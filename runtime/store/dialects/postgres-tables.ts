import { sql } from "kysely";
import type { TableDialect } from "../dialects.ts";
import { snapshotSequencer } from "./postgres-sequencer-tables.ts";

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
};
