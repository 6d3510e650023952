import type { Examples } from "../contract.ts";
import type { HookwrightEvents } from "./contract.ts";
import type { LogStreamSettings } from "./log-stream.ts";

const action = {
  actionId: "action_01JZ8Q4V7M2N9X5R3T6W0B1C8D",
  contract: "authio",
  trigger: "pre_token_mint",
  actorId: "operator",
};
const actionSettings = {
  ...action,
  url: "https://hooks.acme.example/authio",
  timeoutMs: 3000,
  failMode: "open",
} as const;
const redelivery = {
  redeliveryId: "rdl_019e0a5b-2f7c-7d10-b1a8-3c6e9d4f5021",
  endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
  contract: "stech",
  actorId: "operator",
};
const override = {
  actionId: action.actionId,
  contract: action.contract,
  invocationId: "inv_01JZ8Q6A3C5E7G9J1M3P5R7T9V",
  member: "override_roles",
  actorId: "system",
};
const logStream = {
  logStreamId: "lst_019e0a6e-41b0-7f2c-8d95-b07c3a1e6f48",
  contract: "auth0LogStream",
  actorId: "key_019e0a1c-6b11-7c02-9d5e-21f0a4c8e733",
};
const logStreamSettings: LogStreamSettings = {
  ...logStream,
  url: "https://logs.acme.example/auth0",
  status: "active",
  types: [],
  level: null,
  schedule: null,
  delaySeconds: 0,
  batchSize: 100,
  sends: "batch",
  concurrency: 1,
  startFrom: null,
  noticeOnSuccess: false,
  onExhausted: "hold",
  hasAuthorization: true,
  hasNoticeUrl: false,
};
const signingKey = {
  signingKeyId: "sgk_019e0a72-0c5d-7a61-93e8-5d1f2b9c7a04",
  contract: "authsignal",
  actorId: "operator",
};
const feedConsumer = { name: "billing", contract: "stech", actorId: "key_019e0a1c-6b11-7c02-9d5e-21f0a4c8e733" };

