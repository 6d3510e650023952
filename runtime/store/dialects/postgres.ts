import { sql, type Kysely, type RawBuilder } from "kysely";
import { HookwrightError } from "../../errors.ts";
import type { Cell, ColumnKind, Dialect, LeaseDialect, RowSource } from "../dialects.ts";
import { leaseEnd, now, sequencer } from "./postgres-sequencer.ts";
import { tables } from "./postgres-tables.ts";

const arrayTypes: Readonly<Record<ColumnKind, RawBuilder<unknown>>> = {
  text: sql`text[]`,
  integer: sql`bigint[]`,
  bytes: sql`bytea[]`,
};

/** One array for each column: as fast as COPY to within a third, and it may stand in any statement. */
function rowParameters({ columns, rows }: RowSource): readonly (readonly Cell[])[] {
  return Object.keys(columns).map((_, at) => rows.map((row) => row[at] ?? null));
}

function rowSource({ columns, rows }: RowSource): RawBuilder<unknown> {
  const cells = rowParameters({ columns, rows });
  const arrays = Object.values(columns).map((kind, at) => sql`${cells[at]}::${arrayTypes[kind]}`);
  const names = [...Object.keys(columns), "ordinal"].map((name) => sql.ref(name));
  return sql`(select * from unnest(${sql.join(arrays)}) with ordinality as source(${sql.join(names)}))`;
}

/**
 * The first number of every advisory lock of ours, "hkwr" in ASCII; the second is the shard, or one of these. No
 * advisory lock gives its transaction an id, which a lock on a row does: the order of ids is the order of the log.
 */
const lockClass = 0x686b7772;
const lockNumbers = { migration: -1, leases: -2 };

const lock = (number: number) => sql`pg_advisory_xact_lock(${sql.lit(lockClass)}, ${sql.lit(number)})`;

/** Who does not renew its leases in time loses them, and may have others later. */
const leases: LeaseDialect = {
  end: "by time",
  now,
  endOf: leaseEnd,
  isFree: sql`until <= ${now}`,
  canReturn: true,
  lock: [sql`select ${lock(lockNumbers.leases)}`],
};

const localSettings = [
  // A process that was paused, or cut off, in one of its transactions must not keep the locks on its shards from those
  // who take over, nor the events that it appended there. Half of a lease: by the time that has ended, they are gone.
  ["idle_in_transaction_session_timeout", "3000"],
  // What these transactions look for they find by an index, always. The planner goes by averages: for 500 rows it would
  // rather read a table of 60,000; and for what is due first of an endpoint it would read and sort all that is pending for
  // it, which is little for most endpoints, and a million deliveries for the one that is down.
  ["enable_hashjoin", "off"],
  ["enable_mergejoin", "off"],
  ["enable_seqscan", "off"],
  ["enable_sort", "off"],
  // Where there is no other way it still sorts, at a cost that is set so high that compiling the query, which takes
  // 150 ms, would seem worth it.
  ["jit", "off"],
  // A statement that looks into an index a thousand times gains nothing by workers that first have to be started; with
  // them, retention dropped 12,000 events a second in place of 40,000.
  ["max_parallel_workers_per_gather", "0"],
] as const;

