import { sql, type RawBuilder } from "kysely";
import type { Cell, ColumnKind, RowSource } from "./dialects.ts";
import type { Source } from "./schema.ts";

type CellOf<Kind extends ColumnKind> = Kind extends "text" ? string : Kind extends "integer" ? number : Uint8Array;
type RowOf<Columns extends Record<string, ColumnKind>> = {
  readonly [Name in keyof Columns]: CellOf<Columns[Name]> | null;
};

/**
 * Rows as a table of one statement, so that 500 rows cost one statement and not 500. `ordinal` has their order.
 *
 * ```ts
 * db.selectFrom(rowsOf(source, { key: "integer" }, rows).as("r")).select("r.key")
 * ```
 */
export function rowsOf<const Columns extends Record<string, ColumnKind>, Row extends RowOf<Columns>>(
  source: Source,
  columns: Columns,
  rows: readonly Row[],
): RawBuilder<Row & { ordinal: number }> {
  return source.dialect.rowSource(sourceOf(columns, rows)).$castTo<Row & { ordinal: number }>();
}

/** What such a table binds, for a statement whose text was compiled before. */
export function rowParametersOf<const Columns extends Record<string, ColumnKind>, Row extends RowOf<Columns>>(
  source: Source,
  columns: Columns,
  rows: readonly Row[],
): readonly unknown[] {
  return source.dialect.rowParameters(sourceOf(columns, rows));
}

function sourceOf<const Columns extends Record<string, ColumnKind>, Row extends RowOf<Columns>>(
  columns: Columns,
  rows: readonly Row[],
): RowSource {
  const names = namesOf(columns);
  return { columns, rows: rows.map((row) => names.map((name): Cell => row[name] ?? null)) };
}

/** The names of columns. TypeScript takes the keys of an object for any text, since there may be more than it knows. */
export function namesOf<Columns extends Record<string, ColumnKind>>(columns: Columns): (keyof Columns & string)[] {
  return Object.keys(columns) as (keyof Columns & string)[];
}

/** Values as a subquery for IN and NOT IN: its text does not depend on their number. */
export function listOf<Value extends string | number>(
  { dialect }: Source,
  kind: ColumnKind,
  values: readonly Value[],
): RawBuilder<Value> {
  return sql<Value>`(select value from ${dialect.rowSource({ columns: { value: kind }, rows: values.map((value) => [value]) })} as list)`;
}
