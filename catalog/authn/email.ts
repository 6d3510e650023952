import type { Email as EmailText, Id, Metadata, UnixMs } from "../vocabulary.ts";

/** A message that was written to a user. */
export interface Email {
  object: "email";
  /** `eml_` and a ULID. */
  id: Id;
  /** The template, `verification_code`. */
  slug: string;
  /** The part of the sender's address before the @. */
  from_email_name: string;
  to_email_address: EmailText;
  /** Null when the address belongs to no user yet. */
  email_address_id: Id | null;
  user_id: Id | null;
  subject: string;
  /** HTML. */
  body: string;
  /** The same as text. Null when the template has none. */
  body_plain: string | null;
  status: "queued" | "sent" | "failed";
  /** What the template was filled with. One-time codes stand here only where `delivered_by_us` is false. */
  data: Metadata;
  /** False when you send the message yourself. */
  delivered_by_us: boolean;
  created_at: UnixMs;
}

export interface EmailEvents {
  /**
   * A message to a user was written: a one-time code, a magic link, an invitation, a notice.
   *
   * Signing in or up with a magic link has no event type of its own; this one reports its message.
   *
   * @since v0.1
   */
  "email.created": Email;
}
