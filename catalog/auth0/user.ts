import type { LogEntry } from "./log-entry.ts";

/** Users: sign-up, their data, and their end. */
export interface UserCodes<Entry = LogEntry> {
  /**
   * Somebody signed up.
   *
   * @title Success Signup
   * @level 1
   */
  ss: Entry;

  /**
   * A sign-up failed.
   *
   * @title Failed Signup
   * @level 3
   */
  fs: Entry;

  /**
   * A code for a passwordless login was sent.
   *
   * @title Code Sent
   * @level 1
   */
  cs: Entry;

  /**
   * A code or link for a passwordless login was sent.
   *
   * @title Code/Link Sent
   * @level 1
   */
  cls: Entry;

  /**
   * Somebody verified their e-mail address.
   *
   * @title Success Verification Email
   * @level 1
   */
  sv: Entry;

  /**
   * An e-mail address was not verified.
   *
   * @title Failed Verification Email
   * @level 3
   */
  fv: Entry;

  /**
   * An e-mail to verify an address was asked for.
   *
   * @title Success Verification Email Request
   * @level 1
   */
  svr: Entry;

  /**
   * An e-mail to verify an address was asked for in vain.
   *
   * @title Failed Verification Email Request
   * @level 3
   */
  fvr: Entry;

  /**
   * A password was changed.
   *
   * @title Success Change Password
   * @level 1
   */
  scp: Entry;

  /**
   * A password was not changed.
   *
   * @title Failed Change Password
   * @level 3
   */
  fcp: Entry;

  /**
   * The hook after a change of password ran.
   *
   * @title Success Post Change Password Hook
   * @level 1
   */
  scph: Entry;

  /**
   * The hook after a change of password failed.
   *
   * @title Failed Post Change Password Hook
   * @level 3
   */
  fcph: Entry;

  /**
   * A change of password was asked for.
   *
   * @title Success Change Password Request
   * @level 1
   */
  scpr: Entry;

  /**
   * A change of password was asked for in vain.
   *
   * @title Failed Change Password Request
   * @level 3
   */
  fcpr: Entry;

  /**
   * An e-mail address was changed.
   *
   * @title Success Change Email
   * @level 1
   */
  sce: Entry;

  /**
   * An e-mail address was not changed.
   *
   * @title Failed Change Email
   * @level 3
   */
  fce: Entry;

  /**
   * A user name was changed.
   *
   * @title Success Change Username
   * @level 1
   */
  scu: Entry;

  /**
   * A user name was not changed.
   *
   * @title Failed Change Username
   * @level 3
   */
  fcu: Entry;

  /**
   * A phone number was changed.
   *
   * @title Success Change Phone Number
   * @level 1
   */
  scpn: Entry;

  /**
   * A phone number was not changed.
   *
   * @title Failed Change Phone Number
   * @level 3
   */
  fcpn: Entry;

  /**
   * A user was deleted.
   *
   * @title Deleted User
   * @level 3
   */
  du: Entry;

  /**
   * A user was deleted on request.
   *
   * @title Successful User Deletion
   * @level 1
   */
  sdu: Entry;

  /**
   * A user was not deleted.
   *
   * @title Failed User Deletion
   * @level 3
   */
  fdu: Entry;

  /**
   * Users were imported.
   *
   * @title Users import
   * @level 1
   */
  sui: Entry;

  /**
   * Users were imported in part, or not at all.
   *
   * @title Users import
   * @level 2
   */
  fui: Entry;

  /**
   * An e-mail or a message was not sent.
   *
   * @title Failed Sending Notification
   * @level 3
   */
  fn: Entry;

  /**
   * The hook after a sign-up failed.
   *
   * @title Failed Post User Registration Hook
   * @level 3
   * @since 2026-08
   */
  fpurh: Entry;

  /**
   * Somebody accepted an invitation.
   *
   * @title Successfully accepted a user invite
   * @level 1
   * @since 2026-08
   */
  si: Entry;

  /**
   * An invitation could not be accepted.
   *
   * @title Failed invite accept
   * @level 3
   * @since 2026-08
   */
  fi: Entry;

  /**
   * Somebody became a member of an organization.
   *
   * @title Organization Member Added
   * @level 1
   * @since 2026-08
   */
  organization_member_added: Entry;

  /**
   * Something went wrong while an e-mail or a message was sent.
   *
   * @title Warning Sending Notification
   * @level 2
   * @since 2026-08
   */
  wn: Entry;

  /**
   * Something went wrong while users were managed.
   *
   * @title Warning User Management
   * @level 2
   * @since 2026-08
   */
  wum: Entry;

  /**
   * Somebody changed how they log in.
   *
   * @title Successful authentication method operation in My Account API
   * @level 1
   * @since 2026-08
   */
  my_account_authentication_method_succeeded: Entry;

  /**
   * Somebody could not change how they log in.
   *
   * @title Failed authentication method operation in My Account API
   * @level 3
   * @since 2026-08
   */
  my_account_authentication_method_failed: Entry;
}
