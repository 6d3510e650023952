import type { Examples } from "../../contract.ts";
import type { OrganizationDomain, OrganizationDomainEvents } from "../organization-domain.ts";
import type { OrganizationInvitation, OrganizationInvitationEvents } from "../organization-invitation.ts";
import type {
  OrganizationMembershipRequest,
  OrganizationMembershipRequestEvents,
} from "../organization-membership-request.ts";
import type { OrganizationMembership, OrganizationMembershipEvents } from "../organization-membership.ts";
import type { Organization, OrganizationEvents } from "../organization.ts";
import type { PublicUserData } from "../public-user-data.ts";

const organization: Organization = {
  object: "organization",
  id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
  name: "Acme",
  slug: "acme",
  image_url: "https://img.authn.example/acme.png",
  has_image: true,
  members_count: 12,
  pending_invitations_count: 1,
  max_allowed_memberships: 50,
  admin_delete_enabled: true,
  public_metadata: { industry: "anvils" },
  private_metadata: { contract: "A-17" },
  created_by: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const bareOrganization: Organization = {
  object: "organization",
  id: "org_01KR3Q4ZXB7FG115BJSZGKM74Q",
  name: "Nouveau – 新しい",
  slug: "nouveau",
  image_url: null,
  has_image: false,
  members_count: 0,
  pending_invitations_count: 0,
  max_allowed_memberships: null,
  admin_delete_enabled: false,
  public_metadata: {},
  private_metadata: {},
  created_by: null,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const jane: PublicUserData = {
  first_name: "Jane",
  last_name: "Müller",
  image_url: "https://img.authn.example/jane.png",
  has_image: true,
  identifier: "jane@acme.example",
  user_id: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
};

export const nameless: PublicUserData = {
  first_name: null,
  last_name: null,
  image_url: null,
  has_image: false,
  identifier: "+14155550123",
};

const membership: OrganizationMembership = {
  object: "organization_membership",
  id: "orgmem_01KR3Q4ZXBNEAN5TZVS4ZQ5FMY",
  role: "org:admin",
  role_name: "Administrator",
  permissions: ["org:invoices:read", "org:invoices:write"],
  public_metadata: { team: "sales" },
  private_metadata: {},
  organization,
  public_user_data: jane,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const invitation: OrganizationInvitation = {
  object: "organization_invitation",
  id: "orginv_01KR3Q4ZXB48QYXFFFYV21NV4S",
  organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
  email_address: "robin@acme.example",
  role: "org:member",
  role_name: "Member",
  inviter_user_id: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
  redirect_url: "https://acme.example/welcome",
  status: "pending",
  public_metadata: { team: "sales" },
  url: "https://accounts.acme.example/organization-invitation?ticket=1",
  expires_at: 1_736_020_800_000,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const silentInvitation: OrganizationInvitation = {
  ...invitation,
  id: "orginv_01KR3Q4ZXB2XNADEVTRBR9C4NK",
  inviter_user_id: null,
  redirect_url: null,
  public_metadata: {},
  url: null,
  expires_at: null,
};

const domain: OrganizationDomain = {
  object: "organization_domain",
  id: "orgdom_01KR3Q4ZXBARK43A5ETHNYMK1M",
  organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
  name: "acme.example",
  verified: true,
  current_challenge_id: null,
  enrollment_mode: "automatic_invitation",
  affiliation_email_address: "postmaster@acme.example",
  total_pending_invitations: 2,
  total_pending_suggestions: 0,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const newDomain: OrganizationDomain = {
  ...domain,
  verified: false,
  current_challenge_id: "chal_01KR3Q4ZXB4S0HW12E7X3ERB8E",
  enrollment_mode: "manual_invitation",
  affiliation_email_address: null,
  total_pending_invitations: 0,
  updated_at: 1_733_428_800_000,
};

export const request: OrganizationMembershipRequest = {
  object: "organization_membership_request",
  id: "orgreq_01KR3Q4ZXB3JS5X9M8PVFF1VZ4",
  organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
  status: "pending",
  public_user_data: jane,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

export const organizationExamples = {
  "organization.created": { "with everything": organization, "with little": bareOrganization },
  "organization.updated": { "with everything": organization },
  "organization.deleted": { "with little": bareOrganization },
} satisfies Examples<OrganizationEvents>;

export const organizationMembershipExamples = {
  "organizationMembership.created": {
    "with everything": membership,
    "a member without a name": {
      ...membership,
      id: "orgmem_01KR3Q4ZXBW1A4X0KZETZ59P30",
      role: "org:member",
      role_name: "Member",
      permissions: [],
      public_metadata: {},
      organization: bareOrganization,
      public_user_data: nameless,
    },
  },
  "organizationMembership.updated": { "with everything": membership },
  "organizationMembership.deleted": { "with everything": membership },
} satisfies Examples<OrganizationMembershipEvents>;

export const organizationInvitationExamples = {
  "organizationInvitation.created": { "with everything": invitation, "by the backend": silentInvitation },
  "organizationInvitation.accepted": { "with everything": { ...invitation, status: "accepted" } },
  "organizationInvitation.revoked": { "by the backend": { ...silentInvitation, status: "revoked" } },
} satisfies Examples<OrganizationInvitationEvents>;

export const organizationDomainExamples = {
  "organizationDomain.created": { "not verified yet": newDomain },
  "organizationDomain.updated": { verified: domain },
  "organizationDomain.deleted": { verified: domain },
} satisfies Examples<OrganizationDomainEvents>;

export const organizationMembershipRequestExamples = {
  "organizationMembershipRequest.created": {
    "with everything": request,
    "somebody without a name": { ...request, id: "orgreq_01KR3Q4ZXB0AZFC4GR15BBMR95", public_user_data: nameless },
  },
  "organizationMembershipRequest.accepted": { "with everything": { ...request, status: "accepted" } },
  "organizationMembershipRequest.rejected": { "with everything": { ...request, status: "rejected" } },
} satisfies Examples<OrganizationMembershipRequestEvents>;
