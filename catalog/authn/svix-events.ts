import type { Id, UnixMs } from "../vocabulary.ts";
import type { AuthnEvents } from "./contract.ts";
import type { EmailAddress } from "./email-address.ts";
import type { OrganizationMembershipRequest } from "./organization-membership-request.ts";
import type { User } from "./user.ts";

/** The event types of authn.sh, with the data that its API description has for them. */
export interface AuthnSvixEvents
  extends
    Omit<
      AuthnEvents,
      | "user.created"
      | "user.updated"
      | "user.deleted"
      | "email.created"
      | "organizationMembershipRequest.created"
      | "organizationMembershipRequest.accepted"
      | "organizationMembershipRequest.rejected"
      | "authorizationGrant.granted"
      | "authorizationGrant.revoked"
    >,
    BareUserEvents,
    EmailAddressEvents,
    MembershipRequestEvents,
    GrantEvents {}

/** Users stand bare on this wire. */
interface BareUserEvents {
  /**
   * A user signed up, or was created by an operator.
   *
   * @since v0.1
   */
  "user.created": User;

  /**
   * A user changed.
   *
   * @since v0.1
   */
  "user.updated": User;

  /**
   * A user was deleted. The payload is the last full snapshot.
   *
   * @since v0.1
   */
  "user.deleted": User;
}

/** The description's text has the message, and its schema the address it was written to; the schema is what it is checked by. */
interface EmailAddressEvents {
  /**
   * A message to a user was written: a one-time code, a magic link, an invitation, a notice.
   *
   * The payload is the address that it was written to.
   *
   * @since v0.1
   */
  "email.created": EmailAddress;
}

/** A request that was rejected has the status `revoked` here: the description has no word of its own for it. */
export type MembershipRequest = Omit<OrganizationMembershipRequest, "status"> & {
  status: "pending" | "accepted" | "revoked" | "expired";
};

interface MembershipRequestEvents {
  /**
   * A user asked to become a member of an organization.
   *
   * @since v0.2
   */
  "organizationMembershipRequest.created": MembershipRequest;

  /**
   * The request was accepted; `organizationMembership.created` follows.
   *
   * @since v0.2
   */
  "organizationMembershipRequest.accepted": MembershipRequest;

  /**
   * The request was rejected.
   *
   * @since v0.2
   */
  "organizationMembershipRequest.rejected": MembershipRequest;
}

/** What of a grant is sent here. Whoever wants all of it looks it up by user and application. */
export interface Consent {
  user_id: Id;
  oauth_application_id: Id;
  scopes: string[];
  granted_at: UnixMs;
  /** Null while it holds. */
  revoked_at: UnixMs | null;
}

interface GrantEvents {
  /**
   * A user consented to an OAuth application for the first time.
   *
   * @since v0.7
   */
  "authorizationGrant.granted": Consent;

  /**
   * A consent ended: the user withdrew it, or an operator did.
   *
   * @since v0.7
   */
  "authorizationGrant.revoked": Consent;
}
