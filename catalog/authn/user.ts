import type { Id, Int, Metadata, Text, UnixMs, Url } from "../vocabulary.ts";
import type { EmailAddress } from "./email-address.ts";
import type { EnterpriseAccount } from "./enterprise-account.ts";
import type { ExternalAccount } from "./external-account.ts";
import type { Passkey } from "./passkey.ts";
import type { PhoneNumber } from "./phone-number.ts";

export interface User {
  object: "user";
  /** `user_` and a ULID. */
  id: Id;
  /** The user's id in your own system. */
  external_id?: Text<255> | null;
  /** At least 4 characters. */
  username?: Text<64> | null;
  first_name?: Text<256> | null;
  last_name?: Text<256> | null;
  image_url?: Url | null;
  has_image: boolean;
  primary_email_address_id?: Id | null;
  primary_phone_number_id?: Id | null;
  email_addresses: EmailAddress[];
  phone_numbers: PhoneNumber[];
  external_accounts: ExternalAccount[];
  enterprise_accounts: EnterpriseAccount[];
  passkeys: Passkey[];
  /** From 0. */
  passkey_count: Int;
  password_enabled: boolean;
  two_factor_enabled: boolean;
  totp_enabled: boolean;
  backup_code_enabled: boolean;
  mfa_enabled_at?: UnixMs | null;
  mfa_disabled_at?: UnixMs | null;
  banned: boolean;
  locked: boolean;
  /** When the lock ends by itself. Null when it does not, or there is none. */
  lockout_expires_at?: UnixMs | null;
  last_sign_in_at?: UnixMs | null;
  last_active_at?: UnixMs | null;
  /** Whether the user may delete the account. */
  delete_self_enabled: boolean;
  locale?: string | null;
  /** Read by everybody, written by your backend. */
  public_metadata: Metadata;
  /** Read and written by your backend alone. */
  private_metadata: Metadata;
  /** Read and written by the user as well. */
  unsafe_metadata: Metadata;
  created_at: UnixMs;
  updated_at: UnixMs;
}

/** The events about users wrap their resource; all others are it. */
export interface UserChange {
  user: User;
}

export interface UserEvents {
  /**
   * A user signed up, or was created by an operator.
   *
   * @since v0.1
   */
  "user.created": UserChange;

  /**
   * A user changed.
   *
   * @since v0.1
   */
  "user.updated": UserChange;

  /**
   * A user was deleted. The payload is the last full snapshot.
   *
   * @since v0.1
   */
  "user.deleted": UserChange;
}
