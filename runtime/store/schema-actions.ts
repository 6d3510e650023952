import type { Generated } from "kysely";
import type { KillReason } from "../seams/action-store.ts";

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
