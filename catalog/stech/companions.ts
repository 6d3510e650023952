import type { Companion } from "../contract.ts";

/**
 * Administrators' actions that are flagged (R-STECH-33). The page names them in words and of one its name on the wire,
 * `webhook_endpoints.secret_rotated`; the others follow its form, `<table>.<verb>`.
 */
const curatedActions = [
  "webhook_endpoints.secret_rotated",
  "api_tokens.revoked",
  "scim_tokens.revoked",
  "oauth_connections.disconnected",
  "mcp_sources.deleted",
  "cli_sources.deleted",
  "sso_providers.created",
  "sso_providers.updated",
  "sso_providers.deleted",
  "organizations.plan_changed",
  "deployments.superseded",
];

/** What an administrator did to an endpoint, which writes no row of its own here (R-STECH-32, F-STECH-06). */
const ofEndpoint = {
  contract: "hookwright",
  when: { field: "contract", in: ["stech"] },
  emits: "admin_action.recorded",
} as const;

const actor = { from: "actorId", otherwise: "system" } as const;
const target = {
  targetType: { constant: "webhook_endpoint" },
  targetId: { from: "endpointId" },
  reason: { constant: null },
} as const;

export const companions = [
  // A guardrail that fires is one occurrence on two channels (R-STECH-28). The run is what happened, and the flag tells
  // of it: so the product emits `agent_run.blocked` alone, and a flag that it emits itself has no companion.
  { of: "agent_run.blocked", emits: "audit.flagged", data: { kind: "same", adds: {} } },
  {
    of: "admin_action.recorded",
    when: { field: "action", in: curatedActions },
    emits: "audit.flagged",
    data: { kind: "same", adds: { kind: "admin_action" } },
  },
  {
    ...ofEndpoint,
    of: "endpoint.created",
    data: {
      kind: "made",
      fields: {
        actionId: { constant: null },
        action: { constant: "webhook_endpoints.created" },
        actorUserId: actor,
        ...target,
      },
    },
  },
  {
    ...ofEndpoint,
    of: "endpoint.updated",
    data: {
      kind: "made",
      fields: {
        actionId: { constant: null },
        action: { constant: "webhook_endpoints.updated" },
        actorUserId: actor,
        ...target,
      },
    },
  },
  {
    ...ofEndpoint,
    of: "endpoint.deleted",
    data: {
      kind: "made",
      fields: {
        actionId: { constant: null },
        action: { constant: "webhook_endpoints.deleted" },
        actorUserId: actor,
        ...target,
      },
    },
  },
  // By the companion above it is flagged too (R-STECH-36).
  {
    ...ofEndpoint,
    of: "endpoint.secret_rotated",
    data: {
      kind: "made",
      fields: {
        actionId: { constant: null },
        action: { constant: "webhook_endpoints.secret_rotated" },
        actorUserId: { from: "actorId" },
        ...target,
      },
    },
  },
] as const satisfies readonly Companion[];
