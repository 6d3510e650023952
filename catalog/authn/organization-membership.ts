import type { Id, Metadata, UnixMs } from "../vocabulary.ts";
import type { Organization } from "./organization.ts";
import type { PublicUserData } from "./public-user-data.ts";

export interface OrganizationMembership {
  object: "organization_membership";
  /** `orgmem_` and a ULID. */
  id: Id;
  /** The role's key, `org:member`. */
  role: string;
  role_name: string;
  permissions: string[];
  public_metadata: Metadata;
  private_metadata: Metadata;
  organization: Organization;
  public_user_data: PublicUserData;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface OrganizationMembershipEvents {
  /**
   * A user became a member of an organization.
   *
   * @since v0.2
   */
  "organizationMembership.created": OrganizationMembership;

  /**
   * A member has another role, or other metadata.
   *
   * @since v0.2
   */
  "organizationMembership.updated": OrganizationMembership;

  /**
   * A member left an organization, or was removed from it. The payload is the last full snapshot.
   *
   * @since v0.2
   */
  "organizationMembership.deleted": OrganizationMembership;
}
