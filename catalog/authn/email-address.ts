import type { Email, Id, UnixMs } from "../vocabulary.ts";

/** What an address came from, such as an account at an identity provider. */
export interface IdentificationLink {
  id: Id;
  type: string;
}

export interface EmailAddress {
  object: "email_address";
  /** `idn_` and a ULID. */
  id: Id;
  email_address: Email;
  verified: boolean;
  /** The challenge that is under way to verify it. Null when none is. */
  current_challenge_id: Id | null;
  linked_to: IdentificationLink[];
  /** Whether it is kept for somebody who has not verified it yet; false when absent. */
  reserved?: boolean;
  created_at: UnixMs;
  updated_at: UnixMs;
}
