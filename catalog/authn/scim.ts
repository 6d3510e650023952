import type { Id, Text, UnixMs, WriteOnly } from "../vocabulary.ts";
import type { User } from "./user.ts";

/** What an organization's directory signs its SCIM requests with. */
export interface ScimToken {
  object: "scim_token";
  /** `scimt_` and a ULID. */
  id: Id;
  organization_id: Id;
  name: Text<100>;
  /** The first characters of the token, to tell it from others. */
  prefix: string;
  token?: WriteOnly<string>;
  created_at: UnixMs;
  revoked_at: UnixMs | null;
}

export interface ScimTokenEvents {
  /**
   * A SCIM token was issued.
   *
   * @since v0.6
   */
  "scimToken.issued": ScimToken;

  /**
   * A SCIM token was revoked.
   *
   * @since v0.6
   */
  "scimToken.revoked": ScimToken;
}

/** A user, and whose directory it was that acted. */
export interface ScimUserChange {
  user: User;
  /** The connection that drove the operation. Null when the directory has none. */
  enterprise_connection_id: Id | null;
  organization_id: Id;
}

export interface ScimUserEvents {
  /**
   * An organization's directory created a user, or activated one again.
   *
   * @since v0.6
   */
  "scimUser.provisioned": ScimUserChange;

  /**
   * An organization's directory deactivated a user, or deleted one.
   *
   * @since v0.6
   */
  "scimUser.deprovisioned": ScimUserChange;
}
