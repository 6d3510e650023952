import type { Examples } from "../contract.ts";
import { examples as ofPage } from "./examples.ts";
import { emailAddress } from "./examples/accounts.ts";
import { nameless, request } from "./examples/organizations.ts";
import { bareUser, user } from "./examples/users.ts";
import type { AuthnSvixEvents, Consent, MembershipRequest } from "./svix-events.ts";

const consent: Consent = {
  user_id: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
  oauth_application_id: "oac_01KR3Q4ZXB0FSF9QQ1GTSX2SFS",
  scopes: ["openid", "profile"],
  granted_at: 1_733_428_800_000,
  revoked_at: null,
};

const pending: MembershipRequest = { ...request, status: "pending" };

export const examples = {
  ...ofPage,
  "user.created": { "with everything": user, "with nothing": bareUser },
  "user.updated": { "a locked account": { ...user, locked: true, lockout_expires_at: 1_733_518_800_000 } },
  "user.deleted": { "the last snapshot": user },
  "email.created": { "to a verified address": emailAddress },
  "organizationMembershipRequest.created": {
    "with everything": pending,
    "somebody without a name": { ...pending, id: "orgreq_01KR3Q4ZXB0AZFC4GR15BBMR95", public_user_data: nameless },
  },
  "organizationMembershipRequest.accepted": { "with everything": { ...pending, status: "accepted" } },
  "organizationMembershipRequest.rejected": { "with everything": { ...pending, status: "revoked" } },
  "authorizationGrant.granted": { "by the user": consent },
  "authorizationGrant.revoked": { "by the user": { ...consent, revoked_at: 1_733_515_200_000 } },
} satisfies Examples<AuthnSvixEvents>;
