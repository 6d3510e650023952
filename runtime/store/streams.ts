import { sql } from "kysely";
import type { NewStream, Stream, StreamChange, StreamStore } from "../seams/stream-store.ts";
import { append } from "./append.ts";
import type { Source } from "./schema.ts";
import { shardOf } from "./shard.ts";
import { batchRow, settingsRow, streamOf, wholeStreams } from "./stream-row.ts";
import { runTotals, runsOf } from "./stream-runs.ts";
import { due, endOf, oldestDueAt, oldestTime, recordsOf, stalledCount, step } from "./stream-work.ts";
import { inTransaction } from "./transaction.ts";

type InputOf<Method extends keyof StreamStore> = Parameters<StreamStore[Method]>[0];
type FactsOf<Method extends "create" | "remove"> = Parameters<StreamStore[Method]>[1];

export function streamStore(source: Source): StreamStore {
  return {
    create: (stream, facts) => inTransaction(source, (inside) => create(inside, stream, facts)),
    list: (of) => list(source, of),
    get: (of) => get(source, of),
    update: (of, change, facts) => inTransaction(source, (inside) => update(inside, { of, change, facts })),
    remove: (of, facts) => inTransaction(source, (inside) => remove(inside, of, facts)),
    runs: (of) => runsOf(source, of),
    runTotals: (of) => runTotals(source, of),
    oldestTime: (stream) => oldestTime(source, stream),
    positionOf: (of) => positionOf(source, of),
    positionBefore: (of) => positionBefore(source, of),
    end: ({ tenant }) => endOf(source, shardOf(tenant, source.shardCount)),
    due: (of) => due(source, of),
    oldestDueAt: (of) => oldestDueAt(source, of),
    stalledCount: (of) => stalledCount(source, of),
    records: (of) => recordsOf(source, of),
    step: (of) => step(source, of),
  };
}

async function create(source: Source, stream: NewStream, facts: FactsOf<"create">): Promise<Stream> {
  const { key } = await source.db
    .insertInto("hookwright_streams")
    .values({
      id: stream.id,
      tenant: stream.tenant,
      contract: stream.contract,
      shard: shardOf(stream.tenant, source.shardCount),
      state: "active",
      ...settingsRow(stream.settings),
      sealed_authorization: stream.sealedAuthorization,
      sealed_notice_url: stream.sealedNoticeUrl,
      created_at: stream.createdAt,
      updated_at: stream.createdAt,
    })
    .returning("key")
    .executeTakeFirstOrThrow();
  await source.db
    .insertInto("hookwright_stream_cursors")
    .values({
      stream_key: key,
      position: stream.position,
      checkpoint: stream.checkpoint ?? null,
      due_at: stream.dueAt,
      reported_at: stream.createdAt,
    })
    .execute();
  const made = streamOf(await wholeStreams(source).where("s.key", "=", key).executeTakeFirstOrThrow());
  await append(source, facts(made));
  return made;
}

async function list(source: Source, { tenant }: InputOf<"list">): Promise<readonly Stream[]> {
  return (await wholeStreams(source).where("s.tenant", "=", tenant).orderBy("s.key").execute()).map(streamOf);
}

async function get(source: Source, { tenant, id }: InputOf<"get">): Promise<Stream | null> {
  const row = await wholeStreams(source).where("s.tenant", "=", tenant).where("s.id", "=", id).executeTakeFirst();
  return row === undefined ? null : streamOf(row);
}

interface Update {
  readonly of: InputOf<"update">;
  readonly change: StreamChange;
  readonly facts: Parameters<StreamStore["update"]>[2];
}

async function update(source: Source, { of, change, facts }: Update): Promise<Stream | null> {
  const before = await get(source, of);
  if (before === null) return null;
  await write(source, { key: before.key, at: of.at, change });
  const after = await get(source, of);
  if (after !== null) await append(source, facts(after, before));
  return after;
}

/** The cursor comes first, as in a step: two transactions that took the rows in different orders would wait for ever. */
async function write(
  source: Source,
  { key, at, change }: { readonly key: number; readonly at: number; readonly change: StreamChange },
): Promise<void> {
  const { status, settings, sealedAuthorization, sealedNoticeUrl, dueAt, position, checkpoint = null } = change;
  if (dueAt !== undefined || position !== undefined) {
    await source.db
      .updateTable("hookwright_stream_cursors")
      .set({
        ...(dueAt === undefined ? {} : { due_at: dueAt }),
        ...(position === undefined
          ? {}
          : { position, ...batchRow(null), checkpoint, generation: sql<number>`generation + 1` }),
      })
      .where("stream_key", "=", key)
      .execute();
  }
  await source.db
    .updateTable("hookwright_streams")
    .set({
      ...(status === undefined ? {} : { state: status }),
      ...(settings === undefined ? {} : settingsRow(settings)),
      ...(sealedAuthorization === undefined ? {} : { sealed_authorization: sealedAuthorization }),
      ...(sealedNoticeUrl === undefined ? {} : { sealed_notice_url: sealedNoticeUrl }),
      updated_at: at,
    })
    .where("key", "=", key)
    .execute();
}

async function remove(
  source: Source,
  { tenant, id, at }: InputOf<"remove">,
  facts: FactsOf<"remove">,
): Promise<boolean> {
  const { db } = source;
  const found = await get(source, { tenant, id });
  if (found === null) return false;
  await db.deleteFrom("hookwright_stream_cursors").where("stream_key", "=", found.key).execute();
  await db.deleteFrom("hookwright_stream_runs").where("stream_key", "=", found.key).execute();
  await db
    .updateTable("hookwright_streams")
    .set({ sealed_authorization: null, sealed_notice_url: null, updated_at: at, deleted_at: at })
    .where("key", "=", found.key)
    .execute();
  await append(source, facts(found));
  return true;
}

async function positionOf({ db }: Source, of: InputOf<"positionOf">): Promise<number | null> {
  const found = await db
    .selectFrom("hookwright_log")
    .select("position")
    .where("id", "=", of.eventId)
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .executeTakeFirst();
  return found?.position ?? (of.sentAs === undefined ? null : positionOfSent(db, of, of.sentAs));
}

/** The first whose body has the id in that member; bodies are written without white space. */
async function positionOfSent(
  db: Source["db"],
  { tenant, contract, eventId }: InputOf<"positionOf">,
  member: string,
): Promise<number | null> {
  const text = `${JSON.stringify(member)}:${JSON.stringify(eventId)}`;
  const found = await db
    .selectFrom("hookwright_log")
    .select("position")
    .where("tenant", "=", tenant)
    .where("contract", "=", contract)
    .where("body", "like", sql<string>`${`%${text.replaceAll(/[\\%_]/g, "\\$&")}%`} escape '\\'`)
    .orderBy("position")
    .limit(1)
    .executeTakeFirst();
  return found?.position ?? null;
}

/** Looks through the tenant's events: times are not in the order of the log. */
async function positionBefore(source: Source, of: InputOf<"positionBefore">): Promise<number> {
  const end = await endOf(source, shardOf(of.tenant, source.shardCount));
  const first = await source.db
    .selectFrom("hookwright_log")
    .select("position")
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("time", ">=", of.time)
    .where("position", "<=", end)
    .orderBy("position")
    .limit(1)
    .executeTakeFirst();
  return first === undefined ? end : first.position - 1;
}
