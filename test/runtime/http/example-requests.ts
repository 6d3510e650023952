import { examples as questions } from "../../../catalog/authio/examples.ts";
import { examples as events } from "../../../catalog/stech/examples.ts";
import type { RouteExample } from "../../../runtime/http/route-examples.ts";

/** What an example's request has beside its route. */
export interface ExampleRequest {
  readonly operation: string;
  /** Values of the path's parameters by name; where there are none, those of earlier answers. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: object;
  /** Given where the real answer would tell about this server, or of too much. */
  readonly answer?: unknown;
  /** What comes of the server's own between two requests. */
  readonly before?: "deliveries end" | "redeliveries are made" | "an event is missed";
}

const [emitted] = [events["deployment.created"]["by a person"]];

/** An example request of every route, in an order in which they succeed; the last ones delete what the others made. */
export const exampleRequests: readonly ExampleRequest[] = [
  { operation: "getHealth" },
  { operation: "getReadiness" },
  { operation: "getOpenapi", answer: { openapi: "3.1.0", info: { title: "Webhooks", version: "1" } } },
  { operation: "getLlmsText", answer: "# Webhooks\n" },
  { operation: "getMetrics", answer: 'hookwright_events_emitted_total{contract="stech"} 1\n' },
  { operation: "getSession" },
  { operation: "listEventTypes", query: "contract=stech" },
  { operation: "getEventType", params: { type: "deployment.created" } },
  {
    operation: "createEndpoint",
    body: {
      url: "https://hooks.acme.example/stech",
      description: "On-call",
      events: ["deployment.created", "deployment.failed"],
      ratePerSecond: 20,
    },
  },
  { operation: "listEndpoints", query: "limit=20" },
  { operation: "getEndpoint" },
  { operation: "getPublicKeys" },
  { operation: "updateEndpoint", body: { events: ["*"], metadata: { team: "platform" } } },
  { operation: "rotateEndpointSecret", body: {} },
  { operation: "testEndpoint", body: { type: "deployment.created" } },
  { operation: "createFeedConsumer", params: { name: "billing" }, body: { from: "beginning" } },
  { operation: "emitEvent", body: { type: "deployment.created", data: emitted } },
  {
    operation: "emitEvents",
    body: {
      events: [
        { type: "deployment.created", data: emitted, idempotencyKey: "dep_1 created" },
        { type: "deployment.created", data: emitted, idempotencyKey: "dep_2 created" },
      ],
    },
  },
  { operation: "listEvents", query: "types=deployment.created&limit=100&wait=20" },
  { operation: "exportEvents", query: "from=2026-05-01T00:00:00.000Z" },
  { operation: "getEvent", before: "deliveries end" },
  { operation: "getEventBody" },
  { operation: "explainEvent" },
  { operation: "tryFilter", query: "filter=data.agentName%20exists" },
  { operation: "listTenantDeliveries", query: "state=failed&limit=50" },
  { operation: "listAllDeliveries", query: "text=support-triage" },
  { operation: "getTenantCounts", query: "period=24h" },
  { operation: "getCounts", query: "period=1h" },
  { operation: "listAllEndpoints", query: "condition=failing" },
  { operation: "listTenants", query: "limit=100" },
  { operation: "getOverview" },
  { operation: "listFeedConsumers" },
  { operation: "getFeedConsumer", params: { name: "billing" } },
  { operation: "commitFeedConsumer", params: { name: "billing" }, body: { cursor: "" } },
  {
    operation: "seekFeedConsumer",
    params: { name: "billing" },
    body: { to: "time", time: "2026-05-01T00:00:00.000Z" },
  },
  { operation: "listDeliveries", query: "undelivered=true&limit=50" },
  { operation: "getDelivery" },
  {
    operation: "startRedelivery",
    body: { undelivered: true, from: "2026-05-08T14:00:00.000Z", until: "2026-05-08T15:00:00.000Z", ratePerSecond: 50 },
  },
  { operation: "getRedelivery", before: "redeliveries are made" },
  { operation: "listRedeliveries" },
  { operation: "cancelRedelivery" },
  { operation: "redeliver" },
  { operation: "sendMissedEvent", before: "an event is missed", body: { eventId: "{missed}" } },
  { operation: "eraseEvent" },
  { operation: "createSigningKey", body: { contract: "authsignal" } },
  { operation: "listSigningKeys", query: "contract=authsignal" },
  {
    operation: "createLogStream",
    body: { contract: "auth0", settings: { Webhook_URL: "https://logs.acme.example/auth0", Batch_Size: 50 } },
  },
  { operation: "listLogStreams" },
  { operation: "getLogStream" },
  { operation: "getLogStreamReport", query: "filter=errors" },
  { operation: "updateLogStream", body: { onExhausted: "hold" } },
  { operation: "pauseLogStream" },
  { operation: "resumeLogStream" },
  { operation: "rewindLogStream", body: { time: "2026-05-08T00:00:00.000Z" } },
  {
    operation: "createAction",
    body: { contract: "authio", trigger: "pre_register", url: "https://hooks.acme.example/authio", failMode: "open" },
  },
  { operation: "listActions" },
  { operation: "getAction" },
  { operation: "updateAction", body: { timeoutMs: 2000 } },
  { operation: "rotateActionSecret" },
  {
    operation: "askAction",
    params: { trigger: "pre_register" },
    body: { contract: "authio", data: questions.pre_register["a password"] },
  },
  { operation: "testAction" },
  { operation: "listInvocations" },
  { operation: "reenableAction" },
  {
    operation: "callMcp",
    body: { jsonrpc: "2.0", id: 1, method: "events/poll", params: { name: "deployment.created", cursor: null } },
  },
  { operation: "createApiKey", body: { role: "admin", description: "The deploy pipeline" } },
  { operation: "listApiKeys" },
  { operation: "createPortalToken", body: { scope: "manage" } },
  { operation: "getEndpointHistory" },
  { operation: "listAudit", query: "limit=50" },
  { operation: "revokeApiKey" },
  { operation: "deleteAction" },
  { operation: "revokeSigningKey" },
  { operation: "deleteLogStream" },
  { operation: "deleteFeedConsumer", params: { name: "billing" } },
  { operation: "deleteEndpoint" },
];

/** What is new with every request, as it stands in the examples: no random text, and nothing that looks like a key. */
export const placeholders: Readonly<Record<string, string>> = {
  cursor: "v1.main.Yk1pN3ZtTnA.c2VhbGVk.dGFn",
  nextCursor: "v1.main.Yk1pN3ZtTnA.c2VhbGVk.dGFn",
  signingSecret: "whsec_…",
  key: "hwk_…",
  token: "hwp_…",
};

export type Examples = Record<string, RouteExample>;
