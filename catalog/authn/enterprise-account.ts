import type { Email, Id, Metadata, Text, UnixMs } from "../vocabulary.ts";

/** A user's account at an organization's own identity provider. */
export interface EnterpriseAccount {
  object: "enterprise_account";
  /** `entacc_` and a ULID. */
  id: Id;
  enterprise_connection_id: Id;
  /** The user's id at the provider. */
  provider_user_id: Text<255>;
  /** Null when the provider does not tell it. */
  email_address: Email | null;
  verified: boolean;
  public_metadata: Metadata;
  linked_at: UnixMs;
  last_signed_in_at: UnixMs | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface EnterpriseAccountEvents {
  /**
   * A user signed in over an enterprise connection for the first time.
   *
   * @since v0.6
   */
  "enterpriseAccount.connected": EnterpriseAccount;

  /**
   * An operator unlinked a user's enterprise account.
   *
   * @since v0.6
   */
  "enterpriseAccount.unlinked": EnterpriseAccount;
}
