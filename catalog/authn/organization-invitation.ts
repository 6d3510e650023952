import type { Email, Id, Metadata, UnixMs, Url } from "../vocabulary.ts";
import type { InvitationStatus } from "./invitation.ts";

export interface OrganizationInvitation {
  object: "organization_invitation";
  /** `orginv_` and a ULID. */
  id: Id;
  organization_id: Id;
  email_address: Email;
  /** The key of the role that the invited person will have, `org:member`. */
  role: string;
  role_name: string;
  /** Null or absent when your backend invited. */
  inviter_user_id?: Id | null;
  /** Where the invited person is sent after accepting. */
  redirect_url?: Url | null;
  status: InvitationStatus;
  public_metadata: Metadata;
  /** The link in the message. Null when none was sent. */
  url: Url | null;
  expires_at?: UnixMs | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface OrganizationInvitationEvents {
  /**
   * Somebody was invited into an organization.
   *
   * @since v0.2
   */
  "organizationInvitation.created": OrganizationInvitation;

  /**
   * The invited person joined the organization.
   *
   * @since v0.2
   */
  "organizationInvitation.accepted": OrganizationInvitation;

  /**
   * An invitation was revoked before it was accepted.
   *
   * @since v0.2
   */
  "organizationInvitation.revoked": OrganizationInvitation;
}
