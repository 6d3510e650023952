import type { Email, Id, Metadata, Open, Timestamp, Uuid } from "../vocabulary.ts";

/** A means by which a user can prove who they are. */
export type VerificationMethod = Open<
  | "SMS"
  | "EMAIL_OTP"
  | "EMAIL_MAGIC_LINK"
  | "AUTHENTICATOR_APP"
  | "PASSKEY"
  | "SECURITY_KEY"
  | "PUSH"
  | "VERIFF"
  | "IPROOV"
  | "IDVERSE"
  | "PALM_BIOMETRICS_RR"
  | "RECOVERY_CODE"
  | "DEVICE"
  | "WHATSAPP",
  string
>;

/** A rule that fired. */
export interface FiredRule {
  id: Uuid;
  name: string;
}

/** An action as it stood when nothing about it could change any more. */
export interface ActionRecord {
  /** The same tenant as that of the envelope. */
  tenantId: Id;
  /** Who triggered the action. */
  userId: Id;
  /** What was evaluated, `login`. */
  actionCode: string;
  /** Unique for each action. */
  idempotencyKey: string;
  /** When the action was first evaluated. */
  createdAt: Timestamp;
  updatedAt: Timestamp;
  /** How the action ended. */
  state: Open<
    | "ALLOW"
    | "BLOCK"
    | "CHALLENGE_REQUIRED"
    | "CHALLENGE_SUCCEEDED"
    | "CHALLENGE_FAILED"
    | "REVIEW_REQUIRED"
    | "REVIEW_SUCCEEDED"
    | "REVIEW_FAILED",
    string
  >;
  stateUpdatedAt: Timestamp;
  /** What the rules decided. It stays as it is for the life of the action. */
  outcome: "ALLOW" | "BLOCK" | "CHALLENGE" | "REVIEW";
  /** The method by which the user passed the challenge. Absent when none was passed. */
  verificationMethod?: VerificationMethod;
  /** The methods the user was offered. Absent rather than empty. */
  allowedVerificationMethods?: VerificationMethod[];
  /** The rules that fired. Absent when none did. */
  rules?: FiredRule[];
  /** Of several rules that fired, the one that decided. */
  priorityRuleId?: Uuid;
  /** Where the request came from. */
  ipAddress?: string;
  /** The country of that address, in two letters (ISO 3166-1). */
  countryCode?: string;
  /** The user's address at the time of the action. */
  email?: Email;
  /** The user's number at the time of the action (E.164). */
  phoneNumber?: string;
  deviceId?: Id;
  /** The methods the user had enrolled at the time of the action. */
  enrolledVerificationMethods?: VerificationMethod[];
  /** What the application added, with keys of its own. Absent rather than empty. */
  custom?: Metadata;
  /** What the application gave to the action's messages. Absent rather than empty. */
  customVariables?: Metadata;
}

export interface ActionEvents {
  /**
   * An action reached its end, or its challenge token ran out.
   *
   * The record is a snapshot of the action at that time.
   */
  "action.log_created": ActionRecord;
}
