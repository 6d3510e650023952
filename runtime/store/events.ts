import type { StoredEvent } from "../seams/log-store.ts";
import type { EventStore } from "../seams/store.ts";
import { eventColumns } from "./append.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

export function eventStore(source: Source): EventStore {
  return { list: (of) => list(source, of) };
}

function list(source: Source, of: Parameters<EventStore["list"]>[0]): Promise<readonly StoredEvent[]> {
  const { types } = of;
  return source.db
    .selectFrom("hookwright_log")
    .select(eventColumns)
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("position", ">", of.after)
    .$if(types !== null, (query) => query.where("type", "in", listOf(source, "text", types ?? [])))
    .orderBy("position")
    .limit(of.limit)
    .execute();
}
