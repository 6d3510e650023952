import { sql, type RawBuilder } from "kysely";
import type { FeedConsumer, FeedStore } from "../seams/feed-store.ts";
import { append } from "./append.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

type ConsumerStore = Pick<
  FeedStore,
  "createConsumer" | "listConsumers" | "getConsumer" | "commitConsumer" | "moveConsumer" | "removeConsumer"
>;

const columns = [
  "tenant",
  "name",
  "contract",
  "position",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

/** Consumers of the feed. */
export function feedConsumerStore(source: Source): ConsumerStore {
  const consumers = source.db.selectFrom("hookwright_feed_consumers").select(columns);
  return {
    createConsumer: (consumer, facts) =>
      inTransaction(source, async (inside) => {
        const isCreated = await insert(inside, consumer);
        if (isCreated) await append(inside, facts);
        return isCreated;
      }),
    listConsumers: ({ tenant }) => consumers.where("tenant", "=", tenant).orderBy("name").execute(),
    getConsumer: async ({ tenant, name }): Promise<FeedConsumer | null> =>
      (await consumers.where("tenant", "=", tenant).where("name", "=", name).executeTakeFirst()) ?? null,
    // Alone: a consumer commits with every page it reads.
    commitConsumer: (of) => move(source, of, laterOf(of.position)),
    moveConsumer: (of, facts) =>
      inTransaction(source, async (inside) => {
        const moved = await move(inside, of, sql<number>`${of.position}`);
        if (moved !== null) await append(inside, facts(moved));
        return moved;
      }),
    removeConsumer: (of, facts) =>
      inTransaction(source, async (inside) => {
        const removed = await inside.db
          .deleteFrom("hookwright_feed_consumers")
          .where("tenant", "=", of.tenant)
          .where("name", "=", of.name)
          .returning("contract")
          .executeTakeFirst();
        if (removed === undefined) return false;
        await append(inside, facts(removed));
        return true;
      }),
  };
}

async function insert({ db }: Source, { createdAt, updatedAt, ...consumer }: FeedConsumer): Promise<boolean> {
  const inserted = await db
    .insertInto("hookwright_feed_consumers")
    .values({ ...consumer, created_at: createdAt, updated_at: updatedAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

async function move(
  { db }: Source,
  { tenant, name, at }: Parameters<ConsumerStore["commitConsumer"]>[0],
  position: RawBuilder<number>,
): Promise<FeedConsumer | null> {
  const update = db
    .updateTable("hookwright_feed_consumers")
    .set({ position, updated_at: at })
    .where("tenant", "=", tenant)
    .where("name", "=", name)
    .returning(columns);
  return (await update.executeTakeFirst()) ?? null;
}

/** Decided by the database, so that of two commits at the same time the later position stays. */
const laterOf = (position: number) =>
  sql<number>`case when position < cast(${position} as bigint) then cast(${position} as bigint) else position end`;
