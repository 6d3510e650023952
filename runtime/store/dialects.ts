import { sql, type RawBuilder } from "kysely";

/*
 * All that differs between the databases, as data: one record for each. The queries themselves are written once, in the
 * files next to this one.
 */

export type ColumnKind = "text" | "integer" | "bytes";
export type Cell = string | number | Uint8Array | null;

/** Rows to be used as a table within one statement: the kinds of the columns, and the cells of each row in that order. */
export interface RowSource {
  readonly columns: Readonly<Record<string, ColumnKind>>;
  readonly rows: readonly (readonly Cell[])[];
}

export interface Dialect {
  readonly name: "sqlite";
  /** Fails on any other database. */
  readonly probe: RawBuilder<unknown>;
  /** How many slices the log is cut into, each with a reader of its own. Stored when the tables are made. */
  readonly shardCount: number;
  /** What makes one transaction, and one process at a time, of all migrations. */
  readonly beginMigration: RawBuilder<unknown>;
  readonly types: Readonly<Record<ColumnKind | "assignedKey", RawBuilder<unknown>>>;
  /** The end of `create table`: for a table with a key that is assigned, and for one that is laid out by its own key. */
  readonly tableEnd: Readonly<Record<"assigned" | "keyed", RawBuilder<unknown>>>;
  /** Statements after which a table takes no UPDATE and no DELETE. */
  readonly appendOnly: (table: string, remedy: string) => readonly RawBuilder<unknown>[];
  /**
   * A table of these rows for a FROM clause, with the place of each row in `ordinal`. Its SQL text does not depend on
   * the number of rows, so it is prepared once.
   */
  readonly rowSource: (source: RowSource) => RawBuilder<unknown>;
  /** Joins to the backlog's rows `head` the first `max` pending rows of each that are due by `now`, as `p`. */
  readonly joinDue: (now: number, max: number) => RawBuilder<unknown>;
}

/** The form of a cell in JSON. JSON has no bytes, and a lone surrogate would not become valid UTF-8. */
function jsonCell(cell: Cell): string | number | null {
  if (typeof cell === "string") return cell.toWellFormed();
  if (cell instanceof Uint8Array) return Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString("hex");
  return cell;
}

function jsonColumn([name, kind]: [string, ColumnKind], index: number): RawBuilder<unknown> {
  const cell = sql`value ->> ${sql.lit(index)}`;
  return kind === "bytes" ? sql`unhex(${cell}) as ${sql.ref(name)}` : sql`${cell} as ${sql.ref(name)}`;
}

export const sqlite: Dialect = {
  name: "sqlite",
  probe: sql`select sqlite_version()`,
  // There is one writer whatever the number of shards.
  shardCount: 1,
  beginMigration: sql`begin immediate`,
  types: {
    text: sql`text`,
    integer: sql`integer`,
    bytes: sql`blob`,
    // The next one is the greatest plus one, and no row is ever deleted. AUTOINCREMENT would leave a gap for every row
    // that ON CONFLICT DO NOTHING turned away, and positions have to be dense.
    assignedKey: sql`integer primary key`,
  },
  tableEnd: { assigned: sql`strict`, keyed: sql`without rowid, strict` },
  appendOnly: (table, remedy) =>
    ["update", "delete"].map(
      (verb) =>
        sql`create trigger ${sql.ref(`${table}_no_${verb}`)} before ${sql.raw(verb)} on ${sql.table(table)} begin
  select raise(abort, ${sql.lit(`${table} is append-only and refuses ${verb.toUpperCase()}: ${remedy}`)});
end`,
    ),
  rowSource: ({ columns, rows }) => {
    const json = JSON.stringify(rows.map((row) => row.map(jsonCell)));
    return sql`(select key as ordinal, ${sql.join(Object.entries(columns).map(jsonColumn))} from json_each(${json}))`;
  },
  // SQLite has no LATERAL; it drives the primary key by the rows of such a subquery, which it runs once for each head.
  joinDue: (now, max) => sql`join hookwright_pending as p on (p.endpoint_key, p.position, p.run) in (
    select endpoint_key, position, run from hookwright_pending
    where endpoint_key = head.endpoint_key and due_at <= ${now} order by due_at, position, run limit ${max})`,
};
