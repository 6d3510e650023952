import { contract } from "../contract.ts";
import type { AppearanceEvents } from "./appearance.ts";
import type { AuthorizationGrantEvents } from "./authorization-grant.ts";
import type { EmailEvents } from "./email.ts";
import type { EnterpriseAccountEvents } from "./enterprise-account.ts";
import type { EnterpriseConnectionEvents } from "./enterprise-connection.ts";
import { eitherWire } from "./either-wire.ts";
import { examples } from "./examples.ts";
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

export const authn = contract<AuthnEvents>({
  ...eitherWire,
  examples,
  id: "authn",
  title: "authn.sh webhooks",
  doc: `One signed POST for each event in the life of an environment: users, sessions, organizations, connections to
identity providers, and the applications that sign their users in.

Delivery is at least once. Deduplicate on the event's \`id\`, or on the header \`Authn-Webhook-Id\`: both are the same
on every attempt. The payload of an event is a full snapshot of its resource, so that handlers need not fetch it; fields
that are only written, such as secrets and keys, are never in it.`,
  envelope: {
    object: { constant: "event", doc: "What this is." },
    id: { from: "event.id", doc: "The event; the same on every attempt and for every endpoint. Deduplicate on it." },
    type: { from: "event.type", doc: "What happened." },
    occurred_at: { from: "event.time", format: "unix-ms", doc: "When it happened." },
    environment_id: { from: "tenant", doc: "The environment it happened in." },
    data: { from: "data", doc: "What the event says; its shape follows from `type`." },
    meta: { from: "meta", doc: "What is said beside the resource, by the event types that have it." },
  },
  headers: {
    "Authn-Signature": "signature",
    "Authn-Webhook-Id": "delivery.id",
    "Authn-Webhook-Timestamp": "timestamp",
    "Authn-Event-Type": "event.type",
  },
  signature: {
    algorithm: "hmac-sha256",
    key: "utf8",
    content: ["delivery.id", "timestamp", "body"],
    encoding: "base64",
    prefix: "v1,",
    separator: ",",
    timestamp: { unit: "milliseconds", carrier: "header" },
    toleranceSeconds: 300,
    toleranceSides: "both",
  },
  outcomes: [
    { on: "2xx", then: "deliver" },
    { on: "3xx", then: "retry", error: "redirect_blocked" },
    { on: ["4xx", "5xx", "timeout", "network_error", "address_blocked"], then: "retry" },
  ],
  states: { pending: "pending", delivered: "succeeded", rejected: "failed", exhausted: "failed" },
  // The page's list as waits between attempts: 8 attempts, the last 43 h 36 min after the first.
  retry: { waitsSeconds: [60, 5 * 60, 30 * 60, 3600, 6 * 3600, 12 * 3600, 24 * 3600] },
});
