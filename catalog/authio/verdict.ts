import type { Metadata, Open } from "../vocabulary.ts";

/** What an action answers. Every member may be left out, or null, and so may the whole body. */
export interface Verdict {
  /** What is neither of the two, or left out, lets it go on. */
  decision?: Open<"allow" | "deny">;
  /** Why, for the log alone. */
  deny_reason?: string;
  /** Why, for the client: `compliance_block`, `fraud_review`, `requires_2fa`, or a code of your own. */
  deny_code?: string;
  /** Claims that the access token gets besides its own. */
  override_claims?: Metadata;
  /** Roles that stand in the access token in place of the user's. */
  override_roles?: string[];
  /** Permissions that stand in the access token in place of the user's. */
  override_permissions?: string[];
  /**
   * For the product's audit log. It is handed to whoever asked, with the rest of the answer; no log of Hookwright's
   * keeps it.
   */
  append_audit?: Metadata;
}
