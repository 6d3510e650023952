export type Role = "member" | "admin" | "owner";

/** An API key of a tenant. Only the SHA-256 of the key is kept. */
export interface ApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly role: Role;
  readonly description: string | null;
  readonly hash: string;
  readonly createdAt: number;
}

export interface ApiKeyStore {
  readonly create: (key: ApiKey) => Promise<void>;
  readonly findByHash: (hash: string) => Promise<ApiKey | null>;
  readonly list: (of: { tenant: string }) => Promise<readonly ApiKey[]>;
  /** False when the tenant has no such key. */
  readonly remove: (of: { tenant: string; id: string }) => Promise<boolean>;
}
