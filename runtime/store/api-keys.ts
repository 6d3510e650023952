import type { ApiKey, ApiKeyStore } from "../seams/api-key-store.ts";
import type { Events } from "../seams/log-store.ts";
import { append } from "./append.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

const columns = [
  "id",
  "tenant",
  "role",
  "description",
  "hash",
  "created_at as createdAt",
  "expires_at as expiresAt",
  "last_used_at as lastUsedAt",
] as const;

export function apiKeyStore(source: Source): ApiKeyStore<Events> {
  const keys = source.db.selectFrom("hookwright_api_keys").select(columns);
  return {
    create: (key, facts) => inTransaction(source, (inside) => create(inside, key, facts)),
    findByHashes: (hashes) => keys.where("hash", "in", listOf(source, "text", hashes)).execute(),
    list: ({ tenant }) => keys.where("tenant", "=", tenant).orderBy("created_at").orderBy("id").execute(),
    remove: (of, facts) => inTransaction(source, (inside) => remove(inside, of, facts)),
    noteUse: async ({ id, at, unlessAfter }) => {
      const key = source.db.updateTable("hookwright_api_keys").set({ last_used_at: at }).where("id", "=", id);
      await key.where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<=", unlessAfter)])).execute();
    },
  };
}

async function create(source: Source, key: Omit<ApiKey, "lastUsedAt">, facts: Events): Promise<void> {
  const { id, tenant, role, description, hash, createdAt, expiresAt } = key;
  const row = { id, tenant, role, description, hash, created_at: createdAt, expires_at: expiresAt };
  await source.db.insertInto("hookwright_api_keys").values(row).execute();
  await append(source, facts);
}

async function remove(source: Source, of: { tenant: string; id: string }, facts: Events): Promise<boolean> {
  const matching = source.db.deleteFrom("hookwright_api_keys").where("id", "=", of.id).where("tenant", "=", of.tenant);
  if ((await matching.executeTakeFirst()).numDeletedRows === 0n) return false;
  await append(source, facts);
  return true;
}
