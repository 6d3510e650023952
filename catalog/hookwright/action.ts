import type { Id, Int, Open, Url } from "../vocabulary.ts";

/** An action, and who did it: the id of an API key, `operator`, or `system`. */
export interface ActionReference {
  actionId: Id;
  /** The contract that the action answers. */
  contract: string;
  /** The point at which it is asked. */
  trigger: string;
  actorId: Id;
}

/** What the owner of an action decides. */
export interface ActionSettings extends ActionReference {
  url: Url;
  /** One deadline for the whole exchange, in milliseconds. */
  timeoutMs: Int;
  /** What holds when there is no verdict. */
  failMode: "open" | "closed";
  enabled: boolean;
}

/** A question whose answer overrides something. */
export interface OverrideReference {
  actionId: Id;
  contract: string;
  invocationId: Id;
  /** The member of the verdict that was dropped. */
  member: string;
  /** Always `system`: nobody asked for it. Left out by versions before this one. */
  actorId?: Id;
}

export interface ActionEvents {
  /** An action was made. */
  "action.created": ActionSettings;

  /** An action's settings were changed; all of them are given as they are now. */
  "action.updated": ActionSettings;

  /** An action was deleted; nobody asks it any more. */
  "action.deleted": ActionReference;

  /** An action got a new signing secret; the one before it signs no more. */
  "action.secret_rotated": ActionReference;

  /**
   * An action failed too often and is asked no more, until somebody enables it again.
   *
   * Everything goes on as if it were not there, whatever its fail mode says.
   */
  "action.killed": KilledAction;

  /** Somebody enabled a killed action again. */
  "action.reenabled": ActionReference;

  /** An answer named roles or permissions that the tenant does not have, and these were dropped. */
  "action.override_unknown_roles_dropped": UnknownRoles;

  /** An answer overrides what the tenant's settings do not let it override, so that it was dropped. */
  "action.override_disabled_dropped": DisabledOverride;
}

export interface KilledAction extends ActionReference {
  /** Which limit it passed: failures of all kinds, timeouts, or server errors in a row. */
  killedReason: Open<"error_rate" | "timeout_rate" | "consecutive_5xx">;
}

export interface UnknownRoles extends OverrideReference {
  /** The first fifty of them, cut to 100 characters each. */
  dropped: string[];
  droppedCount: Int;
}

export interface DisabledOverride extends OverrideReference {
  /** The setting that is off. */
  setting: string;
}