export const examples = {
  "endpoint.created": {
    "two types": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      url: "https://hooks.acme.example/stech",
      events: ["deployment.failed", "agent_run.failed"],
      enabled: true,
      actorId: "operator",
    },
  },
  "endpoint.updated": {
    "all types": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      url: "https://hooks.acme.example/stech",
      events: ["*"],
      enabled: true,
    },
  },
  "endpoint.secret_rotated": {
    "at once": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      actorId: "key_019e0a1c-6b11-7c02-9d5e-21f0a4c8e733",
      previousSecretExpiresAt: null,
    },
    "with a day for receivers to change over": {
      endpointId: "whe_019e0a1c-7a40-7d18-b3f6-90c2e1d5a864",
      contract: "hookwright",
      actorId: "operator",
      previousSecretExpiresAt: "2026-05-09T14:02:11.482Z",
    },
  },
  "endpoint.disabled": {
    "after fifty failures": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      failureCount: 50,
      lastStatus: 503,
      actorId: "system",
    },
  },
  "endpoint.deleted": {
    "by an administrator": { endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10", contract: "stech" },
  },
  "delivery.rejected": {
    "a receiver that knows no such path": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      deliveryCount: 3,
      deliveryId: "dlv_019e0a2f-1c3b-7e55-a2d0-4b9f6c8e1d27_5f0c2a9be417",
      eventId: "019e0a2f-1c3b-7e55-a2d0-4b9f6c8e1d27",
      eventType: "deployment.failed",
      attemptCount: 1,
      lastStatus: 404,
      error: null,
    },
  },
  "delivery.exhausted": {
    "a receiver that never answered": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      deliveryCount: 1,
      deliveryId: "dlv_019e0a2f-1c3b-7e55-a2d0-4b9f6c8e1d27_5f0c2a9be417",
      eventId: "019e0a2f-1c3b-7e55-a2d0-4b9f6c8e1d27",
      eventType: "agent_run.failed",
      attemptCount: 7,
      lastStatus: null,
      error: "timeout",
    },
  },
  "delivery.repeated": {
    "from the dashboard": {
      deliveryId: "dlv_019e0a2f-1c3b-7e55-a2d0-4b9f6c8e1d27_5f0c2a9be417_1",
      endpointId: redelivery.endpointId,
      contract: "stech",
      eventId: "019e0a2f-1c3b-7e55-a2d0-4b9f6c8e1d27",
      eventType: "deployment.failed",
      actorId: "operator",
    },
  },
  "redelivery.started": {
    "what was not delivered during an outage": {
      ...redelivery,
      types: null,
      states: ["rejected", "exhausted"],
      from: "2026-05-08T14:00:00.000Z",
      until: "2026-05-08T15:30:00.000Z",
      ratePerSecond: 50,
    },
    "what an endpoint missed while it was disabled": {
      ...redelivery,
      types: null,
      states: [],
      from: "2026-05-08T14:00:00.000Z",
      until: null,
      ratePerSecond: null,
      missed: true,
    },
  },
  "redelivery.cancelled": { "by the operator": redelivery },
  "breaker.opened": {
    "a receiver that is being deployed": {
      endpointId: "whe_019e0a1c-7a40-7d18-b3f6-90c2e1d5a864",
      contract: "hookwright",
      failureCount: 10,
      lastStatus: 503,
      pausedUntil: "2026-05-08T14:02:21.482Z",
    },
  },
  "breaker.closed": {
    "once it was back": {
      endpointId: "whe_019e0a1c-7a40-7d18-b3f6-90c2e1d5a864",
      contract: "hookwright",
      status: 200,
    },
  },
  "action.created": { "with the defaults": { ...actionSettings, enabled: true } },
  "action.updated": { "switched off": { ...actionSettings, enabled: false } },
  "action.deleted": { "by the operator": action },
  "action.secret_rotated": { "by an API key": { ...action, actorId: "key_019e0a1c-6b11-7c02-9d5e-21f0a4c8e733" } },
  "action.killed": {
    "a receiver that was always too slow": { ...action, actorId: "system", killedReason: "timeout_rate" },
  },
  "action.reenabled": { "once it was mended": action },
  "action.override_unknown_roles_dropped": {
    "a role that was renamed": { ...override, dropped: ["superadmin"], droppedCount: 1 },
  },
  "action.override_disabled_dropped": {
    "a project that does not take them": { ...override, setting: "roles_action_override" },
  },
  "api_key.created": {
    "for a year": {
      apiKeyId: "0f4c7a19d2e8b635",
      role: "admin",
      expiresAt: "2027-05-08T14:00:00.000Z",
      actorId: "operator",
    },
  },
  "api_key.revoked": {
    "by an owner's key": { apiKeyId: "0f4c7a19d2e8b635", actorId: "9b21e6c05f3d8a74" },
  },
  "portal_token.created": {
    "for a quarter of an hour": {
      portalTokenId: "portal_5d80b3f1a6c29e47",
      scope: "read",
      expiresAt: "2026-05-08T14:15:00.000Z",
      actorId: "9b21e6c05f3d8a74",
    },
  },
  "log_stream.created": { "everything as it happens": logStreamSettings },
  "log_stream.updated": {
    "a new authorization": { ...logStreamSettings, changedSecrets: ["authorization"] },
  },
  "log_stream.paused": { "during a migration": logStream },
  "log_stream.resumed": { "after the migration": logStream },
  "log_stream.rewound": { "to send a day again": { ...logStream, position: 41_250, previousPosition: 60_311 } },
  "log_stream.deleted": { "by the operator": { ...logStream, actorId: "operator" } },
  "signing_key.created": { "the second one": signingKey },
  "signing_key.revoked": { "once receivers had the second one": signingKey },
  "feed_consumer.created": { "by name": feedConsumer },
  "feed_consumer.moved": { "to read a day again": feedConsumer },
  "feed_consumer.deleted": { "by the operator": { ...feedConsumer, actorId: "operator" } },
  "log.pruned": {
    "an hour's worth after thirty days": {
      horizon: "2026-04-08T14:00:00.000Z",
      eventCount: 41_250,
      attemptCount: 60_311,
    },
    "events after ninety days, payloads after thirty": {
      horizon: "2026-04-08T14:00:00.000Z",
      eventCount: 12_000,
      attemptCount: 14_020,
      payloadCount: 41_250,
    },
  },
  "event.erased": {
    "by the operator": {
      eventId: "019e0a1c-7a40-7d18-b3f6-90c2e1d5a864",
      contract: "stech",
      eventType: "deployment.created",
      droppedCount: 1,
      actorId: "operator",
    },
  },
} satisfies Examples<HookwrightEvents>;
