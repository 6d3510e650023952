import type { AppearanceEvents } from "./appearance.ts";
import type { AuthorizationGrantEvents } from "./authorization-grant.ts";
import type { EmailEvents } from "./email.ts";
import type { EnterpriseAccountEvents } from "./enterprise-account.ts";
import type { EnterpriseConnectionEvents } from "./enterprise-connection.ts";
import type { ExternalAccountEvents } from "./external-account.ts";
import type { InvitationEvents } from "./invitation.ts";
import type { JwtTemplateEvents } from "./jwt-template.ts";
import type { LocalizationEvents } from "./localization.ts";
import type { OauthApplicationEvents } from "./oauth-application.ts";
import type { OauthProviderEvents } from "./oauth-provider.ts";
import type { OrganizationDomainEvents } from "./organization-domain.ts";
import type { OrganizationInvitationEvents } from "./organization-invitation.ts";
import type { OrganizationMembershipRequestEvents } from "./organization-membership-request.ts";
import type { OrganizationMembershipEvents } from "./organization-membership.ts";
import type { OrganizationEvents } from "./organization.ts";
import type { PasskeyEvents } from "./passkey.ts";
import type { PermissionEvents } from "./permission.ts";
import type { PhoneNumberEvents } from "./phone-number.ts";
import type { RoleEvents } from "./role.ts";
import type { ScimTokenEvents, ScimUserEvents } from "./scim.ts";
import type { SessionEvents } from "./session.ts";
import type { UserEvents } from "./user.ts";

/** What both wires of authn.sh send. */
export interface AuthnEvents
  extends
    UserEvents,
    SessionEvents,
    EmailEvents,
    InvitationEvents,
    OrganizationEvents,
    OrganizationMembershipEvents,
    OrganizationInvitationEvents,
    OrganizationDomainEvents,
    OrganizationMembershipRequestEvents,
    RoleEvents,
    PermissionEvents,
    OauthProviderEvents,
    ExternalAccountEvents,
    PhoneNumberEvents,
    PasskeyEvents,
    AppearanceEvents,
    LocalizationEvents,
    EnterpriseConnectionEvents,
    EnterpriseAccountEvents,
    ScimTokenEvents,
    ScimUserEvents,
    JwtTemplateEvents,
    OauthApplicationEvents,
    AuthorizationGrantEvents {}
