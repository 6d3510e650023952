import { expect, test } from "vitest";
import { authsignal } from "../../catalog/authsignal/contract.ts";
import { exampleEvents } from "../../generator/example-events.ts";
import { fieldsOf, presence, readContract } from "./read-contract.ts";

const contract = readContract("authsignal");
const action = fieldsOf(contract, "ActionRecord");
const challenge = fieldsOf(contract, "ChallengeRecord");

/** The page names the most common values: others are emitted too, and a receiver takes them. */
const others = { open: true, others: "emitted" };

test("R-AUTHSIGNAL-13: there are two types of record", () => {
  expect(contract.events.map(({ name, data }) => [name, data])).toEqual([
    ["action.log_created", "ActionRecord"],
    ["challenge.log_created", "ChallengeRecord"],
  ]);
});

test("R-AUTHSIGNAL-14, R-AUTHSIGNAL-16: what a record always has, and what is omitted when there is none", () => {
  expect(presence(action)).toEqual({
    required: "tenantId userId actionCode idempotencyKey createdAt updatedAt state stateUpdatedAt outcome",
    optional:
      "verificationMethod allowedVerificationMethods rules priorityRuleId ipAddress countryCode email phoneNumber " +
      "deviceId enrolledVerificationMethods custom customVariables",
  });
  expect(presence(challenge)).toEqual({
    required: "tenantId userId actionCode idempotencyKey createdAt type",
    optional: "verificationMethod email phoneNumber errorDescription statusCode data customVariables",
  });
});

test("R-AUTHSIGNAL-16: nothing is ever null", () => {
  const fields = contract.shapes.flatMap((shape) => (shape.kind === "object" ? shape.fields : []));
  expect(fields.filter(({ nullable }) => nullable)).toEqual([]);
});

test("R-AUTHSIGNAL-15: an outcome is one of four, and a state one of eight or later ones (F-AUTHSIGNAL-09)", () => {
  const outcome = { kind: "enum", values: ["ALLOW", "BLOCK", "CHALLENGE", "REVIEW"], open: false };
  expect(action.get("outcome")?.type).toEqual(outcome);
  const states =
    "ALLOW BLOCK CHALLENGE_REQUIRED CHALLENGE_SUCCEEDED CHALLENGE_FAILED REVIEW_REQUIRED REVIEW_SUCCEEDED REVIEW_FAILED";
  expect(action.get("state")?.type).toEqual({ kind: "enum", values: states.split(" "), ...others });
});

test("R-AUTHSIGNAL-18: a provider's status is text", () => {
  expect(challenge.get("statusCode")?.type).toMatchObject({ kind: "string", format: null });
});

test("R-AUTHSIGNAL-19: 28 types of challenge are known, and others may come", () => {
  const known = `EMAIL_OTP_SENT EMAIL_OTP_CODE_VALID EMAIL_OTP_INVALID_OR_EXPIRED EMAIL_OTP_MAX_ATTEMPTS_EXCEEDED
EMAIL_OTP_RATE_LIMIT_EXCEEDED EMAIL_OTP_SEND_DOWNSTREAM_FAILED EMAIL_MAGIC_LINK_SENT
EMAIL_MAGIC_LINK_INVALID_OR_EXPIRED EMAIL_MAGIC_LINK_RATE_LIMIT_EXCEEDED EMAIL_MAGIC_LINK_SEND_DOWNSTREAM_FAILED
SMS_SENT SMS_DELIVERED SMS_NOT_DELIVERED SMS_CODE_VALID SMS_CODE_INVALID_OR_EXPIRED SMS_MAX_ATTEMPTS_EXCEEDED
SMS_RATE_LIMIT_EXCEEDED SMS_SEND_DOWNSTREAM_FAILED WHATSAPP_SENT WHATSAPP_CODE_VALID
WHATSAPP_CODE_INVALID_OR_EXPIRED WHATSAPP_MAX_ATTEMPTS_EXCEEDED WHATSAPP_RATE_LIMIT_EXCEEDED
WHATSAPP_SEND_DOWNSTREAM_FAILED TOTP_CODE_VALID TOTP_CODE_INVALID_OR_EXPIRED TOTP_MAX_ATTEMPTS_EXCEEDED PUSH_SENT`;
  const values = known.split(/\s/);
  expect(values.length).toBe(28);
  expect(challenge.get("type")?.type).toEqual({ kind: "enum", values, ...others });
});

test("R-AUTHSIGNAL-11, R-AUTHSIGNAL-17, D-AUTHSIGNAL-06: the order of the wire", () => {
  for (const eventType of contract.events)
    for (const { event } of exampleEvents(contract, eventType)) {
      expect(Object.keys(event)).toEqual(["version", "id", "source", "time", "tenantId", "type", "record"]);
      expect(event).toMatchObject({
        version: 1,
        source: "https://authsignal.com",
        record: { tenantId: event["tenantId"] },
      });
    }
});

test("R-AUTHSIGNAL-03, R-AUTHSIGNAL-05, R-AUTHSIGNAL-10: up to 500 records in an object, after a quarter of an hour", () => {
  expect(authsignal).toMatchObject({
    mode: "stream",
    batch: { body: { kind: "object", member: "records" }, recordsMax: 500, single: null },
    delay: { defaultSeconds: 900 },
    schedule: { kind: "continuously" },
    filter: { kind: "none" },
  });
});

test("R-AUTHSIGNAL-02, R-AUTHSIGNAL-04, D-AUTHSIGNAL-02: 2xx is accepted, and all else is tried again without end", () => {
  expect(authsignal).toMatchObject({
    retry: { kind: "endless", firstSeconds: 60, maxSeconds: 3600, jitter: 0.1 },
    timeoutSeconds: 30,
  });
  expect(authsignal.outcomes.filter(({ then }) => then === "deliver")).toEqual([{ on: "2xx", then: "deliver" }]);
  expect(authsignal.outcomes.filter(({ then }) => then === "reject")).toEqual([]);
});

test("F-AUTHSIGNAL-03, F-AUTHSIGNAL-04, D-AUTHSIGNAL-07: only old signatures are refused; two keys of the tenant sign", () => {
  expect(authsignal.headers).toEqual({ "X-Signature-V2": "signature" });
  expect(authsignal.signature).toMatchObject({ toleranceSeconds: 300, toleranceSides: "past" });
  expect(authsignal.secret).toMatchObject({ prefix: "", scope: "tenant", rotation: { kind: "keys", activeMax: 2 } });
});

test("R-AUTHSIGNAL-20: the documents name the addresses that requests come from", () => {
  const addresses = `44.224.97.232 44.230.210.235 44.236.208.22 52.33.85.88 13.210.81.243 3.105.80.107 54.252.129.142
34.247.148.106 34.253.116.90 54.171.116.55 16.52.98.180 16.54.49.43 16.54.18.28`;
  expect(authsignal.doc.match(/\d+\.\d+\.\d+\.\d+/g)).toEqual(addresses.split(/\s/));
});
