import type { Id, Int, Metadata, Text, UnixMs, Url } from "../vocabulary.ts";

export interface Organization {
  object: "organization";
  /** `org_` and a ULID. */
  id: Id;
  /** At least 1 character. */
  name: Text<256>;
  /** `^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$`. */
  slug: Text<64>;
  image_url?: Url | null;
  has_image: boolean;
  members_count: Int;
  pending_invitations_count: Int;
  /** Null or absent when there is no limit. */
  max_allowed_memberships?: Int | null;
  /** Whether its administrators may delete it. */
  admin_delete_enabled: boolean;
  public_metadata: Metadata;
  private_metadata: Metadata;
  /** The user who created it. Null when an operator did. */
  created_by: Id | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface OrganizationEvents {
  /**
   * An organization was created.
   *
   * @since v0.2
   */
  "organization.created": Organization;

  /**
   * An organization changed.
   *
   * @since v0.2
   */
  "organization.updated": Organization;

  /**
   * An organization was deleted. The payload is the last full snapshot.
   *
   * @since v0.2
   */
  "organization.deleted": Organization;
}
