import { sql } from "kysely";
import type { PageRequest, StoredEvent } from "../seams/log-store.ts";
import { pageBytesMax } from "../seams/page-bytes.ts";
import type { EventStore } from "../seams/store.ts";
import { logColumns, sizedEventColumns } from "./append.ts";
import { fillPage, fillPages, type SizedRow } from "./bodies.ts";
import { erase } from "./erasing.ts";
import { listOf, rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

export function eventStore(source: Source): EventStore {
  return { list: (of) => list(source, of), erase: (of, facts) => erase(source, of, facts) };
}

async function list(source: Source, of: Parameters<EventStore["list"]>[0]): Promise<readonly StoredEvent[]> {
  const { types } = of;
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(sizedEventColumns)
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("position", ">", of.after)
    .$if(types !== null, (query) => query.where("type", "in", listOf(source, "text", types ?? [])))
    .orderBy("position")
    .limit(of.limit)
    .execute();
  return fillPage(source, rows, pageBytesMax);
}

const pageColumns = { page: "integer", shard: "integer", after: "integer", limit: "integer" } as const;

/** The requests as a table, each with its place among them as `page`. */
export const askedPages = (source: Source, pages: readonly PageRequest[]) =>
  rowsOf(
    source,
    pageColumns,
    pages.map(({ shard, after, limit }, page) => ({ page, shard, after, limit })),
  );

/** One statement whatever the number of shards: at little traffic, asking is most of what delivering costs. */
export async function read(
  source: Source,
  pages: readonly PageRequest[],
): Promise<readonly (readonly StoredEvent[])[]> {
  if (pages.length === 0) return [];
  const rows = pages.map(({ shard, after, limit }, page) => [page, shard, after, limit]);
  const events = source.dialect.forEach(
    { columns: pageColumns, rows },
    (column) => sql`select ${column("page")} as page, ${logColumns} from hookwright_log as l
    where l.shard = ${column("shard")} and l.position > ${column("after")} order by l.position limit ${column("limit")}`,
  );
  const found = await sql<PageRow>`select * from ${events} as found`.execute(source.db);
  return inPages(source, pages, found.rows);
}

type SizedEvent = Omit<StoredEvent, "body"> & SizedRow;

/** An event, and the place of the request whose page it is on. */
export type PageRow = SizedEvent & { readonly page: number };

export function inPages(
  source: Source,
  pages: readonly PageRequest[],
  rows: readonly PageRow[],
): Promise<readonly (readonly StoredEvent[])[]> {
  const read: SizedEvent[][] = pages.map(() => []);
  for (const { page, ...event } of rows) read[page]?.push(event);
  // They come in order, though no standard says so of a subquery; to sort what is sorted costs nothing.
  for (const page of read) page.sort((a, b) => a.position - b.position);
  const bytesMaxOf = (index: number) => pages[index]?.bytesMax ?? pageBytesMax;
  return fillPages(
    source,
    read.map((rows, index) => ({ rows, bytesMax: bytesMaxOf(index) })),
  );
}
