import type { LogEntry } from "./log-entry.ts";

/** Authorizations that are not asked for in a browser, tokens and consents. */
export interface AuthorizationCodes<Entry = LogEntry> {
  /**
   * An authentication that a client initiates over its back channel was begun.
   *
   * @title Successful CIBA Start
   * @level 1
   * @since 2026-08
   */
  ciba_start_succeeded: Entry;

  /**
   * An authentication that a client initiates over its back channel could not begin.
   *
   * @title Failed CIBA Start
   * @level 3
   * @since 2026-08
   */
  ciba_start_failed: Entry;

  /**
   * The request of an authentication over the back channel was exchanged for an access token.
   *
   * @title Successful CIBA Exchange
   * @level 1
   * @since 2026-08
   */
  ciba_exchange_succeeded: Entry;

  /**
   * The request of an authentication over the back channel was not exchanged for an access token.
   *
   * @title Failed CIBA Exchange
   * @level 3
   * @since 2026-08
   */
  ciba_exchange_failed: Entry;

  /**
   * A device was not activated.
   *
   * @title Failed Device Activation
   * @level 3
   * @since 2026-08
   */
  fdeac: Entry;

  /**
   * A device's request for authorization failed.
   *
   * @title Failed Device Authorization Request
   * @level 3
   * @since 2026-08
   */
  fdeaz: Entry;

  /**
   * Somebody did not confirm a device.
   *
   * @title User Canceled Device Confirmation
   * @level 3
   * @since 2026-08
   */
  fdecc: Entry;

  /**
   * A client's pushed authorization request failed.
   *
   * @title Failed Pushed Authorization Request
   * @level 3
   * @since 2026-08
   */
  fpar: Entry;

  /**
   * A refresh token was revoked.
   *
   * @title Successfully revoked a refresh token
   * @level 1
   * @since 2026-08
   */
  srrt: Entry;

  /**
   * A credential was validated.
   *
   * @title Success Credential Validation
   * @level 1
   * @since 2026-08
   */
  scv: Entry;

  /**
   * The record of a consent could not be read.
   *
   * @title Rich Consents Access Error
   * @level 3
   * @since 2026-08
   */
  rich_consents_access_error: Entry;

  /**
   * Somebody connected an account of a third party.
   *
   * @title Successful Connected Account Connection
   * @level 1
   * @since 2026-08
   */
  connected_accounts_connection_succeeded: Entry;

  /**
   * Somebody could not connect an account of a third party.
   *
   * @title Failed Connected Account Connection
   * @level 3
   * @since 2026-08
   */
  connected_accounts_connection_failed: Entry;

  /**
   * Somebody removed a connected account of a third party.
   *
   * @title Successful Connected Account Delete
   * @level 1
   * @since 2026-08
   */
  connected_accounts_delete_succeeded: Entry;

  /**
   * Somebody could not remove a connected account of a third party.
   *
   * @title Failed Connected Account Delete
   * @level 3
   * @since 2026-08
   */
  connected_accounts_delete_failed: Entry;
}
