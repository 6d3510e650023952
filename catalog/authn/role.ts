import type { Id, Text, UnixMs } from "../vocabulary.ts";

export interface Role {
  object: "role";
  /** `role_` and a ULID. */
  id: Id;
  /** `^org:[a-z][a-z0-9_]*$`. */
  key: Text<64>;
  name: string;
  description?: Text<1024> | null;
  /** Whether who creates an organization can have it. */
  is_creator_eligible: boolean;
  /** Whether new members have it. */
  is_default: boolean;
  /** Whether it is ours, and cannot be changed. */
  is_system: boolean;
  /** Keys of permissions. */
  permissions: string[];
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface RoleEvents {
  /**
   * A role was created.
   *
   * @since v0.2
   */
  "role.created": Role;

  /**
   * A role changed; that it has other permissions is such a change.
   *
   * @since v0.2
   */
  "role.updated": Role;

  /**
   * A role was deleted. The payload is the last full snapshot.
   *
   * @since v0.2
   */
  "role.deleted": Role;
}
