import type { Id, Text, UnixMs } from "../vocabulary.ts";

export interface Permission {
  object: "permission";
  /** `perm_` and a ULID. */
  id: Id;
  /** `^org:[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$`. */
  key: Text<128>;
  name: string;
  description?: string | null;
  /** Whether it is ours, and cannot be changed. No event tells of these. */
  is_system: boolean;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface PermissionEvents {
  /**
   * A permission of your own was created.
   *
   * @since v0.2
   */
  "permission.created": Permission;

  /**
   * A permission of your own changed.
   *
   * @since v0.2
   */
  "permission.updated": Permission;

  /**
   * A permission of your own was deleted. The payload is the last full snapshot.
   *
   * @since v0.2
   */
  "permission.deleted": Permission;
}
