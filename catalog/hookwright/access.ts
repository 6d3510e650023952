import type { Id, Timestamp } from "../vocabulary.ts";

export interface AccessEvents {
  /** A key for the API was made. */
  "api_key.created": {
    apiKeyId: Id;
    /** What it may do: `member` reads, `admin` also changes, `owner` also manages keys. */
    role: "member" | "admin" | "owner";
    /** Null: it does not expire. */
    expiresAt: Timestamp | null;
    /** Who did it: the id of the API key, or `operator`. */
    actorId: Id;
  };

  /** A key for the API was revoked: within a second nothing accepts it any more. */
  "api_key.revoked": {
    apiKeyId: Id;
    /** Who did it: the id of the API key, or `operator`. */
    actorId: Id;
  };

  /** A short-lived token was made, which shows its bearer the tenant's endpoints and deliveries and nothing else. */
  "portal_token.created": {
    portalTokenId: Id;
    /** What its bearer may do: `read` them, or `manage` them. */
    scope: "read" | "manage";
    expiresAt: Timestamp;
    /** Who did it: the id of the API key, or `operator`. */
    actorId: Id;
  };
}
