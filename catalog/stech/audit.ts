import type { Id, Int, Open, Range, Timestamp } from "../vocabulary.ts";
import type { AdminAction } from "./admin-action.ts";
import type { BlockedRun } from "./agent-run.ts";

/** An administrator did something worth an alert: revoked a token, changed the plan, rotated a signing secret. */
export interface FlaggedAdminAction extends AdminAction {
  kind: "admin_action";
}

/** More of an agent's runs fail than its threshold allows. */
export interface AgentFailureRate {
  kind: "agent_failure_rate";
  agentId: Id;
  agentName: string;
  windowStart: Timestamp;
  windowEnd: Timestamp;
  runs: Int;
  failedRuns: Int;
  failureRate: Range<0, 1>;
  threshold: Range<0, 1>;
}

/** How far an organization is into what its plan includes; the period is a calendar month in UTC. */
interface UsageCap {
  tier: "free" | "pro" | "enterprise";
  /** What is counted. */
  dimension: "runs" | "input_tokens";
  used: Int;
  cap: Int;
  periodStart: Timestamp;
  /** The first instant after the period. */
  periodEnd: Timestamp;
}

/** An organization neared what its plan includes; nothing is refused yet. */
export interface UsageSoftCap extends UsageCap {
  kind: "usage_soft_cap";
  thresholdPercent: 80 | 100;
}

/** An organization reached what its plan includes; further runs are refused. */
export interface UsageHardCap extends UsageCap {
  kind: "usage_hard_cap";
  thresholdPercent: 80 | 100;
}

export interface AuditEvents {
  /**
   * Something worth an alert happened: a curated administrator's action, a guardrail, a failure rate or a usage cap.
   *
   * `kind` says which, and the other fields follow from it. New kinds are added over time. Kind `agent_run_blocked` comes
   * together with each `agent_run.blocked`, with the same payload, and kind `admin_action` with each
   * `admin_action.recorded` whose action is worth an alert, rotation of an endpoint's signing secret among them.
   */
  "audit.flagged": Open<FlaggedAdminAction | BlockedRun | AgentFailureRate | UsageSoftCap | UsageHardCap>;
}
