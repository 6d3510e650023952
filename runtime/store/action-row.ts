import type { Generated, Insertable, Selectable, Updateable } from "kysely";
import type { Action, ActionChange, Invocation, KillReason } from "../seams/action-store.ts";

/** One row per action that was not deleted. */
export interface ActionRow {
  key: Generated<number>;
  id: string;
  contract: string;
  tenant: string;
  trigger_name: string;
  url: string;
  timeout_ms: number;
  fail_mode: "open" | "closed";
  enabled: 0 | 1;
  secret_storage: "sealed" | "memory";
  sealed_secret: string | null;
  /** Only of one that is held in memory, while there are several processes. */
  shared_sealed_secret: string | null;
  secret_hash: string;
  /** Both null, or neither. */
  killed_at: number | null;
  killed_reason: KillReason | null;
  counted_since: number;
  created_at: number;
  updated_at: number;
}

/** One row per question; only the newest of each action are kept. Identifiers grow with time. */
export interface InvocationRow {
  action_key: number;
  id: string;
  trigger_name: string;
  /** The contract's word. */
  outcome: string;
  duration_ms: number;
  http_status: number | null;
  error: string | null;
  response_sha256: string | null;
  is_override: 0 | 1;
  deny_code: string | null;
  deny_reason: string | null;
  is_test: 0 | 1;
  created_at: number;
}

export function actionOf(row: Selectable<ActionRow>): Action {
  return {
    id: row.id,
    contract: row.contract,
    tenant: row.tenant,
    trigger: row.trigger_name,
    url: row.url,
    timeoutMs: row.timeout_ms,
    failMode: row.fail_mode,
    enabled: row.enabled === 1,
    secretStorage: row.secret_storage,
    sealedSecret: row.sealed_secret,
    sharedSecret: row.shared_sealed_secret,
    secretHash: row.secret_hash,
    killedAt: row.killed_at,
    killedReason: row.killed_reason,
    countedSince: row.counted_since,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function actionRow(action: Action): Insertable<ActionRow> {
  return {
    id: action.id,
    contract: action.contract,
    tenant: action.tenant,
    trigger_name: action.trigger,
    url: action.url,
    timeout_ms: action.timeoutMs,
    fail_mode: action.failMode,
    enabled: action.enabled ? 1 : 0,
    secret_storage: action.secretStorage,
    sealed_secret: action.sealedSecret,
    shared_sealed_secret: action.sharedSecret,
    secret_hash: action.secretHash,
    killed_at: action.killedAt,
    killed_reason: action.killedReason,
    counted_since: action.countedSince,
    created_at: action.createdAt,
    updated_at: action.updatedAt,
  };
}

/** Only the columns whose values are given. */
export function changeRow(change: ActionChange): Updateable<ActionRow> {
  return {
    ...(change.url !== undefined && { url: change.url }),
    ...(change.timeoutMs !== undefined && { timeout_ms: change.timeoutMs }),
    ...(change.failMode !== undefined && { fail_mode: change.failMode }),
    ...(change.enabled !== undefined && { enabled: change.enabled ? 1 : 0 }),
    ...(change.sealedSecret !== undefined && { sealed_secret: change.sealedSecret }),
    ...(change.sharedSecret !== undefined && { shared_sealed_secret: change.sharedSecret }),
    ...(change.secretHash !== undefined && { secret_hash: change.secretHash }),
    ...(change.killedAt !== undefined && { killed_at: change.killedAt }),
    ...(change.killedReason !== undefined && { killed_reason: change.killedReason }),
    ...(change.countedSince !== undefined && { counted_since: change.countedSince }),
  };
}

export function invocationOf(row: Selectable<InvocationRow>, actionId: string): Invocation {
  return {
    id: row.id,
    actionId,
    trigger: row.trigger_name,
    status: row.outcome,
    durationMs: row.duration_ms,
    httpStatus: row.http_status,
    error: row.error,
    responseSha256: row.response_sha256,
    isOverride: row.is_override === 1,
    denyCode: row.deny_code,
    denyReason: row.deny_reason,
    isTest: row.is_test === 1,
    createdAt: row.created_at,
  };
}

/** The columns of a row that is inserted in bulk, but for the action's key. */
export const invocationColumns = {
  id: "text",
  trigger_name: "text",
  outcome: "text",
  duration_ms: "integer",
  http_status: "integer",
  error: "text",
  response_sha256: "text",
  is_override: "integer",
  deny_code: "text",
  deny_reason: "text",
  is_test: "integer",
  created_at: "integer",
} as const;

export function invocationRow(invocation: Invocation) {
  return {
    action_id: invocation.actionId,
    id: invocation.id,
    trigger_name: invocation.trigger,
    outcome: invocation.status,
    duration_ms: invocation.durationMs,
    http_status: invocation.httpStatus,
    error: invocation.error,
    response_sha256: invocation.responseSha256,
    is_override: invocation.isOverride ? 1 : 0,
    deny_code: invocation.denyCode,
    deny_reason: invocation.denyReason,
    is_test: invocation.isTest ? 1 : 0,
    created_at: invocation.createdAt,
  };
}
