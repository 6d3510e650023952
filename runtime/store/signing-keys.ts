import type { SigningKey, SigningKeyStore } from "../seams/stream-store.ts";
import { append } from "./append.ts";
import type { Source } from "./schema.ts";
import { inTurn } from "./transaction.ts";

const columns = ["id", "tenant", "contract", "sealed", "created_at as createdAt"] as const;

export function signingKeyStore(source: Source): SigningKeyStore {
  const list: SigningKeyStore["list"] = (of) => keysOf(source, of);
  return {
    list,
    // In the shard's turn, so that two at a time do not both find room for one.
    create: ({ createdAt, ...key }, { activeMax, facts }) =>
      inTurn(source, key, async (inside) => {
        if ((await keysOf(inside, key)).length >= activeMax) return false;
        await inside.db
          .insertInto("hookwright_signing_keys")
          .values({ ...key, created_at: createdAt })
          .execute();
        await append(inside, facts);
        return true;
      }),
    remove: (of, facts) =>
      inTurn(source, of, async (inside) => {
        const matching = inside.db
          .deleteFrom("hookwright_signing_keys")
          .where("id", "=", of.id)
          .where("tenant", "=", of.tenant);
        const removed = await matching.returning("contract").executeTakeFirst();
        if (removed === undefined) return false;
        await append(inside, facts(removed));
        return true;
      }),
  };
}

function keysOf({ db }: Source, of: { tenant: string; contract: string }): Promise<readonly SigningKey[]> {
  return db
    .selectFrom("hookwright_signing_keys")
    .select(columns)
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
}
