import { contract } from "../contract.ts";
import type { ActionEvents } from "./action.ts";
import type { ChallengeEvents } from "./challenge.ts";
import { examples } from "./examples.ts";

export interface AuthsignalEvents extends ActionEvents, ChallengeEvents {}

export const authsignal = contract<AuthsignalEvents>({
  id: "authsignal",
  title: "Authsignal log events",
  doc: `Signed batches of up to 500 log records of a tenant: actions as they ended, and what happened in their challenges.

A record is sent once its challenge token has run out, 15 minutes after it was made unless the tenant has another
duration. Delivery is at least once and goes on until it is accepted: deduplicate on the record's \`id\`. What has no
value is absent, never null.

| region        | requests come from                                        |
| ------------- | --------------------------------------------------------- |
| US (Oregon)   | 44.224.97.232, 44.230.210.235, 44.236.208.22, 52.33.85.88 |
| AU (Sydney)   | 13.210.81.243, 3.105.80.107, 54.252.129.142               |
| EU (Dublin)   | 34.247.148.106, 34.253.116.90, 54.171.116.55              |
| CA (Montreal) | 16.52.98.180, 16.54.49.43, 16.54.18.28                    |`,
  mode: "stream",
  producer: "product",
  tenant: { noun: "tenant", example: "6f0d4b1e-94a7-4c52-8f3b-1d2e9a7c5b60", member: "tenantId" },
  omits: "empty",
  // In the order of the page's example (D-AUTHSIGNAL-06).
  envelope: {
    version: { constant: 1, others: "unknown", doc: "The version of the record's form." },
    id: { from: "event.id", doc: "The record; the same whenever it is sent again. Deduplicate on it." },
    source: { constant: "https://authsignal.com", doc: "Who made it." },
    time: { from: "event.time", format: "iso-8601-ms", doc: "When it was made, in UTC." },
    tenantId: { from: "tenant", doc: "The tenant it is of." },
    type: { from: "event.type", doc: "What was recorded." },
    record: { from: "data", doc: "The record; its shape follows from `type`." },
  },
  ids: {
    event: { prefix: "", format: "uuid" },
    endpoint: { prefix: "lgw_", format: "uuid" },
    delivery: { prefix: "lgb_" },
    attempt: { prefix: "lga_" },
  },
  headers: { "X-Signature-V2": "signature" },
  // Not known of the real sender, and nothing depends on it.
  userAgent: "Authsignal-Webhooks/1.0",
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: ["timestamp", "body"],
    // Receivers in Go, PHP and Java do not take padding (F-AUTHSIGNAL-02), and none takes a space after the comma.
    encoding: "base64-unpadded",
    prefix: "v2=",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" },
    toleranceSeconds: 300,
    toleranceSides: "past",
  },
  // The tenant's API keys sign, one signature for each that is active (F-AUTHSIGNAL-04, D-AUTHSIGNAL-07).
  secret: { prefix: "", bytes: 32, encoding: "base64url", scope: "tenant", rotation: { kind: "keys", activeMax: 2 } },
  batch: { body: { kind: "object", member: "records" }, recordsMax: 500, single: null },
  delay: { defaultSeconds: 900 },
  schedule: { kind: "continuously" },
  timeoutSeconds: 30,
  outcomes: [
    { on: "2xx", then: "deliver" },
    { on: "3xx", then: "retry", error: "redirect_blocked" },
    { on: ["4xx", "5xx", "timeout", "network_error", "address_blocked"], then: "retry" },
  ],
  // The page says "periodically retried until success" and no more; the numbers are ours (D-AUTHSIGNAL-02).
  retry: { kind: "endless", firstSeconds: 60, maxSeconds: 3600, jitter: 0.1 },
  filter: { kind: "none" },
  settings: { url: "url", challengeTokenDurationSeconds: "delay" },
  url: { schemes: ["https"], lengthMax: 2048 },
  examples,
});
