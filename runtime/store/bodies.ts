import { sql } from "kysely";
import { smallBodyBytesMax } from "../seams/page-bytes.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

/*
 * Pages of events without their large bodies, whose lengths both databases know without reading them: these are measured
 * and read afterwards, as far as they fit, in statements that most pages do not need.
 */

/** A row of the log as a page reads it first: the body is null where it is not small. */
export interface SizedRow {
  readonly position: number;
  readonly body: string | null;
}

/** The column `body` of `SizedRow`, of the log as `l`. */
export const sizedBody = sql`case when octet_length(l.body) <= ${sql.lit(smallBodyBytesMax)} then l.body end as body`;

/** The same, for a statement that is put together. */
export const sizedColumn = sql<
  string | null
>`case when octet_length(body) <= ${sql.lit(smallBodyBytesMax)} then body end`.as("body");

/** A condition on the log: the event's payload was not erased. */
export const isWhole = sql<boolean>`octet_length(body) > 0`;

/** A row with its body. */
export type Whole<Row extends SizedRow> = Row & { readonly body: string };

interface SizedPage<Row> {
  readonly rows: readonly Row[];
  readonly bytesMax: number;
}

/**
 * Cuts each page after the event with which its large bodies have come to `bytesMax`, and reads these. An event that was
 * dropped meanwhile is left out.
 */
export async function fillPages<Row extends SizedRow>(
  source: Source,
  pages: readonly SizedPage<Row>[],
): Promise<readonly (readonly Whole<Row>[])[]> {
  const large = pages.flatMap(({ rows }) => rows.filter((row) => !hasBody(row)).map(({ position }) => position));
  const sizes = await sizesOf(source, large);
  const cut = pages.map((page) => page.rows.slice(0, countWithin(page, sizes)));
  const wanted = cut.flatMap((rows) => rows.filter((row) => !hasBody(row)).map(({ position }) => position));
  const bodies = await bodiesOf(source, wanted);
  return cut.map((rows) => rows.flatMap((row) => wholeOf(row, bodies)));
}

/** Does so with one page. */
export async function fillPage<Row extends SizedRow>(
  source: Source,
  rows: readonly Row[],
  bytesMax: number,
): Promise<readonly Whole<Row>[]> {
  const [page = []] = await fillPages(source, [{ rows, bytesMax }]);
  return page;
}

function hasBody<Row extends SizedRow>(row: Row): row is Whole<Row> {
  return row.body !== null;
}

function countWithin({ rows, bytesMax }: SizedPage<SizedRow>, sizes: ReadonlyMap<number, number>): number {
  let bytes = 0;
  const last = rows.findIndex((row) => {
    if (!hasBody(row)) bytes += sizes.get(row.position) ?? 0;
    return bytes >= bytesMax;
  });
  return last === -1 ? rows.length : last + 1;
}

/** By position; those that are gone are missing. */
async function sizesOf(source: Source, positions: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (positions.length === 0) return new Map();
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(["position", sql<number>`octet_length(body)`.as("bytes")])
    .where("position", "in", listOf(source, "integer", positions))
    .execute();
  return new Map(rows.map(({ position, bytes }) => [position, bytes]));
}

async function bodiesOf(source: Source, positions: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (positions.length === 0) return new Map();
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(["position", "body"])
    .where("position", "in", listOf(source, "integer", positions))
    .execute();
  return new Map(rows.map(({ position, body }) => [position, body]));
}

function wholeOf<Row extends SizedRow>(row: Row, bodies: ReadonlyMap<number, string>): readonly Whole<Row>[] {
  // As it is: to copy each would cost more than to read it.
  if (hasBody(row)) return [row];
  const body = bodies.get(row.position);
  return body === undefined ? [] : [{ ...row, body }];
}
