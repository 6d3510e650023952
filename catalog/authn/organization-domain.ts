import type { Email, Id, Int, Text, UnixMs } from "../vocabulary.ts";

/** A domain whose addresses belong to an organization. */
export interface OrganizationDomain {
  object: "organization_domain";
  /** `orgdom_` and a ULID. */
  id: Id;
  organization_id: Id;
  name: Text<253>;
  verified: boolean;
  /** The challenge that is under way to verify it. Null when none is. */
  current_challenge_id: Id | null;
  /** What happens with a user who has an address of the domain. */
  enrollment_mode: "manual_invitation" | "automatic_invitation" | "automatic_suggestion";
  affiliation_email_address?: Email | null;
  total_pending_invitations: Int;
  total_pending_suggestions: Int;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface OrganizationDomainEvents {
  /**
   * A domain was added to an organization.
   *
   * @since v0.2
   */
  "organizationDomain.created": OrganizationDomain;

  /**
   * A domain changed; that it was verified is such a change.
   *
   * @since v0.2
   */
  "organizationDomain.updated": OrganizationDomain;

  /**
   * A domain was taken away from an organization. The payload is the last full snapshot.
   *
   * @since v0.2
   */
  "organizationDomain.deleted": OrganizationDomain;
}
