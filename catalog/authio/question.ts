import type { Email, Id, Metadata, Open } from "../vocabulary.ts";

export interface ActionUser {
  id: Id;
  /** Null when the user has none. */
  email: Email | null;
}

export interface ActionSession {
  /** Null while there is no session row yet. */
  id: Id | null;
  /** Null when the user acts for no organization. */
  organization_id: Id | null;
}

/** The request that somebody made of the product. What it did not say is null. */
export interface ActionRequest {
  ip: string | null;
  user_agent: string | null;
  method: Open<"passkey" | "password" | "oauth" | "magic_link"> | null;
}

export interface ActionMetadata {
  /** There on a test question alone, which a receiver may answer with `{ "decision": "allow" }` and nothing else. */
  test?: true;
}

/** A question of before it is known for sure who asks. */
export interface EarlyQuestion {
  /** Null while it is not known who it is. */
  user: ActionUser | null;
  session: ActionSession | null;
  request: ActionRequest;
  metadata: ActionMetadata;
}

export interface UserQuestion {
  user: ActionUser;
  session: ActionSession | null;
  request: ActionRequest;
  metadata: ActionMetadata;
}

export interface TokenQuestion {
  user: ActionUser;
  session: ActionSession;
  /** What the access token says. */
  claims: Metadata;
  request: ActionRequest;
  metadata: ActionMetadata;
}
