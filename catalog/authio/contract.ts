import { contract } from "../contract.ts";
import { examples } from "./examples.ts";
import type { AuthenticateTriggers, RegisterTriggers, TokenTriggers } from "./triggers.ts";
import type { Verdict } from "./verdict.ts";

export interface AuthioEvents extends AuthenticateTriggers, TokenTriggers, RegisterTriggers {}

export const authio = contract<AuthioEvents, Verdict>({
  id: "authio",
  title: "Authio Actions",
  doc: `One signed question at a point of a sign-in, answered at once with a verdict: allow, deny, or override.

A question is asked once and never again. \`deny\` always stops it; an empty body, or any other decision, lets it go on.
Without a usable answer the action's fail mode decides, and an action that fails too often is killed: from then on, until
somebody enables it again, everything goes on as if it were not there.`,
  mode: "action",
  producer: "product",
  tenant: { noun: "project", example: "proj_7c2k8w3n5t" },
  envelope: {
    id: { from: "event.id", doc: "The invocation." },
    object: { constant: "action_event", doc: "What this is." },
    trigger: { from: "event.type", doc: "The point at which it is asked." },
    action_id: { from: "endpoint.id", doc: "The action that is asked." },
    project_id: { from: "tenant", doc: "The project it is asked for." },
    created_at: { from: "event.time", format: "iso-8601-ms", doc: "When it was asked, in UTC." },
    "*": { from: "data.members", doc: "What the question is about; it follows from `trigger`." },
  },
  ids: {
    event: { prefix: "inv_", format: "ulid" },
    endpoint: { prefix: "action_", format: "ulid" },
    delivery: { prefix: "ask_" },
    attempt: { prefix: "try_" },
  },
  // The signature is all that a receiver needs (F-AUTHIO-03); the others are there to look at (D-AUTHIO-02).
  headers: {
    "Authio-Signature": "signature",
    "Authio-Action-Id": "endpoint.id",
    "Authio-Invocation-Id": "event.id",
    "Authio-Trigger": "event.type",
  },
  userAgent: "Authio-Actions/1.0",
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: ["timestamp", "body"],
    encoding: "hex",
    prefix: "v1=",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" },
    toleranceSeconds: 300,
    toleranceSides: "both",
  },
  // Recoverable at rest, so that signatures match after a restart too; people see its hash (D-AUTHIO-10, D-AUTHIO-11).
  secret: {
    prefix: "asec_",
    bytes: 32,
    encoding: "base64url",
    scope: "endpoint",
    rotation: { kind: "atomic" },
    fingerprint: "sha256",
  },
  // The page gives the most alone; default and least are ours (D-AUTHIO-07).
  timeoutMs: { default: 3000, min: 100, max: 5000 },
  triggers: {
    pre_authenticate: { answer: "decides" },
    post_authenticate: { answer: "decides" },
    pre_token_mint: { answer: "decides-and-overrides" },
    post_token_mint: { answer: "informational" },
    pre_register: { answer: "decides" },
    post_register: { answer: "informational" },
  },
  verdict: {
    decision: "decision",
    denies: "deny",
    code: "deny_code",
    reason: "deny_reason",
    overrides: {
      override_claims: {
        reserved: [
          "iss",
          "sub",
          "aud",
          "exp",
          "iat",
          "nbf",
          "jti",
          "kind",
          "roles",
          "permissions",
          "widget_origins",
          "widget_scope",
          "organization_id",
          "tenant_id",
        ],
      },
      override_roles: { reserved: [], setting: "roles_action_override", known: "roles" },
      override_permissions: { reserved: [], setting: "roles_action_override", known: "permissions" },
    },
    // The page says both "> 64 KiB" is invalid and "< 64 KiB" is asked for; exactly 64 KiB is taken (D-AUTHIO-08).
    bytesMax: 65_536,
    signatureHeader: "Authio-Response-Signature",
  },
  activeMax: 1,
  testExample: "a test",
  failMode: { default: "open" },
  statuses: {
    killed: "killed",
    address_blocked: "ssrf_blocked",
    network_error: "network_error",
    timeout: "timeout",
    http_error: "http_error",
    invalid_response: "invalid_response",
    invalid_signature: "invalid_signature",
    denied: "rejected",
    allowed: "ok",
  },
  killSwitch: { errorRate: 0.5, timeoutRate: 0.5, windowSeconds: 300, evaluateEvery: 100, serverErrorsMax: 100 },
  url: { schemes: ["https"], lengthMax: 2048, ownDomains: ["authio.com"] },
  log: { invocationsMax: 100 },
  examples,
});
