import type { Id, UnixMs, WithMeta } from "../vocabulary.ts";

/** A user's consent to what an OAuth application may do. */
export interface AuthorizationGrant {
  object: "authorization_grant";
  /** `authgrant_` and a ULID. */
  id: Id;
  oauth_application_id: Id;
  user_id: Id;
  scopes: string[];
  granted_at: UnixMs;
  /** Null while it holds. */
  revoked_at: UnixMs | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

/** Beside a grant, in the envelope. */
export interface AuthorizationGrantMeta {
  /** Who acted: the user, or an operator over the backend API. */
  surface: "user" | "operator";
}

export interface AuthorizationGrantEvents {
  /**
   * A user consented to an OAuth application for the first time.
   *
   * @since v0.7
   */
  "authorizationGrant.granted": WithMeta<AuthorizationGrant, AuthorizationGrantMeta>;

  /**
   * A grant was revoked, by the user or by an operator; `meta.surface` tells which.
   *
   * @since v0.7
   */
  "authorizationGrant.revoked": WithMeta<AuthorizationGrant, AuthorizationGrantMeta>;
}
