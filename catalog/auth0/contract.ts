import { contract } from "../contract.ts";
import type { AuthorizationCodes } from "./authorization.ts";
import { examples } from "./examples.ts";
import type { ExchangeCodes } from "./exchange.ts";
import type { ExtensionCodes } from "./extension.ts";
import type { GuardianCodes } from "./guardian.ts";
import { logSecrets } from "./log-secrets.ts";
import type { LoginCodes } from "./login.ts";
import type { OperationCodes } from "./operation.ts";
import type { UserCodes } from "./user.ts";

export interface Auth0Events
  extends LoginCodes, ExchangeCodes, AuthorizationCodes, UserCodes, GuardianCodes, OperationCodes, ExtensionCodes {}

export const auth0 = contract<Auth0Events>({
  id: "auth0",
  title: "Auth0 Authentication API webhooks",
  doc: `The entries of a tenant's log, sent on a schedule: up to 100 in a JSON array, or each alone as an object.

An entry that Auth0 made is relayed as it is: members that are not named here are sent as well, and what the entry says
of itself, \`date\`, \`type\` and \`_id\` (or \`log_id\`), stands in place of Hookwright's own. Secrets in it are masked
before it is stored.

Requests are not signed. A receiver knows the sender by the \`Authorization\` header, whose text its owner configured.
Entries come in the order of the log, and again after a failure: deduplicate on \`_id\`. A code that a receiver does not
know is an entry like any other.`,
  mode: "stream",
  producer: "product",
  tenant: { noun: "tenant", example: "acme" },
  envelope: {
    date: { from: "event.time", format: "iso-8601-ms", given: ["date"], doc: "When it happened, in UTC." },
    type: { from: "event.type", given: ["type"], doc: "The code of the entry." },
    "*": { from: "data.members", doc: "What the entry says." },
    _id: {
      from: "event.id",
      given: ["_id", "log_id"],
      doc: "The entry, in digits that grow with time. Deduplicate on it.",
    },
  },
  masked: logSecrets,
  ids: {
    event: { prefix: "", format: "decimal-56" },
    endpoint: { prefix: "ext_", format: "uuid" },
    delivery: { prefix: "bat_" },
    attempt: { prefix: "try_" },
  },
  headers: { Authorization: "authorization" },
  userAgent: "auth0-extensions auth webhook",
  signature: null,
  secret: null,
  batch: { body: { kind: "array" }, recordsMax: 100, single: { concurrencyDefault: 5 } },
  delay: { defaultSeconds: 0 },
  schedule: { kind: "cron", default: "0 */5 * * * *" },
  // A run lasts 22 s, so one request may last 20 (D-AUTH0-04).
  timeoutSeconds: 20,
  outcomes: [
    // A redirect is an answer like any other, and it is not followed (F-AUTH0-03).
    { on: ["2xx", "3xx"], then: "deliver" },
    { on: ["4xx", "5xx", "timeout", "network_error", "address_blocked"], then: "retry" },
  ],
  retry: { kind: "per-run", retriesMax: 5, budgetSeconds: 22, onExhausted: "skip" },
  // Operations of the management API are no business of the Authentication API (D-AUTH0-03).
  filter: { kind: "levels-and-types", exceptByDefault: ["sapi", "fapi"] },
  settings: {
    Schedule: "schedule",
    BATCH_SIZE: "batch-size",
    Webhook_URL: "url",
    Authorization: "authorization",
    Send_as_Batch: "send-as-batch",
    Webhook_Concurrent_Calls: "concurrency",
    START_FROM: "start-from",
    SLACK_INCOMING_WEBHOOK_URL: "notice-url",
    SLACK_SEND_SUCCESS: "notice-on-success",
    LOG_LEVEL: "level",
    LOG_TYPES: "types",
  },
  notice: {
    username: "auth0-authentication-api-webhooks",
    icon: ":rocket:",
    title: "Authentication API Webhooks",
    colors: { success: "#7cd197", error: "#d13f42" },
    dailyReportHour: 16,
  },
  url: { schemes: ["https"], lengthMax: 2048 },
  examples,
});
