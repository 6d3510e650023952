import type { RenderFact } from "../events.ts";
import type { ApiKey, PortalScope, PortalToken, Role } from "../seams/api-key-store.ts";
import type { Clock } from "../seams/clock.ts";
import type { NewId, Random } from "../contracts/identifier.ts";
import { HookwrightError } from "../errors.ts";
import { refuseReserved } from "../contracts/reserved-tenant.ts";
import { createKeyCache } from "./key-cache.ts";
import { keyHash, keyPrefixes, newApiKey } from "../secrets/api-key.ts";
import type { Store } from "../seams/store.ts";

/** Who a key or a token belongs to, and what it may do. */
export interface KeyHolder {
  readonly id: string;
  readonly tenant: string;
  readonly role: Role;
  /** A token that reaches the tenant's endpoints and deliveries and nothing else. */
  readonly isPortal: boolean;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

/** Who does it: stands in the fact that says so. */
export interface By {
  readonly tenant: string;
  readonly actorId: string;
}

/** API keys and portal tokens. Each change is written together with the event that says so. */
export interface Keys {
  /** The key is shown this once. Throws `invalid_request` for a time that has passed. */
  readonly create: (
    by: By,
    key: Pick<ApiKey, "role" | "description" | "expiresAt">,
  ) => Promise<{ readonly apiKey: ApiKey; readonly key: string }>;
  readonly list: (of: { readonly tenant: string }) => Promise<readonly ApiKey[]>;
  /** From here on this process refuses it; others do within `keyCacheMs`. Throws `not_found`. */
  readonly revoke: (by: By, id: string) => Promise<void>;
  readonly createPortalToken: (
    by: By,
    token: { readonly scope: PortalScope; readonly seconds: number },
  ) => Promise<{ readonly id: string; readonly token: string; readonly expiresAt: number }>;
  /** Whose key it is; `hash` is what `keyHash` makes of it. Null: nobody's, or it has expired. */
  readonly holderOf: (key: string, hash?: string) => Promise<KeyHolder | null>;
  /** Notes that a key is used, at most once a minute. Resolves when that is written. Null: nothing has to be written. */
  readonly noteUse: (holder: KeyHolder) => Promise<void> | null;
}

export interface KeysParts {
  readonly store: Pick<Store, "apiKeys" | "portalTokens">;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly renderFact: RenderFact;
  /** Called when a fact was appended. */
  readonly wake: () => void;
}

/** A request then writes to its key's row once a minute, and a busy key's row does not grow versions. */
const usePeriodMs = 60_000;

const idFormat = { prefix: "", format: "ulid" } as const;

export function createKeys(parts: KeysParts): Keys {
  const { clock, renderFact } = parts;
  const { apiKeys, portalTokens } = parts.store;
  const apiKeyHolders = createKeyCache<KeyHolder>(clock, async (hashes) => {
    const found = await apiKeys.findByHashes(hashes);
    return new Map(found.map((key) => [key.hash, { ...key, isPortal: false }]));
  });
  const portalHolders = createKeyCache<KeyHolder>(clock, async (hashes) => {
    const found = await portalTokens.findByHashes(hashes);
    return new Map(found.map((token) => [token.hash, portalHolder(token)]));
  });
  const notedAt = new Map<string, number>();

  return {
    create: async ({ tenant, actorId }, { role, description, expiresAt }) => {
      refuseReserved(tenant);
      refusePast(expiresAt, clock.now());
      const id = parts.newId(idFormat, clock.now());
      const key = newApiKey(id, parts.random);
      const made = { id, tenant, role, description, hash: keyHash(key), createdAt: clock.now(), expiresAt };
      const data = { apiKeyId: id, role, expiresAt: expiresAt === null ? null : iso(expiresAt), actorId };
      await apiKeys.create(made, renderFact({ type: "api_key.created", tenant, data }));
      parts.wake();
      return { apiKey: { ...made, lastUsedAt: null }, key };
    },
    list: apiKeys.list,
    revoke: async ({ tenant, actorId }, id) => {
      const facts = renderFact({ type: "api_key.revoked", tenant, data: { apiKeyId: id, actorId } });
      const isRemoved = await apiKeys.remove({ tenant, id }, facts);
      if (!isRemoved) throw new HookwrightError("not_found", `There is no API key ${JSON.stringify(id)}.`);
      apiKeyHolders.clear();
      parts.wake();
    },
    createPortalToken: async ({ tenant, actorId }, { scope, seconds }) => {
      refuseReserved(tenant);
      const now = clock.now();
      const number = parts.newId(idFormat, now);
      const token = newApiKey(number, parts.random, keyPrefixes.portalToken);
      const id = `portal_${number}`;
      const expiresAt = now + seconds * 1000;
      const data = { portalTokenId: id, scope, expiresAt: iso(expiresAt), actorId };
      const facts = renderFact({ type: "portal_token.created", tenant, data });
      await portalTokens.create({ id, tenant, scope, hash: keyHash(token), expiresAt }, { now, facts });
      parts.wake();
      return { id, token, expiresAt };
    },
    holderOf: async (key, hash = keyHash(key)) => {
      const holders = key.startsWith(keyPrefixes.portalToken) ? portalHolders : apiKeyHolders;
      const holder = await holders.get(hash);
      return holder === null || isOver(holder.expiresAt, clock.now()) ? null : holder;
    },
    noteUse: ({ id, isPortal, lastUsedAt }) => {
      const at = clock.now();
      if (isPortal || at - Math.max(lastUsedAt ?? -Infinity, notedAt.get(id) ?? -Infinity) < usePeriodMs) return null;
      notedAt.set(id, at);
      return apiKeys.noteUse({ id, at, unlessAfter: at - usePeriodMs });
    },
  };
}

function portalHolder({ id, tenant, scope, expiresAt }: PortalToken): KeyHolder {
  return { id, tenant, role: portalRoles[scope], isPortal: true, expiresAt, lastUsedAt: null };
}

/** What it may do where a portal token may go at all. */
const portalRoles: Readonly<Record<PortalScope, Role>> = { read: "member", manage: "admin" };

const isOver = (expiresAt: number | null, now: number): boolean => expiresAt !== null && expiresAt <= now;

function refusePast(expiresAt: number | null, now: number): void {
  if (!isOver(expiresAt, now)) return;
  const message = `expiresAt: expected a time after ${iso(now)}, got one before it.`;
  throw new HookwrightError("invalid_request", message, { path: "expiresAt" });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