export const postgres: Dialect = {
  name: "PostgreSQL",
  // 13 is the first with xid8.
  probe: sql`select 1 where current_setting('server_version_num')::integer >= 130000`,
  checkWritable: async (db) => {
    if ((await isReadOnly.execute(db)).rows[0]?.isReadOnly !== false) throw readOnlyError();
  },
  findMigrations: sql`select 1 where to_regclass('hookwright_migrations') is not null`,
  checkRights,
  shardCount: 16,
  tables,
  leases,
  sequencer,
  beginMigration: [
    sql`begin isolation level read committed`,
    // Waiting for another process that migrates, or for an index, may take as long as it takes.
    sql`set local statement_timeout = 0`,
    sql`set local lock_timeout = 0`,
    sql`select ${lock(lockNumbers.migration)}`,
  ],
  rowSource,
  forEach: (source, rows) =>
    sql`(select each_row.* from ${rowSource(source)} as asked cross join lateral (${rows((name) => sql.ref(`asked.${name}`))}) as each_row)`,
  rowParameters,
  // One statement whatever happens. An event that was committed since it began, by whom it waited for, is not in its
  // snapshot; the function has one of its own. (Under REPEATABLE READ the insert itself fails to serialise then.)
  appendEvents: (insert, keyed) => sql`with inserted as (${insert})
select id, null as contract, null as type, null as tenant, null::bigint as time, null as body,
  null as ${sql.ref("idempotencyKey")} from inserted
union all
select f.id, f.contract, f.type, f.tenant, f.time, f.body, f.idempotency_key from (
  select distinct contract, tenant, key from ${keyed} as k
  where not exists (select from inserted where inserted.id = k.id)
) as repeat cross join lateral hookwright_first_event(repeat.contract, repeat.tenant, repeat.key) as f`,
  answersFirstEvents: true,
  joinDue: ({ now, max, place }) => sql`cross join lateral (
    select * from hookwright_pending
    where endpoint_key = head.endpoint_key and ${place} and due_at <= ${now} order by due_at, position, run limit ${max}
  ) as p`,
  // OFFSET keeps it from being merged into the query around it, where the planner, for a few hundred rows, sometimes
  // prefers to read the whole table.
  joinLog: (position) => sql`cross join lateral (
    select * from hookwright_log where position = ${position} offset 0
  ) as l`,
  dropEvents: (positions) => sql`with dropped as (
  delete from hookwright_positions where position in ${positions} returning event
)
delete from hookwright_events where seq in (select event from dropped)`,
  writesInWith: true,
  startTransaction: [
    sql`select ${sql.join(localSettings.map(([name, value]) => sql`set_config(${sql.lit(name)}, ${sql.lit(value)}, true)`))}`,
  ],
  lockShards: (shards) => [sql`select ${sql.join(shards.map(lock))}`],
  lockRows: (query) => sql`${query} for no key update`,
  // It keeps back the events it appended itself, and no others. Everywhere in the cluster it keeps vacuum from removing
  // the rows that were changed or deleted since it began; `idle_in_transaction_session_timeout`, set for the product's
  // own users, ends those that were forgotten. Rows of other users' sessions are complete for superusers and members of
  // pg_read_all_stats.
  oldestWrite: sql`select (extract(epoch from clock_timestamp() - began) * 1000)::double precision as ${sql.ref("ageMs")},
  pid, application
from (
  select xact_start as began, pid, coalesce(application_name, '') as application from pg_stat_activity
  where backend_xid is not null and pid <> pg_backend_pid() and xact_start is not null
  union all select prepared, null::integer, 'prepared ' || gid from pg_prepared_xacts
) as writing order by began limit 1`,
};

interface Rights {
  readonly role: string;
  readonly schema: string | null;
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly canCreate: boolean | null;
  readonly owner: string | null;
}

const rights = sql<Rights>`select
  current_user::text as role,
  current_schema()::text as schema,
  current_setting('search_path') as path,
  current_setting('transaction_read_only') = 'on' as ${sql.ref("isReadOnly")},
  has_schema_privilege(current_schema(), 'CREATE') as ${sql.ref("canCreate")},
  (select pg_get_userbyid(relowner)::text from pg_class
    where oid = to_regclass('hookwright_migrations') and not pg_has_role(relowner, 'USAGE')) as owner`;

/** Throws `invalid_configuration` unless this role can make tables here, and change those that are there. */
async function checkRights<DB>(db: Kysely<DB>): Promise<void> {
  const { rows } = await rights.execute(db);
  for (const { role, schema, path, isReadOnly, canCreate, owner } of rows) {
    if (isReadOnly)
      throw refusal("The database is read-only, and its tables are not up to date. Migrate it where it takes writes", {
        cause: readOnlyError(),
      });
    if (schema === null)
      throw refusal(
        `The role ${role} sees none of the schemas in its search_path (${path}). Create one, or grant usage on it to ${role}`,
      );
    if (canCreate !== true)
      throw refusal(
        `The tables are not up to date, and permission is denied for schema ${schema}: the role ${role} lacks CREATE. ` +
          `Run "hookwright migrate" as a role that has it, or grant create on schema ${schema} to ${role}`,
      );
    if (owner !== null)
      throw refusal(
        `The tables are not up to date, and belong to the role ${owner}, whose rights ${role} lacks. ` +
          `Run "hookwright migrate" as ${owner}, or grant ${owner} to ${role}`,
      );
  }
}

function refusal(message: string, options: { readonly cause?: unknown } = {}): HookwrightError {
  return new HookwrightError("invalid_configuration", `${message}.`, options);
}

/** As PostgreSQL itself would refuse the first write. */
function readOnlyError(): Error {
  return Object.assign(new Error("The database is read-only."), { code: "25006" });
}

const isReadOnly = sql<{ isReadOnly: boolean }>`select
  current_setting('transaction_read_only') = 'on' as ${sql.ref("isReadOnly")}`;
