import type { Id, Metadata, Text, UnixMs, Url } from "../vocabulary.ts";

/** An identity provider that users can sign in with. */
export interface OauthProvider {
  object: "oauth_provider";
  /** `oauthp_` and a ULID. */
  id: Id;
  provider_kind: "preset" | "custom_oidc" | "custom_oauth2";
  /** `^[a-z][a-z0-9_]*$`. */
  provider_key: Text<64>;
  name: Text<100>;
  enabled: boolean;
  allow_sign_in: boolean;
  allow_sign_up: boolean;
  /** Whether addresses such as `jane+work@…` are refused. */
  block_email_subaddresses: boolean;
  client_id: Text<255>;
  scopes: string[];
  additional_authorization_params: Metadata;
  /** Which claim fills which attribute of the user. */
  attribute_mapping: Metadata;
  redirect_uri: Url;
  issuer?: Url | null;
  discovery_endpoint?: Url | null;
  authorization_endpoint?: Url | null;
  token_endpoint?: Url | null;
  userinfo_endpoint?: Url | null;
  jwks_uri?: Url | null;
  id_token_signing_algs?: string[];
  userinfo_method?: "GET" | "POST" | null;
  userinfo_auth?: "bearer" | "basic" | "query" | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface OauthProviderEvents {
  /**
   * An identity provider was configured.
   *
   * @since v0.4
   */
  "oauthProvider.created": OauthProvider;

  /**
   * The configuration of an identity provider changed.
   *
   * @since v0.4
   */
  "oauthProvider.updated": OauthProvider;

  /**
   * An identity provider was removed. The payload is the last full snapshot.
   *
   * @since v0.4
   */
  "oauthProvider.deleted": OauthProvider;
}
