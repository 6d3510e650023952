import type { Email, Id, Metadata, UnixMs, Url } from "../vocabulary.ts";

/** What has become of an invitation. */
export type InvitationStatus = "pending" | "accepted" | "revoked" | "expired";

/** An invitation to sign up. */
export interface Invitation {
  object: "invitation";
  /** `inv_` and a ULID. */
  id: Id;
  email_address: Email;
  /** Where the invited person is sent after signing up. */
  redirect_url?: Url | null;
  public_metadata: Metadata;
  status: InvitationStatus;
  revoked: boolean;
  /** The link in the message. */
  url: Url;
  expires_at?: UnixMs | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface InvitationEvents {
  /**
   * Somebody was invited to sign up.
   *
   * @since v0.1
   */
  "invitation.created": Invitation;

  /**
   * The invited person signed up.
   *
   * @since v0.1
   */
  "invitation.accepted": Invitation;

  /**
   * An invitation was revoked before it was accepted.
   *
   * @since v0.1
   */
  "invitation.revoked": Invitation;
}
