import type { ApiKey, ApiKeyStore } from "../api-key-store.ts";
import type { Source } from "./schema.ts";

const columns = ["id", "tenant", "role", "description", "hash", "created_at as createdAt"] as const;

export function apiKeyStore({ db }: Source): ApiKeyStore {
  const keys = db.selectFrom("hookwright_api_keys").select(columns);
  return {
    create: async ({ id, tenant, role, description, hash, createdAt }) => {
      const row = { id, tenant, role, description, hash, created_at: createdAt };
      await db.insertInto("hookwright_api_keys").values(row).execute();
    },
    findByHash: async (hash): Promise<ApiKey | null> =>
      (await keys.where("hash", "=", hash).executeTakeFirst()) ?? null,
    list: ({ tenant }) => keys.where("tenant", "=", tenant).orderBy("created_at").orderBy("id").execute(),
    remove: async ({ tenant, id }) => {
      const matching = db.deleteFrom("hookwright_api_keys").where("id", "=", id).where("tenant", "=", tenant);
      return (await matching.executeTakeFirst()).numDeletedRows === 1n;
    },
  };
}
