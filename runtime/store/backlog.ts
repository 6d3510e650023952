import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

/**
 * Makes the backlog say again what is pending for these endpoints. Whatever changes `pending`, or whether an endpoint may
 * be delivered to, calls this in its own transaction. An endpoint's head is one look into an index, so this costs the
 * same whether ten deliveries wait or a million; a claim that had to group them first would not (a hundred times
 * slower at a million).
 */
export async function refreshBacklog(source: Source, endpointKeys: readonly number[]): Promise<void> {
  if (endpointKeys.length === 0) return;
  const keys = [...new Set(endpointKeys)];
  await dropIdle(source, keys);
  await source.db
    .insertInto("hookwright_backlog")
    .columns(["endpoint_key", "shard", "head_at"])
    .expression(headsOf(source, keys))
    .onConflict((conflict) =>
      conflict
        .column("endpoint_key")
        .doUpdateSet((eb) => ({ head_at: eb.ref("excluded.head_at") }))
        .whereRef("hookwright_backlog.head_at", "<>", "excluded.head_at"),
    )
    .execute();
}

async function dropIdle(source: Source, keys: readonly number[]): Promise<void> {
  await source.db
    .deleteFrom("hookwright_backlog")
    .where("endpoint_key", "in", listOf(source, "integer", keys))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("hookwright_endpoints as e")
            .innerJoin("hookwright_pending as p", "p.endpoint_key", "e.key")
            .select("e.key")
            .whereRef("e.key", "=", "hookwright_backlog.endpoint_key")
            .where("e.enabled", "=", 1)
            .where("e.paused", "=", 0)
            .where("e.deleted_at", "is", null),
        ),
      ),
    )
    .execute();
}

/** The heads of those that may be delivered to and have something pending. */
function headsOf(source: Source, keys: readonly number[]) {
  return source.db
    .selectFrom((eb) =>
      eb
        .selectFrom("hookwright_endpoints as e")
        .select((at) => [
          "e.key",
          "e.shard",
          at
            .selectFrom("hookwright_pending as p")
            .select("p.due_at")
            .whereRef("p.endpoint_key", "=", "e.key")
            .orderBy("p.due_at")
            .limit(1)
            .as("head_at"),
        ])
        .where("e.key", "in", listOf(source, "integer", keys))
        .where("e.enabled", "=", 1)
        .where("e.paused", "=", 0)
        .where("e.deleted_at", "is", null)
        .as("heads"),
    )
    .select(["heads.key", "heads.shard", "heads.head_at"])
    .where("heads.head_at", "is not", null);
}

/** Of all shards, and at most `max`: so many rows of an index are read and no more. */
export async function pendingCount({ db }: Source, max: number): Promise<number> {
  const some = db.selectFrom("hookwright_pending").select("endpoint_key").limit(max).as("some");
  const { count } = await db
    .selectFrom(some)
    .select((eb) => eb.fn.countAll().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}
