import type { LogEntry } from "./log-entry.ts";

/** Grants that are exchanged for access tokens. */
export interface ExchangeCodes<Entry = LogEntry> {
  /**
   * An authorization code was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seacft: Entry;

  /**
   * An authorization code was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feacft: Entry;

  /**
   * Client credentials were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seccft: Entry;

  /**
   * Client credentials were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feccft: Entry;

  /**
   * A password was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sepft: Entry;

  /**
   * A password was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fepft: Entry;

  /**
   * A refresh token was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sertft: Entry;

  /**
   * A refresh token was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fertft: Entry;

  /**
   * A refresh token was used a second time.
   *
   * @title Failed Exchange
   * @level 3
   */
  ferrt: Entry;

  /**
   * A password and an out-of-band challenge were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seoobft: Entry;

  /**
   * A password and an out-of-band challenge were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feoobft: Entry;

  /**
   * A password and a one-time password were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seotpft: Entry;

  /**
   * A password and a one-time password were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feotpft: Entry;

  /**
   * A password and a recovery code were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sercft: Entry;

  /**
   * A password and a recovery code were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fercft: Entry;

  /**
   * The token of a native social login was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sens: Entry;

  /**
   * The token of a native social login was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fens: Entry;

  /**
   * A device code was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sede: Entry;

  /**
   * A device code was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  fede: Entry;

  /**
   * A custom token was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  secte: Entry;

  /**
   * A custom token was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  fecte: Entry;

  /**
   * A token was exchanged at the token vault.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  seta: Entry;

  /**
   * A token was not exchanged at the token vault.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  feta: Entry;

  /**
   * A one-time password of a passwordless login was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  fepotpft: Entry;

  /**
   * A passkey and an out-of-band challenge were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sepkoobft: Entry;

  /**
   * A passkey and a one-time password were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sepkotpft: Entry;

  /**
   * A passkey and a recovery code were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sepkrcft: Entry;

  /**
   * A token was exchanged for one on behalf of its user.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  success_on_behalf_of_token_exchange: Entry;

  /**
   * A token was not exchanged for one on behalf of its user.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  failed_on_behalf_of_token_exchange: Entry;

  /**
   * An identity assertion was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  idjag_exchange_succeeded: Entry;

  /**
   * An identity assertion was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  idjag_exchange_failed: Entry;

  /**
   * A JWT bearer assertion was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  jwt_bearer_exchange_failed: Entry;

  /**
   * A code was exchanged for an access token on behalf of another.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sdeleacft: Entry;

  /**
   * A code was not exchanged for an access token on behalf of another.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  fdeleacft: Entry;
}
