import type { Id, Metadata, UnixMs } from "../vocabulary.ts";
import type { User } from "./user.ts";

/** Where a session was used last. What is not known is null or absent. */
export interface SessionActivity {
  object: "session_activity";
  id: Id;
  device_type?: "desktop" | "mobile" | "tablet" | "smart_tv" | "bot" | null;
  /** False when absent. */
  is_mobile?: boolean;
  browser_name?: string | null;
  browser_version?: string | null;
  ip_address?: string | null;
  city?: string | null;
  country?: string | null;
}

/** The organization that a session acts in, and what it may do there. */
export interface SessionOrganization {
  id: Id;
  slug: string;
  /** `org:member`. */
  role: string;
  permissions: string[];
}

export interface Session {
  object: "session";
  /** `sess_` and a ULID. */
  id: Id;
  client_id: Id;
  user_id: Id;
  status: "pending" | "active" | "expired" | "ended" | "removed" | "replaced" | "revoked" | "abandoned";
  last_active_at: UnixMs;
  last_active_organization_id?: Id | null;
  organization?: SessionOrganization | null;
  expire_at: UnixMs;
  abandon_at: UnixMs;
  /** Who acts in the user's name. Null or absent when it is the user. */
  actor?: Metadata | null;
  latest_activity: SessionActivity;
  user?: User | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface SessionEvents {
  /**
   * A user signed in.
   *
   * @since v0.1
   */
  "session.created": Session;

  /**
   * A user signed out.
   *
   * @since v0.1
   */
  "session.ended": Session;

  /**
   * A session was removed from its client.
   *
   * @since v0.1
   */
  "session.removed": Session;

  /**
   * A session was revoked by an operator, or by the user on another device.
   *
   * @since v0.1
   */
  "session.revoked": Session;

  /**
   * A session was used again, or acts in another organization now.
   *
   * @since v0.2
   */
  "session.touched": Session;
}
