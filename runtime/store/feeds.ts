import type { FeedEvent, FeedStore } from "../seams/feed-store.ts";
import { pageBytesMax } from "../seams/page-bytes.ts";
import { fillPage, isWhole, sizedColumn } from "./bodies.ts";
import { feedConsumerStore } from "./feed-consumers.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

export function feedStore(source: Source): FeedStore {
  return {
    event: (of) => event(source, of),
    read: (of) => read(source, of),
    end: () => end(source),
    prunedTo: () => prunedTo(source),
    firstSince: (of) => firstSince(source, of),
    ...feedConsumerStore(source),
  };
}

const columns = ["position", "id", "contract", "type", "tenant", "time", "body"] as const;

async function event({ db }: Source, of: Parameters<FeedStore["event"]>[0]): Promise<FeedEvent | null> {
  const found = db.selectFrom("hookwright_log").select(columns).where("id", "=", of.id).where("tenant", "=", of.tenant);
  return (await found.executeTakeFirst()) ?? null;
}

async function read(source: Source, of: Parameters<FeedStore["read"]>[0]): Promise<readonly FeedEvent[]> {
  const { types, from, until } = of;
  const rows = await source.db
    .selectFrom("hookwright_log")
    .select(["position", "id", "contract", "type", "tenant", "time", sizedColumn])
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("position", ">", of.after)
    .where("position", "<=", of.upTo)
    .where(isWhole)
    .$if(types !== null, (query) => query.where("type", "in", listOf(source, "text", types ?? [])))
    .$if(from !== null, (query) => query.where("time", ">=", from ?? 0))
    .$if(until !== null, (query) => query.where("time", "<", until ?? 0))
    .orderBy("position")
    .limit(of.limit)
    .execute();
  return fillPage(source, rows, pageBytesMax);
}

async function end({ db }: Source): Promise<number> {
  // Not max(): on PostgreSQL the log is a view, and this is a look at the end of the index that it has on positions.
  const last = db.selectFrom("hookwright_log").select("position").where("position", ">", 0).orderBy("position", "desc");
  return (await last.limit(1).executeTakeFirst())?.position ?? 0;
}

async function prunedTo({ db }: Source): Promise<number> {
  return (
    await db.selectFrom("hookwright_pruned_to").select("position").where("only_row", "=", 1).executeTakeFirstOrThrow()
  ).position;
}

/** Times follow positions nearly but not quite, so the first in order of positions is the one. */
async function firstSince({ db }: Source, of: Parameters<FeedStore["firstSince"]>[0]): Promise<number | null> {
  const first = db
    .selectFrom("hookwright_log")
    .select("position")
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("position", ">", 0)
    .where("time", ">=", of.time)
    .orderBy("position")
    .limit(1);
  return (await first.executeTakeFirst())?.position ?? null;
}
