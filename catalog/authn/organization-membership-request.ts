import type { Id, UnixMs } from "../vocabulary.ts";
import type { PublicUserData } from "./public-user-data.ts";

/** A user asks to become a member. */
export interface OrganizationMembershipRequest {
  object: "organization_membership_request";
  /** `orgreq_` and a ULID. */
  id: Id;
  organization_id: Id;
  status: "pending" | "accepted" | "rejected" | "revoked" | "expired";
  public_user_data: PublicUserData;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface OrganizationMembershipRequestEvents {
  /**
   * A user asked to become a member of an organization.
   *
   * @since v0.2
   */
  "organizationMembershipRequest.created": OrganizationMembershipRequest;

  /**
   * The request was accepted; `organizationMembership.created` follows.
   *
   * @since v0.2
   */
  "organizationMembershipRequest.accepted": OrganizationMembershipRequest;

  /**
   * The request was rejected.
   *
   * @since v0.2
   */
  "organizationMembershipRequest.rejected": OrganizationMembershipRequest;
}
