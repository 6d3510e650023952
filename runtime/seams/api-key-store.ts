export type Role = "member" | "admin" | "owner";

/** An API key of a tenant. Only the SHA-256 of the key is kept. */
export interface ApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly role: Role;
  readonly description: string | null;
  readonly hash: string;
  readonly createdAt: number;
  /** Null: it does not expire. */
  readonly expiresAt: number | null;
  /** To the minute. Null: it was not used yet. */
  readonly lastUsedAt: number | null;
}

/** `Facts` are the events that say what was done; they are appended in the same transaction. */
export interface ApiKeyStore<Facts> {
  readonly create: (key: Omit<ApiKey, "lastUsedAt">, facts: Facts) => Promise<void>;
  /** The keys with these hashes, in any order. */
  readonly findByHashes: (hashes: readonly string[]) => Promise<readonly ApiKey[]>;
  readonly list: (of: { tenant: string }) => Promise<readonly ApiKey[]>;
  /** False when the tenant has no such key; then nothing is appended. */
  readonly remove: (of: { tenant: string; id: string }, facts: Facts) => Promise<boolean>;
  /** Writes nothing where the last use that was noted is later than `unlessAfter`. */
  readonly noteUse: (of: { id: string; at: number; unlessAfter: number }) => Promise<void>;
}

export type PortalScope = "read" | "manage";

/** A short-lived token for the endpoints and deliveries of one tenant. Only the SHA-256 of the token is kept. */
export interface PortalToken {
  readonly id: string;
  readonly tenant: string;
  readonly scope: PortalScope;
  readonly hash: string;
  readonly expiresAt: number;
}

export interface PortalTokenStore<Facts> {
  /** Drops the tenant's tokens that have expired at `now` as well. */
  readonly create: (token: PortalToken, of: { now: number; facts: Facts }) => Promise<void>;
  /** The tokens with these hashes, in any order. */
  readonly findByHashes: (hashes: readonly string[]) => Promise<readonly PortalToken[]>;
}
