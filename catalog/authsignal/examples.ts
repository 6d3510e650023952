import type { Examples } from "../contract.ts";
import type { AuthsignalEvents } from "./contract.ts";

const login = {
  tenantId: "6f0d4b1e-94a7-4c52-8f3b-1d2e9a7c5b60",
  userId: "user_abc",
  actionCode: "login",
  idempotencyKey: "bb51e6b9-a7f8-4f03-8044-2940ae574236",
  createdAt: "2026-04-22T01:08:05.197Z",
} as const;

const withdrawal = {
  ...login,
  actionCode: "withdrawal",
  idempotencyKey: "0c7a2d94-5b1f-4e6a-9d38-7f2b6c1e4a85",
} as const;

export const examples = {
  "action.log_created": {
    "a challenge that succeeded": {
      ...login,
      updatedAt: "2026-04-22T01:10:34.067Z",
      state: "CHALLENGE_SUCCEEDED",
      stateUpdatedAt: "2026-04-22T01:10:34.067Z",
      outcome: "CHALLENGE",
      verificationMethod: "EMAIL_OTP",
      allowedVerificationMethods: ["PASSKEY", "EMAIL_OTP", "AUTHENTICATOR_APP"],
      rules: [{ id: "40fcd205-5318-41d7-b225-3b6122b13654", name: "challenge nz" }],
      priorityRuleId: "40fcd205-5318-41d7-b225-3b6122b13654",
      ipAddress: "203.0.113.24",
      countryCode: "NZ",
      email: "alice@acme.example",
      phoneNumber: "+64221234567",
      deviceId: "device_xyz",
      enrolledVerificationMethods: ["AUTHENTICATOR_APP", "EMAIL_OTP"],
      custom: { plan: "pro", seats: 12, trial: false },
    },
    "no rule fired": {
      ...withdrawal,
      updatedAt: "2026-04-22T01:08:05.197Z",
      state: "ALLOW",
      stateUpdatedAt: "2026-04-22T01:08:05.197Z",
      outcome: "ALLOW",
    },
  },
  "challenge.log_created": {
    "a code was sent": {
      ...login,
      createdAt: "2026-04-22T01:10:20.939Z",
      type: "EMAIL_OTP_SENT",
      verificationMethod: "EMAIL_OTP",
      email: "alice@acme.example",
    },
    "the provider failed": {
      ...withdrawal,
      createdAt: "2026-04-22T01:11:02.410Z",
      type: "SMS_SEND_DOWNSTREAM_FAILED",
      verificationMethod: "SMS",
      phoneNumber: "+64221234567",
      errorDescription: "The provider answered 503.",
      statusCode: "503",
      data: { provider: "sms-gateway", retries: 2 },
    },
    "a type alone": { ...login, createdAt: "2026-04-22T01:12:44.001Z", type: "TOTP_MAX_ATTEMPTS_EXCEEDED" },
  },
} satisfies Examples<AuthsignalEvents>;
