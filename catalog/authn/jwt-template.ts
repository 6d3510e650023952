import type { Id, Int, Metadata, Text, UnixMs, WriteOnly } from "../vocabulary.ts";

/** How tokens for a service of your own are made. */
export interface JwtTemplate {
  object: "jwt_template";
  /** `jtmpl_` and a ULID. */
  id: Id;
  /** `^[a-z][a-z0-9_-]{0,63}$`. */
  name: Text<64>;
  claims: Metadata;
  /** In seconds, 1 to 86,400. */
  lifetime: Int;
  /** In seconds, 0 to 300. */
  allowed_clock_skew: Int;
  signing_algorithm: "RS256" | "ES256" | "HS256";
  custom_signing_key?: WriteOnly<string>;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface JwtTemplateEvents {
  /**
   * A token template was created.
   *
   * @since v0.7
   */
  "jwtTemplate.created": JwtTemplate;

  /**
   * A token template changed.
   *
   * @since v0.7
   */
  "jwtTemplate.updated": JwtTemplate;

  /**
   * A token template was deleted. The payload is the last full snapshot.
   *
   * @since v0.7
   */
  "jwtTemplate.deleted": JwtTemplate;
}
