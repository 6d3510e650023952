import type { Id } from "../vocabulary.ts";

/** What an administrator did. */
export interface AdminAction {
  /** The row of the audit log. Null when the action writes none. */
  actionId: Id | null;
  /** What was done to what, `<table>.<verb>`: `webhook_endpoints.secret_rotated`. */
  action: string;
  actorUserId: Id;
  targetType: string | null;
  targetId: Id | null;
  /** What the actor gave as the reason. */
  reason: string | null;
}

export interface AdminActionEvents {
  /**
   * An administrator's action was written to the audit log.
   *
   * Actions worth an alert are sent as `audit.flagged` too.
   */
  "admin_action.recorded": AdminAction;
}
