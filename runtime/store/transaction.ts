import type { Source } from "./schema.ts";

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

/** The same for work on the endpoints of one shard, or on what is pending for them. */
export function inShard<Answer>(
  source: Source,
  shard: number,
  work: (inside: Source) => Promise<Answer>,
): Promise<Answer> {
  return inTransaction(source, async (inside) => {
    for (const statement of inside.dialect.lockShard(shard)) await statement.execute(inside.db);
    return work(inside);
  });
}
