import { sql, type Selectable } from "kysely";
import type { Batch, Stream, StreamSettings, TypeFilter } from "../seams/stream-store.ts";
import type { Source, StreamCursorRow, StreamRow } from "./schema.ts";

/** A stream's row and its cursor's. */
export type WholeRow = Selectable<StreamRow> & Omit<Selectable<StreamCursorRow>, "stream_key">;

const cursorColumnNames = [
  "position",
  "batch_up_to",
  "due_at",
  "reported_at",
  "attempt_count",
  "generation",
  "run_count",
  "batch_filter",
  "checkpoint",
] as const;

/** A cursor's columns beside those of its stream. */
export function cursorColumns(table: string) {
  return sql.join(cursorColumnNames.map((name) => sql.ref(`${table}.${name}`)));
}

/** Streams with their cursors; those that were deleted have none, and so are not among them. */
export function wholeStreams({ db }: Source) {
  return db
    .selectFrom("hookwright_streams as s")
    .innerJoin("hookwright_stream_cursors as c", "c.stream_key", "s.key")
    .selectAll("s")
    .select(cursorColumnNames);
}

export function streamOf(row: WholeRow): Stream {
  return {
    key: row.key,
    id: row.id,
    tenant: row.tenant,
    contract: row.contract,
    shard: row.shard,
    status: row.state,
    settings: JSON.parse(row.settings) as StreamSettings,
    sealedAuthorization: row.sealed_authorization,
    sealedNoticeUrl: row.sealed_notice_url,
    cursor: {
      position: row.position,
      checkpoint: row.checkpoint,
      batch: batchOf(row),
      dueAt: row.due_at,
      generation: row.generation,
      runCount: row.run_count,
      reportedAt: row.reported_at,
    },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function batchOf({ batch_up_to, batch_filter, attempt_count }: WholeRow): Batch | null {
  if (batch_up_to === null || batch_filter === null) return null;
  return { upTo: batch_up_to, filter: JSON.parse(batch_filter) as TypeFilter, attemptCount: attempt_count };
}

export function batchRow(batch: Batch | null) {
  return {
    batch_up_to: batch?.upTo ?? null,
    batch_filter: batch === null ? null : JSON.stringify(batch.filter),
    attempt_count: batch?.attemptCount ?? 0,
  };
}

export function settingsRow(settings: StreamSettings) {
  return {
    settings: JSON.stringify(settings),
    delay_ms: settings.delaySeconds * 1000,
    is_scheduled: settings.schedule === null ? 0 : 1,
  } as const;
}
