import { standardWebhooks } from "../../catalog/presets.ts";
import type { ContractModel, Span } from "../../generator/model.ts";
import { doc, field, text } from "./small-catalog.ts";

const span: Span = { file: "catalog/gate.ts", line: 1, column: 1, length: 1 };
const plain = { title: null, level: null, since: null, meta: null } as const;
const ids = {
  event: { prefix: "", format: "uuid" },
  endpoint: { prefix: "str_", format: "uuid" },
  delivery: { prefix: "bat_" },
  attempt: { prefix: "bta_" },
} as const;
const url = { schemes: ["https"], lengthMax: 2048 } as const;
const outcomes = standardWebhooks.outcomes;

/** A stream of signed batches, each an object with its records in a member. */
export function recordsContract(): ContractModel {
  return {
    declaration: {
      id: "records",
      mode: "stream",
      producer: "product",
      title: "Record batches",
      doc: "What was recorded, in batches.",
      tenant: { noun: "tenant", example: "tnt_1" },
      envelope: {
        version: { constant: 1, others: "unknown", doc: "The version of the envelope." },
        id: { from: "event.id", doc: "The record." },
        source: { constant: "https://records.example", doc: "Who recorded it." },
        time: { from: "event.time", format: "iso-8601-ms", doc: "When it was recorded." },
        tenantId: { from: "tenant", doc: "Whose it is." },
        type: { from: "event.type", doc: "What was recorded." },
        record: { from: "data", doc: "The record itself." },
      },
      ids,
      headers: { "X-Records-Signature": "signature" },
      userAgent: "Records/1",
      signature: {
        ...standardWebhooks.signature,
        key: "utf8",
        content: ["timestamp", "body"],
        encoding: "base64-unpadded",
        prefix: "v2=",
        separator: ",",
        timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" },
        toleranceSides: "past",
      },
      secret: {
        prefix: "",
        bytes: 32,
        encoding: "base64url",
        scope: "tenant",
        rotation: { kind: "keys", activeMax: 2 },
      },
      url,
      batch: { body: { kind: "object", member: "records" }, recordsMax: 500, single: null },
      delay: { defaultSeconds: 900 },
      schedule: { kind: "continuously" },
      timeoutSeconds: 30,
      outcomes,
      retry: { kind: "endless", firstSeconds: 60, maxSeconds: 3600, jitter: 0.1 },
      filter: { kind: "none" },
      settings: { url: "url", delaySeconds: "delay" },
    },
    events: [
      {
        name: "reading.taken",
        group: "reading",
        doc: doc("A meter was read."),
        data: "Reading",
        examples: [
          { name: "with a note", data: { meter: "m_1", value: 12.5, note: "by hand" } },
          { name: "without", data: { meter: "m_2", value: 0 } },
        ],
        ...plain,
        span,
      },
    ],
    verdict: null,
    shapes: [
      {
        kind: "object",
        name: "Reading",
        doc: null,
        fields: [
          field("meter", text()),
          field("value", { kind: "number", minimum: null, maximum: null }),
          field("note", text(), { optional: true }),
        ],
      },
    ],
  };
}

/** A stream without signatures: bare log entries, in an array or alone, behind a configured header. */
export function tapeContract(): ContractModel {
  return {
    declaration: {
      id: "tape",
      mode: "stream",
      producer: "product",
      title: "Tape",
      doc: "Log entries as they are.",
      tenant: { noun: "tenant", example: "tnt_1" },
      envelope: {
        date: { from: "event.time", format: "iso-8601-ms", given: ["date"], doc: "When it happened." },
        type: { from: "event.type", doc: "The code of the entry." },
        "*": { from: "data.members", doc: "What the entry says." },
        _id: { from: "event.id", doc: "The entry." },
      },
      ids: { ...ids, event: { prefix: "", format: "decimal-56" } },
      headers: { Authorization: "authorization" },
      userAgent: "Tape/1",
      signature: null,
      secret: null,
      url,
      batch: { body: { kind: "array" }, recordsMax: 100, single: { concurrencyDefault: 5 } },
      delay: { defaultSeconds: 0 },
      schedule: { kind: "cron", default: "0 */5 * * * *" },
      timeoutSeconds: 20,
      outcomes,
      retry: { kind: "per-run", retriesMax: 5, budgetSeconds: 22, onExhausted: "skip" },
      filter: { kind: "levels-and-types", exceptByDefault: ["quiet"] },
      settings: { Webhook_URL: "url", LOG_LEVEL: "level", LOG_TYPES: "types" },
    },
    events: [
      {
        name: "f",
        group: "f",
        doc: doc("Somebody failed to log in."),
        data: "Entry",
        examples: [
          { name: "a wrong password", data: { ip: "", user_id: "u_1", details: { code: 1 } } },
          {
            name: "another's entry",
            data: {
              date: "2026-03-02T08:15:11Z",
              ip: "",
              user_id: "u_1",
              $event_schema: { version: "1.0.0" },
              "n-1": null,
            },
          },
        ],
        ...plain,
        title: "Failed Login",
        level: 3,
        since: "2",
        span,
      },
    ],
    verdict: null,
    shapes: [
      {
        kind: "object",
        name: "Entry",
        doc: null,
        fields: [
          field("ip", text()),
          field("user_id", text()),
          field(
            "details",
            { kind: "record", values: { type: { kind: "unknown" }, nullable: false } },
            { optional: true },
          ),
        ],
        open: true,
      },
    ],
  };
}

