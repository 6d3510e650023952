import type { IdempotencyKey, IdempotencyStore, KeyedRequest } from "../seams/idempotency-store.ts";
import type { Source } from "./schema.ts";

export function idempotencyStore({ db }: Source): IdempotencyStore {
  const own = ({ tenant, actorId, key, at }: KeyedRequest) =>
    [
      ["tenant", tenant],
      ["actor_id", actorId],
      ["key", key],
      // Of nobody who took it over since.
      ["claimed_at", at],
    ] as const;

  return {
    claim: (request) => claim(db, request),
    complete: async (request, { status, sealed }) => {
      let update = db.updateTable("hookwright_idempotency").set({ status, sealed_answer: sealed });
      for (const [column, value] of own(request)) update = update.where(column, "=", value);
      await update.execute();
    },
    release: async (request) => {
      let dropped = db.deleteFrom("hookwright_idempotency");
      for (const [column, value] of own(request)) dropped = dropped.where(column, "=", value);
      await dropped.execute();
    },
  };
}

/** One statement takes the key or does not, so of two at the same time one does. */
async function claim(
  db: Source["db"],
  request: Parameters<IdempotencyStore["claim"]>[0],
): ReturnType<IdempotencyStore["claim"]> {
  const { tenant, actorId, key, fingerprint, at, expiredBy, abandonedBy } = request;
  await db.deleteFrom("hookwright_idempotency").where("claimed_at", "<=", expiredBy).execute();
  const claimed = await db
    .insertInto("hookwright_idempotency")
    .values({ tenant, actor_id: actorId, key, fingerprint, claimed_at: at, status: null, sealed_answer: null })
    .onConflict((conflict) =>
      conflict
        .columns(["tenant", "actor_id", "key"])
        .doUpdateSet({ claimed_at: at })
        .where("hookwright_idempotency.status", "is", null)
        .where("hookwright_idempotency.claimed_at", "<=", abandonedBy)
        .where("hookwright_idempotency.fingerprint", "=", fingerprint),
    )
    .returning("claimed_at")
    .executeTakeFirst();
  if (claimed !== undefined) return "claimed";
  const row = await find(db, request);
  // Released in between: whoever asks once more finds it free.
  if (row === undefined) return { fingerprint, answer: null };
  const { status, sealed_answer: sealed } = row;
  return { fingerprint: row.fingerprint, answer: status === null || sealed === null ? null : { status, sealed } };
}

function find(db: Source["db"], { tenant, actorId, key }: IdempotencyKey) {
  return db
    .selectFrom("hookwright_idempotency")
    .selectAll()
    .where("tenant", "=", tenant)
    .where("actor_id", "=", actorId)
    .where("key", "=", key)
    .executeTakeFirst();
}
