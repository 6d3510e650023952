import type { Email, Id, Metadata, Open, Timestamp } from "../vocabulary.ts";
import type { VerificationMethod } from "./action.ts";

/** What can happen in a challenge; the most common of it is named. */
export type ChallengeType = Open<
  | "EMAIL_OTP_SENT"
  | "EMAIL_OTP_CODE_VALID"
  | "EMAIL_OTP_INVALID_OR_EXPIRED"
  | "EMAIL_OTP_MAX_ATTEMPTS_EXCEEDED"
  | "EMAIL_OTP_RATE_LIMIT_EXCEEDED"
  | "EMAIL_OTP_SEND_DOWNSTREAM_FAILED"
  | "EMAIL_MAGIC_LINK_SENT"
  | "EMAIL_MAGIC_LINK_INVALID_OR_EXPIRED"
  | "EMAIL_MAGIC_LINK_RATE_LIMIT_EXCEEDED"
  | "EMAIL_MAGIC_LINK_SEND_DOWNSTREAM_FAILED"
  | "SMS_SENT"
  | "SMS_DELIVERED"
  | "SMS_NOT_DELIVERED"
  | "SMS_CODE_VALID"
  | "SMS_CODE_INVALID_OR_EXPIRED"
  | "SMS_MAX_ATTEMPTS_EXCEEDED"
  | "SMS_RATE_LIMIT_EXCEEDED"
  | "SMS_SEND_DOWNSTREAM_FAILED"
  | "WHATSAPP_SENT"
  | "WHATSAPP_CODE_VALID"
  | "WHATSAPP_CODE_INVALID_OR_EXPIRED"
  | "WHATSAPP_MAX_ATTEMPTS_EXCEEDED"
  | "WHATSAPP_RATE_LIMIT_EXCEEDED"
  | "WHATSAPP_SEND_DOWNSTREAM_FAILED"
  | "TOTP_CODE_VALID"
  | "TOTP_CODE_INVALID_OR_EXPIRED"
  | "TOTP_MAX_ATTEMPTS_EXCEEDED"
  | "PUSH_SENT",
  string
>;

/** One thing that happened in a challenge. */
export interface ChallengeRecord {
  /** The same tenant as that of the envelope. */
  tenantId: Id;
  /** Who was challenged. */
  userId: Id;
  /** The action that was challenged, `login`. */
  actionCode: string;
  /** That of the action. */
  idempotencyKey: string;
  createdAt: Timestamp;
  type: ChallengeType;
  verificationMethod?: VerificationMethod;
  /** Where it went, if by e-mail. */
  email?: Email;
  /** Where it went, if by SMS or WhatsApp (E.164). */
  phoneNumber?: string;
  /** What failed, in words, where the type ends in `_FAILED`. */
  errorDescription?: string;
  /** The status of the provider that failed, as text. */
  statusCode?: string;
  /** What else there is to say. Absent rather than empty. */
  data?: Metadata;
  /** What the application gave to the action's messages. Absent rather than empty. */
  customVariables?: Metadata;
}

export interface ChallengeEvents {
  /** Something happened in a challenge: a code was sent, was right or wrong, or a limit was reached. */
  "challenge.log_created": ChallengeRecord;
}
