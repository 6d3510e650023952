import type { Email, Id, Int, Timestamp } from "../vocabulary.ts";

export interface ScimEvents {
  /** The identity provider created a user (SCIM POST /Users). */
  "scim.user_added": {
    userId: Id;
    /** The user's id at the identity provider. */
    externalId: string | null;
    email: Email | null;
    membershipId: Id;
  };

  /** The identity provider made a user inactive (SCIM PUT, PATCH or DELETE). */
  "scim.user_deactivated": {
    userId: Id;
    /** The user's id at the identity provider. */
    externalId: string | null;
    email: Email | null;
    membershipId: Id;
    deactivatedAt: Timestamp;
  };

  /** The identity provider created a group (SCIM POST /Groups). */
  "scim.group_added": {
    groupId: Id;
    /** The group's id at the identity provider. */
    externalId: string | null;
    displayName: string;
    memberCount: Int;
  };
}
