import type { Email, Id, Metadata, Text, UnixMs } from "../vocabulary.ts";

/** A user's account at an identity provider. */
export interface ExternalAccount {
  object: "external_account";
  /** `ext_` and a ULID. */
  id: Id;
  provider: Text<100>;
  provider_key: string;
  /** The user's id at the provider. */
  provider_user_id: Text<255>;
  /** Null when the provider does not tell it. */
  email_address: Email | null;
  scopes: string[];
  public_metadata: Metadata;
  verified: boolean;
  linked_at: UnixMs;
  last_signed_in_at: UnixMs | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface ExternalAccountEvents {
  /**
   * A user linked an account at an identity provider.
   *
   * @since v0.4
   */
  "externalAccount.connected": ExternalAccount;

  /**
   * A user unlinked an account at an identity provider.
   *
   * @since v0.4
   */
  "externalAccount.unlinked": ExternalAccount;
}
