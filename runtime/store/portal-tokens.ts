import type { PortalToken, PortalTokenStore } from "../seams/api-key-store.ts";
import type { Events } from "../seams/log-store.ts";
import { append } from "./append.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export function portalTokenStore(source: Source): PortalTokenStore<Events> {
  return {
    create: (token, of) => inTransaction(source, (inside) => create(inside, token, of)),
    findByHashes: (hashes) =>
      source.db
        .selectFrom("hookwright_portal_tokens")
        .select(["id", "tenant", "scope", "hash", "expires_at as expiresAt"])
        .where("hash", "in", listOf(source, "text", hashes))
        .execute(),
  };
}

async function create(source: Source, token: PortalToken, of: { now: number; facts: Events }): Promise<void> {
  const { id, tenant, scope, hash, expiresAt } = token;
  await source.db
    .deleteFrom("hookwright_portal_tokens")
    .where("tenant", "=", tenant)
    .where("expires_at", "<=", of.now)
    .execute();
  await source.db
    .insertInto("hookwright_portal_tokens")
    .values({ id, tenant, scope, hash, expires_at: expiresAt })
    .execute();
  await append(source, of.facts);
}
