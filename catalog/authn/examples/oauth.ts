import type { Examples } from "../../contract.ts";
import type { AuthorizationGrant, AuthorizationGrantEvents } from "../authorization-grant.ts";
import type { OauthApplication, OauthApplicationEvents } from "../oauth-application.ts";

const application: OauthApplication = {
  object: "oauth_application",
  id: "oac_01KR3Q4ZXB0FSF9QQ1GTSX2SFS",
  name: "Warehouse",
  client_id: "oac_pub_01KR3Q4ZXB0FSF9QQ1GTSX2SFS",
  callback_urls: ["https://warehouse.example/callback"],
  scopes: ["openid", "profile"],
  is_public: false,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const grant: AuthorizationGrant = {
  object: "authorization_grant",
  id: "authgrant_01KR3Q4ZXBE44SQ8WG8TZ42YCB",
  oauth_application_id: "oac_01KR3Q4ZXB0FSF9QQ1GTSX2SFS",
  user_id: "user_01KR3Q4ZXBRM287ANYYMJK4AEF",
  scopes: ["openid", "profile"],
  granted_at: 1_733_428_800_000,
  revoked_at: null,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const revoked: AuthorizationGrant = { ...grant, revoked_at: 1_733_515_200_000, updated_at: 1_733_515_200_000 };

export const oauthApplicationExamples = {
  "oauthApplication.created": {
    "with a secret": application,
    "in a browser": {
      ...application,
      id: "oac_01KR3Q4ZXBCCF5VXRZ87WAHQFY",
      callback_urls: ["https://warehouse.example/browser"],
      scopes: [],
      is_public: true,
    },
  },
  "oauthApplication.updated": { "with a secret": application },
  "oauthApplication.deleted": { "with a secret": application },
} satisfies Examples<OauthApplicationEvents>;

export const authorizationGrantExamples = {
  "authorizationGrant.granted": { "by the user": { data: grant, meta: { surface: "user" } } },
  "authorizationGrant.revoked": {
    "by the user": { data: revoked, meta: { surface: "user" } },
    "by an operator": { data: revoked, meta: { surface: "operator" } },
  },
} satisfies Examples<AuthorizationGrantEvents>;
