import type { Examples } from "../../contract.ts";
import type { EnterpriseConnection, EnterpriseConnectionEvents } from "../enterprise-connection.ts";
import type { ScimToken, ScimTokenEvents, ScimUserEvents } from "../scim.ts";
import { user } from "./users.ts";

const oidc: EnterpriseConnection = {
  object: "enterprise_connection",
  id: "entcon_01KR3Q4ZXBBRY82FCBRQEFTA23",
  protocol: "oidc",
  name: "Acme workforce",
  enabled: true,
  organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
  domains: ["acme.example"],
  default_role: "org:member",
  attribute_mapping: { first_name: "given_name" },
  oidc_issuer: "https://sso.acme.example",
  oidc_discovery_endpoint: "https://sso.acme.example/.well-known/openid-configuration",
  oidc_client_id: "authn-sh",
  oidc_scopes: ["openid", "email", "profile"],
  oidc_redirect_uri: "https://accounts.acme.example/sso/oidc/callback",
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const saml: EnterpriseConnection = {
  object: "enterprise_connection",
  id: "entcon_01KR3Q4ZXBWEYJTXKA0PW4CVY1",
  protocol: "saml",
  name: "Globex",
  enabled: false,
  organization_id: null,
  domains: ["globex.example", "globex.test"],
  default_role: "org:member",
  attribute_mapping: {},
  saml_idp_entity_id: "https://idp.globex.example/metadata",
  saml_sso_url: "https://idp.globex.example/sso",
  saml_idp_certificate: "-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n",
  saml_signing_algorithm: "RSA_SHA256",
  saml_audience_uri: "urn:authn:globex",
  saml_acs_url: "https://accounts.acme.example/sso/saml/acs",
  saml_sp_entity_id: "https://accounts.acme.example/sso/saml/metadata",
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const unfinished: EnterpriseConnection = {
  ...saml,
  id: "entcon_01KR3Q4ZXBFTPWRV8JXV48E9QC",
  saml_idp_entity_id: null,
  saml_sso_url: null,
  saml_idp_certificate: null,
  saml_signing_algorithm: null,
  saml_audience_uri: null,
  saml_acs_url: null,
  saml_sp_entity_id: null,
  oidc_issuer: null,
  oidc_discovery_endpoint: null,
  oidc_client_id: null,
  oidc_redirect_uri: null,
};

const scimToken: ScimToken = {
  object: "scim_token",
  id: "scimt_01KR3Q4ZXBGEN0BPYMWXVD6XM4",
  organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
  name: "Acme directory",
  prefix: "scim_3f9c",
  created_at: 1_733_428_800_000,
  revoked_at: null,
};

export const enterpriseConnectionExamples = {
  "enterpriseConnection.created": { "over OpenID Connect": oidc, "over SAML": saml, "not finished yet": unfinished },
  "enterpriseConnection.updated": { "over OpenID Connect": oidc },
  "enterpriseConnection.deleted": { "over SAML": saml },
} satisfies Examples<EnterpriseConnectionEvents>;

export const scimTokenExamples = {
  "scimToken.issued": { "of a directory": scimToken },
  "scimToken.revoked": { "of a directory": { ...scimToken, revoked_at: 1_733_515_200_000 } },
} satisfies Examples<ScimTokenEvents>;

export const scimUserExamples = {
  "scimUser.provisioned": {
    "over a connection": {
      user,
      enterprise_connection_id: "entcon_01KR3Q4ZXBBRY82FCBRQEFTA23",
      organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386",
    },
  },
  "scimUser.deprovisioned": {
    "without a connection": { user, enterprise_connection_id: null, organization_id: "org_01KR3Q4ZXB8KVBMM1XNYSK8386" },
  },
} satisfies Examples<ScimUserEvents>;
