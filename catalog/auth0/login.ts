import type { LogEntry } from "./log-entry.ts";

/** Logins, logouts and what limits them. */
export interface LoginCodes<Entry = LogEntry> {
  /**
   * Somebody logged in.
   *
   * @title Success Login
   * @level 1
   */
  s: Entry;

  /**
   * A login failed.
   *
   * @title Failed Login
   * @level 3
   */
  f: Entry;

  /**
   * A login failed because there is no such user.
   *
   * @title Failed Login (invalid email/username)
   * @level 3
   */
  fu: Entry;

  /**
   * A login failed because the password was wrong.
   *
   * @title Failed Login (wrong password)
   * @level 3
   */
  fp: Entry;

  /**
   * Somebody was logged in without being asked.
   *
   * @title Success Silent Auth
   * @level 1
   */
  ssa: Entry;

  /**
   * Somebody could not be logged in without being asked.
   *
   * @title Failed Silent Auth
   * @level 3
   */
  fsa: Entry;

  /**
   * Somebody logged in from a page of another origin.
   *
   * @title Success cross origin authentication
   * @level 1
   */
  scoa: Entry;

  /**
   * A login from a page of another origin failed.
   *
   * @title Failed cross origin authentication
   * @level 3
   */
  fcoa: Entry;

  /**
   * A page's origin is not among those that are allowed.
   *
   * @title Failed by CORS
   * @level 3
   */
  fco: Entry;

  /**
   * Somebody logged out.
   *
   * @title Success Logout
   * @level 1
   */
  slo: Entry;

  /**
   * A logout failed.
   *
   * @title Failed Logout
   * @level 3
   */
  flo: Entry;

  /**
   * A token was exchanged for that of another client.
   *
   * @title Success Delegation
   * @level 1
   */
  sd: Entry;

  /**
   * A token was not exchanged for that of another client.
   *
   * @title Failed Delegation
   * @level 3
   */
  fd: Entry;

  /**
   * Something happened at a login that deserves a look.
   *
   * @title Warning
   * @level 2
   */
  w: Entry;

  /**
   * A feature was used that will go away.
   *
   * @title Deprecation Notice
   * @level 2
   */
  depnote: Entry;

  /**
   * Somebody logged in with a password that is known from a breach.
   *
   * @title Breached password
   * @level 3
   */
  pwd_leak: Entry;

  /**
   * A blocked account was let in again.
   *
   * @title Account unblocked
   * @level 1
   */
  ublkdu: Entry;

  /**
   * An account was blocked after too many failed logins.
   *
   * @title Blocked Account
   * @level 4
   */
  limit_wc: Entry;

  /**
   * An address was blocked after too many failed logins.
   *
   * @title Blocked IP Address
   * @level 4
   */
  limit_mu: Entry;

  /**
   * A client called /userinfo too often.
   *
   * @title Too Many Calls to /userinfo
   * @level 4
   */
  limit_ui: Entry;

  /**
   * A client called /delegation too often.
   *
   * @title Too Many Calls to /delegation
   * @level 4
   */
  limit_delegation: Entry;

  /**
   * A user was blocked after too many logins in a short time.
   *
   * @title Blocked Account
   * @level 4
   * @since 2026-08
   */
  limit_sul: Entry;

  /**
   * A login was assessed before it began.
   *
   * @title Pre-login assessment
   * @level 1
   * @since 2026-08
   */
  pla: Entry;

  /**
   * A challenge for a passkey was sent to a device.
   *
   * @title Passkey Challenge Started
   * @level 1
   * @since 2026-08
   */
  passkey_challenge_started: Entry;

  /**
   * A challenge for a passkey failed on a device.
   *
   * @title Passkey Challenge Failed
   * @level 3
   * @since 2026-08
   */
  passkey_challenge_failed: Entry;

  /**
   * Somebody signed up with a password that is known from a breach.
   *
   * @title Breached Password on Signup
   * @level 3
   * @since 2026-08
   */
  signup_pwd_leak: Entry;

  /**
   * Somebody chose a new password that is known from a breach.
   *
   * @title Breached Password on Reset
   * @level 3
   * @since 2026-08
   */
  reset_pwd_leak: Entry;

  /**
   * Somebody was not logged out of the identity provider upstream.
   *
   * @title Failed Federated Logout
   * @level 3
   * @since 2026-08
   */
  federated_logout_failed: Entry;

  /**
   * A client was told over its back channel that somebody logged out.
   *
   * @title Successful OIDC Back-Channel Logout request
   * @level 1
   * @since 2026-08
   */
  oidc_backchannel_logout_succeeded: Entry;

  /**
   * A client could not be told over its back channel that somebody logged out.
   *
   * @title Failed OIDC Back-Channel Logout request
   * @level 3
   * @since 2026-08
   */
  oidc_backchannel_logout_failed: Entry;

  /**
   * Somebody was logged out everywhere.
   *
   * @title Successful Universal Logout request
   * @level 1
   * @since 2026-08
   */
  universal_logout_succeeded: Entry;

  /**
   * Somebody was not logged out everywhere.
   *
   * @title Failed Universal Logout request
   * @level 3
   * @since 2026-08
   */
  universal_logout_failed: Entry;

  /**
   * Somebody logged in on behalf of another.
   *
   * @title Successful Delegated Login
   * @level 1
   * @since 2026-08
   */
  sdel: Entry;

  /**
   * Somebody was logged in silently on behalf of another.
   *
   * @title Successful Delegated Silent Authentication
   * @level 1
   * @since 2026-08
   */
  sdelsa: Entry;

  /**
   * A silent login on behalf of another failed.
   *
   * @title Failed Delegated Silent Authentication
   * @level 3
   * @since 2026-08
   */
  fdelsa: Entry;
}
