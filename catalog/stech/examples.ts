import type { Examples } from "../contract.ts";
import type { BlockedRun } from "./agent-run.ts";
import type { StechEvents } from "./contract.ts";

const blockedRun: BlockedRun = {
  kind: "agent_run_blocked",
  agentId: "dep_4kpq2v8m1x",
  agentName: "support-triage",
  runId: "run_8w3n5t7c2k",
  conversationId: "cnv_7m1h4r9z6d",
  guardrail: "max_tokens=4096",
  source: "output",
  limit: 4096,
  observed: 4311,
  message: "The run used 4311 output tokens; the guardrail allows 4096.",
  stopReason: "blocked:max_tokens",
};

export const examples = {
  "deployment.created": {
    "by a person": {
      deploymentId: "dep_4kpq2v8m1x",
      agentId: "dep_4kpq2v8m1x",
      agentName: "support-triage",
      machineUrl: "https://support-triage-acme.fly.dev",
      deployedByUserId: "usr_9q1b6s3f0a",
    },
    "by automation": {
      deploymentId: "dep_6tnw0y3j5r",
      agentId: "dep_6tnw0y3j5r",
      agentName: "invoice-reader",
      machineUrl: "https://invoice-reader-acme.fly.dev",
      deployedByUserId: null,
    },
  },
  "deployment.failed": {
    "a build that failed": {
      deploymentId: "dep_6tnw0y3j5r",
      agentId: "dep_6tnw0y3j5r",
      agentName: "invoice-reader",
      reason: "npm ci exited with status 1",
      deployedByUserId: "usr_9q1b6s3f0a",
    },
  },
  "agent_run.completed": {
    "an answered ticket": {
      runId: "run_8w3n5t7c2k",
      deploymentId: "dep_4kpq2v8m1x",
      agentName: "support-triage",
      conversationId: "cnv_7m1h4r9z6d",
      stopReason: "end_turn",
      finalText: "Ticket 42 was resolved at 13:48 UTC by a rollback of the last release.",
      iterations: 3,
      usage: { input: 4218, output: 612 },
    },
    "a run that reported nothing": {
      runId: null,
      deploymentId: "dep_4kpq2v8m1x",
      agentName: "support-triage",
      conversationId: null,
      stopReason: null,
      finalText: "",
      iterations: null,
      usage: { input: null, output: null },
    },
  },
  "agent_run.failed": {
    "a model that did not answer": {
      runId: "run_8w3n5t7c2k",
      deploymentId: "dep_4kpq2v8m1x",
      agentName: "support-triage",
      conversationId: "cnv_7m1h4r9z6d",
      reason: "The model did not answer within 60 s.",
    },
  },
  "agent_run.cancelled": {
    "by a person": {
      runId: "run_8w3n5t7c2k",
      deploymentId: "dep_4kpq2v8m1x",
      agentName: "support-triage",
      conversationId: "cnv_7m1h4r9z6d",
      stopReason: "cancelled",
      iterations: 2,
      usage: { input: 1804, output: 96 },
      cancelledByUserId: "usr_9q1b6s3f0a",
      cancellationReason: "The wrong conversation.",
      requestedAt: "2026-05-08T14:11:02.250Z",
      acknowledgedAt: "2026-05-08T14:11:03.017Z",
    },
  },
  "agent_run.blocked": { "a token limit": blockedRun },
  "agent_version.deployed": {
    "a fourth version": {
      agentName: "support-triage",
      versionLabel: "v4",
      versionId: "ver_8h3e5g1p7u",
      deploymentId: "dep_4kpq2v8m1x",
      actorUserId: "usr_9q1b6s3f0a",
    },
  },
  "agent_version.promoted_to_canary": {
    "a first attach": {
      agentName: "support-triage",
      channelName: "canary",
      versionLabel: "v4",
      deploymentId: "dep_4kpq2v8m1x",
      trafficWeight: 0.1,
      actorUserId: "usr_9q1b6s3f0a",
      previousDeploymentId: null,
    },
  },
  "agent_version.promoted_to_stable": {
    "a graduated canary": {
      agentName: "support-triage",
      channelName: "stable",
      versionLabel: "v4",
      deploymentId: "dep_4kpq2v8m1x",
      trafficWeight: 1,
      actorUserId: "usr_9q1b6s3f0a",
      previousDeploymentId: "dep_3jpd9c2l8o",
    },
  },
  "agent_version.rolled_back": {
    "back to v3": {
      agentName: "support-triage",
      channelName: "stable",
      versionLabel: "v3",
      versionId: "ver_7g2i4w6q0y",
      deploymentId: "dep_3jpd9c2l8o",
      trafficWeight: 1,
      actorUserId: "usr_9q1b6s3f0a",
      previousDeploymentId: "dep_4kpq2v8m1x",
    },
  },
  "scim.user_added": {
    "from the identity provider": {
      userId: "usr_5z8x1v3k7n",
      externalId: "idp-00u1abcd",
      email: "robin@acme.example",
      membershipId: "mem_2k3j9f4s6t",
    },
  },
  "scim.user_deactivated": {
    "a user without an address": {
      userId: "usr_5z8x1v3k7n",
      externalId: null,
      email: null,
      membershipId: "mem_2k3j9f4s6t",
      deactivatedAt: "2026-05-08T14:15:09.001Z",
    },
  },
  "scim.group_added": {
    "a team": {
      groupId: "grp_1d7m5b9h3c",
      externalId: "idp-00g7wxyz",
      displayName: "Support (EMEA) – Köln",
      memberCount: 12,
    },
  },
  "admin_action.recorded": {
    "a rotated secret": {
      actionId: null,
      action: "webhook_endpoints.secret_rotated",
      actorUserId: "usr_9q1b6s3f0a",
      targetType: "webhook_endpoint",
      targetId: "whe_3z9a7r2e5w",
      reason: null,
    },
  },
  "audit.flagged": {
    "an administrator's action": {
      kind: "admin_action",
      actionId: null,
      action: "webhook_endpoints.secret_rotated",
      actorUserId: "usr_9q1b6s3f0a",
      targetType: "webhook_endpoint",
      targetId: "whe_3z9a7r2e5w",
      reason: null,
    },
    "a blocked run": blockedRun,
    "a failure rate": {
      kind: "agent_failure_rate",
      agentId: "dep_4kpq2v8m1x",
      agentName: "support-triage",
      windowStart: "2026-05-08T13:00:00.000Z",
      windowEnd: "2026-05-08T14:00:00.000Z",
      runs: 140,
      failedRuns: 35,
      failureRate: 0.25,
      threshold: 0.2,
    },
    "a soft cap": {
      kind: "usage_soft_cap",
      tier: "pro",
      dimension: "input_tokens",
      used: 40_000_000,
      cap: 50_000_000,
      thresholdPercent: 80,
      periodStart: "2026-05-01T00:00:00.000Z",
      periodEnd: "2026-06-01T00:00:00.000Z",
    },
    "a hard cap": {
      kind: "usage_hard_cap",
      tier: "free",
      dimension: "runs",
      used: 100_000,
      cap: 100_000,
      thresholdPercent: 100,
      periodStart: "2026-05-01T00:00:00.000Z",
      periodEnd: "2026-06-01T00:00:00.000Z",
    },
  },
} satisfies Examples<StechEvents>;
