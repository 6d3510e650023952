import type { Id, Text, UnixMs } from "../vocabulary.ts";

export interface PhoneNumber {
  object: "phone_number";
  /** `phn_` and a ULID. */
  id: Id;
  /** In the form E.164, `^\+[1-9][0-9]{1,14}$`. */
  phone_number: Text<16>;
  verified: boolean;
  /** The challenge that is under way to verify it. Null when none is. */
  current_challenge_id: Id | null;
  is_primary: boolean;
  reserved_for_second_factor: boolean;
  default_second_factor: boolean;
  linked_to_external_account_id: Id | null;
  reserved?: boolean;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface PhoneNumberEvents {
  /**
   * A phone number was added to a user; it is not verified yet.
   *
   * @since v0.4
   */
  "phoneNumber.created": PhoneNumber;

  /**
   * A user proved to have the phone number: the challenge to verify it was met.
   *
   * @since v0.4
   */
  "phoneNumber.verified": PhoneNumber;

  /**
   * A phone number was taken away from a user.
   *
   * @since v0.4
   */
  "phoneNumber.removed": PhoneNumber;
}
