import type { Source } from "./schema.ts";
import { shardOf } from "./shard.ts";

/**
 * Runs work in a transaction. Its statements rely on seeing what was committed before each of them, whatever the
 * database's own default is.
 */
export function inTransaction<Answer>(source: Source, work: (inside: Source) => Promise<Answer>): Promise<Answer> {
  return source.db
    .transaction()
    .setIsolationLevel("read committed")
    .execute(async (db) => {
      for (const statement of source.dialect.startTransaction) await statement.execute(db);
      return work({ ...source, db });
    });
}

/** Runs work on the endpoints of one shard, or on what is pending for them, in a transaction. */
export function inShard<Answer>(
  source: Source,
  shard: number,
  work: (inside: Source) => Promise<Answer>,
): Promise<Answer> {
  return inShards(source, [shard], work);
}

/** Runs work on the endpoints of several shards, or on what is pending for them, in a transaction. */
export function inShards<Answer>(
  source: Source,
  shards: readonly number[],
  work: (inside: Source) => Promise<Answer>,
): Promise<Answer> {
  return inTransaction(source, async (inside) => {
    // In the order of their numbers: two that locked the same shards in different orders would wait for each other.
    const inOrder = shards.toSorted((a, b) => a - b);
    for (const statement of inside.dialect.lockShards(inOrder)) await statement.execute(inside.db);
    return work(inside);
  });
}

/**
 * The same for changes of what a tenant owns, one after the other: in the order in which they come to stand in the log,
 * and so that no two can both be the last one that is allowed.
 */
export function inTurn<Answer>(
  source: Source,
  { tenant }: { readonly tenant: string },
  work: (inside: Source) => Promise<Answer>,
): Promise<Answer> {
  return inShard(source, shardOf(tenant, source.shardCount), work);
}

/**
 * Whether a statement found that another transaction had changed a row since its snapshot. Statements outside of our
 * transactions meet that where the database's default is REPEATABLE READ.
 */
export function isSerializationFailure(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40001";
}
