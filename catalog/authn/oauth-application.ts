import type { Id, Text, UnixMs, Url, WriteOnly } from "../vocabulary.ts";

/** An application that signs its users in with this environment. */
export interface OauthApplication {
  object: "oauth_application";
  /** `oac_` and a ULID. */
  id: Id;
  name: Text<100>;
  /** `oac_pub_` and what identifies it to the authorization server. */
  client_id: Id;
  client_secret?: WriteOnly<string>;
  callback_urls: Url[];
  scopes: string[];
  /** Whether it can keep no secret, as an application in a browser cannot. */
  is_public: boolean;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface OauthApplicationEvents {
  /**
   * An OAuth application was created. Its secret stands in the answer to the request alone.
   *
   * @since v0.7
   */
  "oauthApplication.created": OauthApplication;

  /**
   * An OAuth application changed; that its secret was rotated is such a change.
   *
   * @since v0.7
   */
  "oauthApplication.updated": OauthApplication;

  /**
   * An OAuth application was deleted. The payload is the last full snapshot.
   *
   * @since v0.7
   */
  "oauthApplication.deleted": OauthApplication;
}
