import { sql } from "kysely";
import { smallBodyBytesMax } from "../seams/page-bytes.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

/*
 * Pages of events without their large bodies, whose lengths both databases know without reading them: these are read
 * afterwards, as far as they fit, in a statement that most pages do not need.
 */

/** A row of the log as a page reads it first: the body is null where it is not small. */
export interface SizedRow {
  readonly position: number;
  readonly body: string | null;
  readonly bytes: number;
}

/** The columns `body` and `bytes` of `SizedRow`, of the log by the name it has in the statement. */
export function sizedBody(log: "l" | "hookwright_log") {
  const body = sql.ref(`${log}.body`);
  const bytes = sql`octet_length(${body})`;
  return sql`case when ${bytes} <= ${sql.lit(smallBodyBytesMax)} then ${body} end as body, ${bytes} as bytes`;
}

/** The same, for a statement that is put together. */
export const sizedColumns = [
  sql<string | null>`case when octet_length(body) <= ${sql.lit(smallBodyBytesMax)} then body end`.as("body"),
  sql<number>`octet_length(body)`.as("bytes"),
] as const;

/** A condition on the log: the event's payload was not erased. */
export const isWhole = sql<boolean>`octet_length(body) > 0`;

/** A row with its body. */
export type Whole<Row extends SizedRow> = Omit<Row, "body" | "bytes"> & { readonly body: string };

/**
 * Cuts each page after the event with which its large bodies have come to `bytesMax`, and reads these. An event that was
 * dropped meanwhile is left out.
 */
export async function fillPages<Row extends SizedRow>(
  source: Source,
  pages: readonly { readonly rows: readonly Row[]; readonly bytesMax: number }[],
): Promise<readonly (readonly Whole<Row>[])[]> {
  const cut = pages.map(({ rows, bytesMax }) => rows.slice(0, countWithin(rows, bytesMax)));
  const large = cut.flatMap((rows) => rows.filter(({ body }) => body === null).map(({ position }) => position));
  const bodies = await largeBodies(source, large);
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

function countWithin(rows: readonly SizedRow[], bytesMax: number): number {
  let bytes = 0;
  const last = rows.findIndex((row) => {
    if (row.body === null) bytes += row.bytes;
    return bytes >= bytesMax;
  });
  return last === -1 ? rows.length : last + 1;
}

/** By position; those that are gone are missing. */
export async function largeBodies(source: Source, positions: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (positions.length === 0) return new Map();
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(["position", "body"])
    .where("position", "in", listOf(source, "integer", positions))
    .execute();
  return new Map(rows.map(({ position, body }) => [position, body]));
}

export function wholeOf<Row extends SizedRow>(row: Row, bodies: ReadonlyMap<number, string>): readonly Whole<Row>[] {
  const { body, bytes: _, ...rest } = row;
  const whole = body ?? bodies.get(row.position);
  return whole === undefined ? [] : [{ ...rest, body: whole }];
}
