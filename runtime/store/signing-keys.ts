import type { SigningKey, SigningKeyStore } from "../seams/stream-store.ts";
import type { Source } from "./schema.ts";
import { shardOf } from "./shard.ts";
import { inShard } from "./transaction.ts";

const columns = ["id", "tenant", "contract", "sealed", "created_at as createdAt"] as const;

export function signingKeyStore(source: Source): SigningKeyStore {
  const list: SigningKeyStore["list"] = (of) => keysOf(source, of);
  return {
    list,
    // In the shard's turn, so that two at a time do not both find room for one.
    create: ({ createdAt, ...key }, activeMax) =>
      inShard(source, shardOf(key.tenant, source.shardCount), async (inside) => {
        if ((await keysOf(inside, key)).length >= activeMax) return false;
        await inside.db
          .insertInto("hookwright_signing_keys")
          .values({ ...key, created_at: createdAt })
          .execute();
        return true;
      }),
    remove: async ({ tenant, id }) => {
      const matching = source.db
        .deleteFrom("hookwright_signing_keys")
        .where("id", "=", id)
        .where("tenant", "=", tenant);
      return (await matching.executeTakeFirst()).numDeletedRows === 1n;
    },
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