/** Questions with a verdict, signed both ways. */
export function gateContract(): ContractModel {
  return {
    declaration: {
      id: "gate",
      mode: "action",
      producer: "product",
      title: "Gate",
      doc: "Asks whether somebody may pass.",
      tenant: { noun: "project", example: "proj_1" },
      envelope: {
        id: { from: "event.id", doc: "The question." },
        object: { constant: "action_event", doc: "What this is." },
        trigger: { from: "event.type", doc: "When it is asked." },
        action_id: { from: "endpoint.id", doc: "Who is asked." },
        project_id: { from: "tenant", doc: "Where it is asked." },
        created_at: { from: "event.time", format: "iso-8601-ms", doc: "When it was asked." },
        "*": { from: "data.members", doc: "What the question is about." },
      },
      ids: { ...ids, event: { prefix: "inv_", format: "ulid" }, endpoint: { prefix: "action_", format: "uuid" } },
      headers: { "Gate-Signature": "signature", "Gate-Action": "endpoint.id" },
      userAgent: "Gate/1",
      signature: {
        ...standardWebhooks.signature,
        key: "utf8",
        content: ["timestamp", "body"],
        encoding: "hex",
        prefix: "v1=",
        separator: ",",
        timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" },
      },
      secret: { prefix: "asec_", bytes: 32, encoding: "base64url", scope: "endpoint", rotation: { kind: "atomic" } },
      url,
      timeoutMs: { default: 3000, min: 100, max: 5000 },
      triggers: { before_pass: { answer: "decides-and-overrides" }, after_pass: { answer: "informational" } },
      verdict: {
        decision: "decision",
        denies: "deny",
        code: "deny_code",
        reason: "deny_reason",
        overrides: { override_claims: { reserved: ["iss", "sub"] }, override_roles: { reserved: [] } },
        bytesMax: 65_536,
        signatureHeader: "Gate-Response-Signature",
      },
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
      log: { invocationsMax: 100 },
    },
    events: [
      {
        name: "before_pass",
        group: "before_pass",
        doc: doc("Before somebody passes."),
        data: "Passage",
        examples: [{ name: "a guest", data: { user: { id: "usr_1", email: null }, metadata: {} } }],
        ...plain,
        span,
      },
      {
        name: "after_pass",
        group: "after_pass",
        doc: doc("After somebody passed."),
        data: "Passage",
        examples: [{ name: "a test", data: { user: null, metadata: { test: true } } }],
        ...plain,
        span,
      },
    ],
    verdict: "Verdict",
    shapes: [
      {
        kind: "object",
        name: "User",
        doc: null,
        fields: [field("id", text()), field("email", text(), { nullable: true })],
      },
      { kind: "object", name: "Hints", doc: null, fields: [field("test", { kind: "boolean" }, { optional: true })] },
      {
        kind: "object",
        name: "Passage",
        doc: null,
        fields: [
          field("user", { kind: "shape", name: "User" }, { nullable: true }),
          field("metadata", { kind: "shape", name: "Hints" }),
        ],
      },
      {
        kind: "object",
        name: "Verdict",
        doc: doc("The answer."),
        fields: [
          field("decision", { kind: "enum", values: ["allow", "deny"], open: true }, { optional: true }),
          field("deny_code", text(), { optional: true }),
          field("deny_reason", text(), { optional: true }),
          field(
            "override_claims",
            { kind: "record", values: { type: { kind: "unknown" }, nullable: false } },
            { optional: true },
          ),
          field("override_roles", { kind: "array", items: { type: text(), nullable: false } }, { optional: true }),
        ],
      },
    ],
  };
}

/** A catalog with a contract of each other mode. */
export const modesCatalog = { contracts: [recordsContract(), tapeContract(), gateContract()] };
