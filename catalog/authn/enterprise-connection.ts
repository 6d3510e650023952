import type { Id, Metadata, Text, UnixMs, Url, WriteOnly } from "../vocabulary.ts";

/** The tie to an organization's own identity provider, over SAML or OpenID Connect. */
export interface EnterpriseConnection {
  object: "enterprise_connection";
  /** `entcon_` and a ULID. */
  id: Id;
  protocol: "saml" | "oidc";
  name: Text<100>;
  enabled: boolean;
  /** Null when it serves the whole environment. */
  organization_id: Id | null;
  /** Host names; users with an address there sign in over this connection. */
  domains: string[];
  /** The key of the role that new members have. */
  default_role: string;
  /** Which claim or attribute fills which attribute of the user. */
  attribute_mapping: Metadata;
  saml_idp_entity_id?: string | null;
  saml_sso_url?: Url | null;
  /** In PEM. */
  saml_idp_certificate?: string | null;
  saml_signing_algorithm?: "RSA_SHA256" | "RSA_SHA384" | "RSA_SHA512" | null;
  saml_audience_uri?: string | null;
  saml_acs_url?: Url | null;
  saml_sp_entity_id?: Url | null;
  saml_signing_key?: WriteOnly<string>;
  oidc_issuer?: Url | null;
  oidc_discovery_endpoint?: Url | null;
  oidc_client_id?: string | null;
  oidc_client_secret?: WriteOnly<string>;
  oidc_scopes?: string[];
  oidc_redirect_uri?: Url | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface EnterpriseConnectionEvents {
  /**
   * An enterprise connection was created.
   *
   * @since v0.6
   */
  "enterpriseConnection.created": EnterpriseConnection;

  /**
   * An enterprise connection changed; that it was enabled or disabled is such a change.
   *
   * @since v0.6
   */
  "enterpriseConnection.updated": EnterpriseConnection;

  /**
   * An enterprise connection was deleted. The payload is the last full snapshot.
   *
   * @since v0.6
   */
  "enterpriseConnection.deleted": EnterpriseConnection;
}
