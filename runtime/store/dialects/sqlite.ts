import { sql, type RawBuilder } from "kysely";
import type { Cell, ColumnKind, Dialect, LeaseDialect, RowSource, TableDialect } from "../dialects.ts";

/** The form of a cell in JSON. JSON has no bytes, and a lone surrogate would not become valid UTF-8. */
function jsonCell(cell: Cell): string | number | null {
  if (typeof cell === "string") return cell.toWellFormed();
  if (cell instanceof Uint8Array) return Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString("hex");
  return cell;
}

function jsonRows({ rows }: RowSource): string {
  return JSON.stringify(rows.map((row) => row.map(jsonCell)));
}

function jsonColumn([name, kind]: [string, ColumnKind], index: number): RawBuilder<unknown> {
  const cell = sql`value ->> ${sql.lit(index)}`;
  return kind === "bytes" ? sql`unhex(${cell}) as ${sql.ref(name)}` : sql`${cell} as ${sql.ref(name)}`;
}

const tables: TableDialect = {
  types: {
    text: sql`text`,
    integer: sql`integer`,
    small: sql`integer`,
    bytes: sql`blob`,
    // The next one is the greatest plus one, and the row that has the greatest is never deleted. AUTOINCREMENT would
    // leave a gap for every row that ON CONFLICT DO NOTHING turned away, and positions have to be dense.
    assignedKey: sql`integer primary key`,
  },
  tableEnd: { assigned: sql`strict`, keyed: sql`without rowid, strict` },
  endpointReference: sql`references hookwright_endpoints (key)`,
  // There is one writer at a time, so the order of insertion is the order of commits.
  eventPlace: sql`position integer primary key`,
  log: [
    sql`create index hookwright_events_feed on hookwright_events (tenant, position)`,
    sql`create index hookwright_events_facts on hookwright_events (tenant, position) where contract = 'hookwright'`,
    sql`create view hookwright_log as
  select position, id, contract, type, tenant, shard, time, body, idempotency_key from hookwright_events`,
  ],
  logWithTrace: [
    sql`drop view hookwright_log`,
    sql`create view hookwright_log as
  select position, id, contract, type, tenant, shard, time, body, idempotency_key, trace from hookwright_events`,
  ],
  snapshotSequencer: [],
  appendOnlySetup: [],
  appendOnly: (table, remedy) =>
    Object.entries({ update: "", delete: " when not exists (select 1 from hookwright_pruning)" }).map(
      ([verb, when]) =>
        sql`create trigger ${sql.ref(`${table}_no_${verb}`)} before ${sql.raw(verb)} on ${sql.table(table)}${sql.raw(when)} begin
  select raise(abort, ${sql.lit(`${table} is append-only and refuses ${verb.toUpperCase()}: ${remedy}`)});
end`,
    ),
  erasable: [
    ["hookwright_events", "new.body <> ''", "what happened stays; append another event that corrects it"],
    [
      "hookwright_attempts",
      "new.response_body is not null",
      "an attempt was made or was not; redeliver the event for another one",
    ],
  ].flatMap(([table = "", keeps = "", remedy = ""]) => [
    sql`drop trigger ${sql.ref(`${table}_no_update`)}`,
    sql`create trigger ${sql.ref(`${table}_no_update`)} before update on ${sql.table(table)}
when not exists (select 1 from hookwright_erasing) or ${sql.raw(keeps)} begin
  select raise(abort, ${sql.lit(`${table} is append-only and refuses UPDATE: ${remedy}`)});
end`,
  ]),
};

/** One process works the database: whoever comes last. Who was there before finds out when it renews or settles. */
const leases: LeaseDialect = {
  end: "when taken",
  now: sql`cast(unixepoch('subsec') * 1000 as integer)`,
  endOf: () => sql.lit(Number.MAX_SAFE_INTEGER),
  isFree: sql`true`,
  canReturn: false,
  lock: [],
};

export const sqlite: Dialect = {
  name: "SQLite",
  probe: sql`select sqlite_version()`,
  checkWritable: (db) =>
    db.connection().execute(async (one) => {
      await sql`begin immediate`.execute(one);
      await sql`rollback`.execute(one);
    }),
  findMigrations: sql`select 1 from sqlite_master where name = 'hookwright_migrations'`,
  checkRights: async () => {},
  // There is one writer whatever the number of shards.
  shardCount: 1,
  tables,
  leases,
  sequencer: null,
  beginMigration: [sql`begin immediate`],
  rowSource: (source) => {
    const names = sql.join(Object.entries(source.columns).map(jsonColumn));
    return sql`(select key as ordinal, ${names} from json_each(${jsonRows(source)}))`;
  },
  // SQLite has no LATERAL, and one shard or a few.
  forEach: ({ columns, rows: all }, rows) => {
    const names = Object.keys(columns);
    const parts = all.map((row) => rows((name) => sql`${row[names.indexOf(name)] ?? null}`));
    if (parts.length === 1) return sql`(${parts[0]})`;
    // A compound would take the ORDER BY of a part for its own.
    return sql`(${sql.join(
      parts.map((part) => sql`select * from (${part})`),
      sql` union all `,
    )})`;
  },
  rowParameters: (source) => [jsonRows(source)],
  appendEvents: (insert) => insert,
  answersFirstEvents: false,
  // SQLite has no LATERAL; it drives the primary key by the rows of such a subquery, which it runs once for each head.
  joinDue: ({ now, max, place }) => sql`join hookwright_pending as p on (p.endpoint_key, p.position, p.run) in (
    select endpoint_key, position, run from hookwright_pending
    where endpoint_key = head.endpoint_key and ${place} and due_at <= ${now} order by due_at, position, run limit ${max})`,
  joinLog: (position) => sql`join hookwright_log as l on l.position = ${position}`,
  dropEvents: (positions) => sql`delete from hookwright_events where position in ${positions}`,
  writesInWith: false,
  startTransaction: [],
  lockShards: () => [],
  lockRows: () => null,
  oldestWrite: null,
};
