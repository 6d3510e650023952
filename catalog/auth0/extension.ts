import type { LogEntry } from "./log-entry.ts";

/** Actions, flows, forms and directories. */
export interface ExtensionCodes<Entry = LogEntry> {
  /**
   * An action failed.
   *
   * @title Actions Execution Failed
   * @level 3
   * @since 2026-08
   */
  actions_execution_failed: Entry;

  /**
   * The SDK of a custom login page has something to say.
   *
   * @title ACUL SDK Notice
   * @level 2
   * @since 2026-08
   */
  acul_sdk_notice: Entry;

  /**
   * A flow ran to its end.
   *
   * @title Flows Execution Completed
   * @level 1
   * @since 2026-08
   */
  flows_execution_completed: Entry;

  /**
   * A flow failed.
   *
   * @title Flows Execution Failed
   * @level 3
   * @since 2026-08
   */
  flows_execution_failed: Entry;

  /**
   * A form was submitted.
   *
   * @title Forms Submission Succeeded
   * @level 1
   * @since 2026-08
   */
  forms_submission_succeeded: Entry;

  /**
   * A form could not be submitted.
   *
   * @title Forms Submission Failed
   * @level 3
   * @since 2026-08
   */
  forms_submission_failed: Entry;

  /**
   * Users began to be taken over from a directory.
   *
   * @title Inbound Directory Sync Started
   * @level 1
   * @since 2026-08
   */
  directory_sync_started: Entry;

  /**
   * Users were taken over from a directory.
   *
   * @title Inbound Directory Sync Completed
   * @level 1
   * @since 2026-08
   */
  directory_sync_completed: Entry;

  /**
   * Users could not be taken over from a directory.
   *
   * @title Inbound Directory Sync Failed
   * @level 3
   * @since 2026-08
   */
  directory_sync_failed: Entry;

  /**
   * A directory changed users over SCIM.
   *
   * @title Successful SCIM Operation
   * @level 1
   * @since 2026-08
   */
  sscim: Entry;

  /**
   * A customer set up their own single sign-on.
   *
   * @title Success SS-SSO Operation
   * @level 1
   * @since 2026-08
   */
  ss_sso_success: Entry;

  /**
   * A customer could not set up their own single sign-on.
   *
   * @title Failed SS-SSO Operation
   * @level 3
   * @since 2026-08
   */
  ss_sso_failure: Entry;

  /**
   * A customer tried the single sign-on they set up.
   *
   * @title Information from an SS-SSO Operation
   * @level 1
   * @since 2026-08
   */
  ss_sso_info: Entry;

  /**
   * A directory could not change users over SCIM.
   *
   * @title Failed SCIM Operation
   * @level 3
   * @since 2026-08
   */
  fscim: Entry;
}
