import type { LogEntry } from "./log-entry.ts";

/** Grants that are exchanged for access tokens. */
export interface ExchangeCodes {
  /**
   * An authorization code was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seacft: LogEntry;

  /**
   * An authorization code was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feacft: LogEntry;

  /**
   * Client credentials were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seccft: LogEntry;

  /**
   * Client credentials were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feccft: LogEntry;

  /**
   * A password was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sepft: LogEntry;

  /**
   * A password was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fepft: LogEntry;

  /**
   * A refresh token was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sertft: LogEntry;

  /**
   * A refresh token was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fertft: LogEntry;

  /**
   * A refresh token was used a second time.
   *
   * @title Failed Exchange
   * @level 3
   */
  ferrt: LogEntry;

  /**
   * A password and an out-of-band challenge were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seoobft: LogEntry;

  /**
   * A password and an out-of-band challenge were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feoobft: LogEntry;

  /**
   * A password and a one-time password were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  seotpft: LogEntry;

  /**
   * A password and a one-time password were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  feotpft: LogEntry;

  /**
   * A password and a recovery code were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sercft: LogEntry;

  /**
   * A password and a recovery code were not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fercft: LogEntry;

  /**
   * The token of a native social login was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   */
  sens: LogEntry;

  /**
   * The token of a native social login was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   */
  fens: LogEntry;

  /**
   * A device code was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sede: LogEntry;

  /**
   * A device code was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  fede: LogEntry;

  /**
   * A custom token was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  secte: LogEntry;

  /**
   * A custom token was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  fecte: LogEntry;

  /**
   * A token was exchanged at the token vault.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  seta: LogEntry;

  /**
   * A token was not exchanged at the token vault.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  feta: LogEntry;

  /**
   * A one-time password of a passwordless login was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  fepotpft: LogEntry;

  /**
   * A passkey and an out-of-band challenge were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sepkoobft: LogEntry;

  /**
   * A passkey and a one-time password were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sepkotpft: LogEntry;

  /**
   * A passkey and a recovery code were exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  sepkrcft: LogEntry;

  /**
   * A token was exchanged for one on behalf of its user.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  success_on_behalf_of_token_exchange: LogEntry;

  /**
   * A token was not exchanged for one on behalf of its user.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  failed_on_behalf_of_token_exchange: LogEntry;

  /**
   * An identity assertion was exchanged for an access token.
   *
   * @title Success Exchange
   * @level 1
   * @since 2026-08
   */
  idjag_exchange_succeeded: LogEntry;

  /**
   * An identity assertion was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  idjag_exchange_failed: LogEntry;

  /**
   * A JWT bearer assertion was not exchanged for an access token.
   *
   * @title Failed Exchange
   * @level 3
   * @since 2026-08
   */
  jwt_bearer_exchange_failed: LogEntry;
}
