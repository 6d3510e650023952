import type { Examples } from "../../contract.ts";
import type { Email, EmailEvents } from "../email.ts";
import type { Invitation, InvitationEvents } from "../invitation.ts";
import type { Session, SessionActivity, SessionEvents } from "../session.ts";
import type { User, UserEvents } from "../user.ts";
import { emailAddress, enterpriseAccount, externalAccount, passkey, phoneNumber } from "./accounts.ts";

export const user: User = {
  object: "user",
  id: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
  external_id: "customer-4711",
  username: "jane",
  first_name: "Jane",
  last_name: "Müller",
  image_url: "https://img.authn.example/jane.png",
  has_image: true,
  primary_email_address_id: "idn_01KR3Q4ZXBPT05BWB8DGPKQ5AC",
  primary_phone_number_id: "phn_01KR3Q4ZXBQ376J7PVKS9P5V9V",
  email_addresses: [emailAddress],
  phone_numbers: [phoneNumber],
  external_accounts: [externalAccount],
  enterprise_accounts: [enterpriseAccount],
  passkeys: [passkey],
  passkey_count: 1,
  password_enabled: true,
  two_factor_enabled: true,
  totp_enabled: true,
  backup_code_enabled: true,
  mfa_enabled_at: 1_733_515_200_000,
  mfa_disabled_at: null,
  banned: false,
  locked: false,
  lockout_expires_at: null,
  last_sign_in_at: 1_733_515_200_000,
  last_active_at: 1_733_515_200_000,
  delete_self_enabled: true,
  locale: "de-DE",
  public_metadata: { plan: "pro" },
  private_metadata: { crm_id: 4711 },
  unsafe_metadata: { theme: "dark" },
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

/** A user of whom nothing is known but that there is one. */
export const bareUser: User = {
  object: "user",
  id: "user_01KR3Q4ZXBQNR4K41T25KF8FY4",
  external_id: null,
  username: null,
  first_name: null,
  last_name: null,
  image_url: null,
  has_image: false,
  primary_email_address_id: null,
  primary_phone_number_id: null,
  email_addresses: [],
  phone_numbers: [],
  external_accounts: [],
  enterprise_accounts: [],
  passkeys: [],
  passkey_count: 0,
  password_enabled: false,
  two_factor_enabled: false,
  totp_enabled: false,
  backup_code_enabled: false,
  mfa_enabled_at: null,
  mfa_disabled_at: null,
  banned: false,
  locked: false,
  lockout_expires_at: null,
  last_sign_in_at: null,
  last_active_at: null,
  delete_self_enabled: true,
  locale: null,
  public_metadata: {},
  private_metadata: {},
  unsafe_metadata: {},
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const activity: SessionActivity = {
  object: "session_activity",
  id: "sact_01KR3Q4ZXB1HCF0JK6RZ39XHQC",
  device_type: "desktop",
  is_mobile: false,
  browser_name: "Firefox",
  browser_version: "133.0",
  ip_address: "203.0.113.7",
  city: "Köln",
  country: "DE",
};

const session: Session = {
  object: "session",
  id: "sess_01KR3Q4ZXBWAG1QBW83S26EPC4",
  client_id: "client_01KR3Q4ZXBQZBMTQMZQEEXMA7A",
  user_id: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
  status: "active",
  last_active_at: 1_733_515_200_000,
  last_active_organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
  organization: {
    id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
    slug: "acme",
    role: "org:admin",
    permissions: ["org:invoices:read"],
  },
  expire_at: 1_734_033_600_000,
  abandon_at: 1_736_020_800_000,
  actor: { sub: "user_01KR3Q4ZXBGAVHJV3Y42QKECTG" },
  latest_activity: activity,
  user,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

/** A session of a device that tells nothing of itself. */
const bareSession: Session = {
  object: "session",
  id: "sess_01KR3Q4ZXB8CFVR8A5DT4DMZ2B",
  client_id: "client_01KR3Q4ZXBPJZJ77X8G6W8X2J8",
  user_id: "user_01KR3Q4ZXBQNR4K41T25KF8FY4",
  status: "active",
  last_active_at: 1_733_428_800_000,
  last_active_organization_id: null,
  organization: null,
  expire_at: 1_734_033_600_000,
  abandon_at: 1_736_020_800_000,
  actor: null,
  latest_activity: {
    object: "session_activity",
    id: "sact_01KR3Q4ZXBTDF8SVG8B9W57XR2",
    device_type: null,
    ip_address: null,
  },
  user: null,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const email: Email = {
  object: "email",
  id: "eml_01KR3Q4ZXBWXABCR3VCG37MRCJ",
  slug: "magic_link_sign_in",
  from_email_name: "login",
  to_email_address: "jane@acme.example",
  email_address_id: "idn_01KR3Q4ZXBPT05BWB8DGPKQ5AC",
  user_id: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
  subject: "Sign in to Acme",
  body: "<p>Follow the link to sign in.</p>",
  body_plain: "Follow the link to sign in.",
  status: "queued",
  data: { app: { name: "Acme" } },
  delivered_by_us: true,
  created_at: 1_733_428_800_000,
};

const invitation: Invitation = {
  object: "invitation",
  id: "inv_01KR3Q4ZXBDB26FHVV62XVVW33",
  email_address: "robin@acme.example",
  redirect_url: "https://acme.example/welcome",
  public_metadata: { source: "beta" },
  status: "pending",
  revoked: false,
  url: "https://accounts.acme.example/invitation?ticket=1",
  expires_at: 1_736_020_800_000,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const endlessInvitation: Invitation = {
  ...invitation,
  id: "inv_01KR3Q4ZXBSNKWWS1S0G4TN8PN",
  redirect_url: null,
  public_metadata: {},
  expires_at: null,
};

export const userExamples = {
  "user.created": { "with everything": { user }, "with nothing": { user: bareUser } },
  "user.updated": {
    "a locked account": { user: { ...user, locked: true, lockout_expires_at: 1_733_518_800_000 } },
  },
  "user.deleted": { "the last snapshot": { user } },
} satisfies Examples<UserEvents>;

export const sessionExamples = {
  "session.created": { "with everything": session, "with nothing": bareSession },
  "session.ended": { "signed out": { ...session, status: "ended" } },
  "session.removed": { "by the client": { ...bareSession, status: "removed" } },
  "session.revoked": { "by an operator": { ...bareSession, status: "revoked" } },
  "session.touched": { "in another organization": session },
} satisfies Examples<SessionEvents>;

export const emailExamples = {
  "email.created": {
    "a magic link": email,
    "to somebody unknown, sent by yourself": {
      ...email,
      id: "eml_01KR3Q4ZXB4MKF86FWKS7TX9CN",
      slug: "verification_code",
      to_email_address: "robin@acme.example",
      email_address_id: null,
      user_id: null,
      subject: "424242 is your code",
      body: "<p>Your code is 424242.</p>",
      body_plain: null,
      data: { otp_code: "424242" },
      delivered_by_us: false,
    },
  },
} satisfies Examples<EmailEvents>;

export const invitationExamples = {
  "invitation.created": { "with everything": invitation, "without an end": endlessInvitation },
  "invitation.accepted": { "with everything": { ...invitation, status: "accepted" } },
  "invitation.revoked": { "without an end": { ...endlessInvitation, status: "revoked", revoked: true } },
} satisfies Examples<InvitationEvents>;
