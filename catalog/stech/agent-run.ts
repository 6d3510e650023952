import type { Id, Int, Timestamp, Truncated } from "../vocabulary.ts";

/** Tokens a run used. A count is null when the model did not report it. */
export interface AgentRunUsage {
  input: Int | null;
  output: Int | null;
}

/** A guardrail ended a run. */
export interface BlockedRun {
  kind: "agent_run_blocked";
  agentId: Id;
  agentName: string;
  runId: Id | null;
  conversationId: Id | null;
  /** The guardrail as the agent declares it, `max_tokens=4096`. */
  guardrail: string;
  /** Which check fired. */
  source: string;
  /** The bound the guardrail sets. Null when it has none. */
  limit: number | string | null;
  /** What the run reached. Null when the guardrail does not measure. */
  observed: number | string | null;
  message: string;
  /** `blocked:<kind>`. */
  stopReason: string | null;
}

export interface AgentRunEvents {
  /** A streaming run produced its `done` frame. */
  "agent_run.completed": {
    runId: Id | null;
    deploymentId: Id;
    agentName: string;
    conversationId: Id | null;
    stopReason: string | null;
    /** The start of the agent's answer; the full text stays with the conversation. */
    finalText: Truncated<500>;
    iterations: Int | null;
    usage: AgentRunUsage;
  };

  /** A streaming run ended without a `done` frame. */
  "agent_run.failed": {
    runId: Id | null;
    deploymentId: Id;
    agentName: string;
    conversationId: Id | null;
    reason: string | null;
  };

  /**
   * A streaming run ended with stop reason `cancelled`.
   *
   * The usage is what the partial run really used; it is billed.
   */
  "agent_run.cancelled": {
    runId: Id | null;
    deploymentId: Id;
    agentName: string;
    conversationId: Id | null;
    stopReason: string | null;
    iterations: Int | null;
    usage: AgentRunUsage;
    cancelledByUserId: Id;
    cancellationReason: string | null;
    requestedAt: Timestamp;
    /** When the run noticed. Null when it ended before it could. */
    acknowledgedAt: Timestamp | null;
  };

  /**
   * A guardrail terminated a run; its stop reason is `blocked:<kind>`.
   *
   * The payload has the same bytes as that of `audit.flagged` with kind `agent_run_blocked`. Subscribe to this type to
   * skip the noisier aggregate.
   */
  "agent_run.blocked": BlockedRun;
}
