import type { LogEntry } from "./log-entry.ts";

/** What administrators, connectors and the service itself do. */
export interface OperationCodes {
  /**
   * The management API changed something.
   *
   * @title API Operation
   * @level 1
   */
  sapi: LogEntry;

  /**
   * A change by the management API failed.
   *
   * @title Failed API Operation
   * @level 3
   */
  fapi: LogEntry;

  /**
   * An API was called too often.
   *
   * @title Rate Limit On API
   * @level 4
   */
  api_limit: LogEntry;

  /**
   * A connector to a directory came online.
   *
   * @title Connector Online
   * @level 1
   */
  con: LogEntry;

  /**
   * A connector to a directory went offline.
   *
   * @title Connector Offline
   * @level 3
   */
  coff: LogEntry;

  /**
   * A connector to a directory failed a login.
   *
   * @title Failed by Connector
   * @level 3
   */
  fc: LogEntry;

  /**
   * A connector to a directory could not be set up.
   *
   * @title Failed Connector Provisioning
   * @level 4
   */
  fcpro: LogEntry;

  /**
   * An administrator launched an update of the service.
   *
   * @title Auth0 Update Launched
   * @level 1
   */
  admin_update_launch: LogEntry;

  /**
   * An update of the operating system started.
   *
   * @title Auth0 OS Update Started
   * @level 1
   */
  sys_os_update_start: LogEntry;

  /**
   * An update of the operating system ended.
   *
   * @title Auth0 OS Update Ended
   * @level 1
   */
  sys_os_update_end: LogEntry;

  /**
   * An update of the service started.
   *
   * @title Auth0 Update Started
   * @level 1
   */
  sys_update_start: LogEntry;

  /**
   * An update of the service ended.
   *
   * @title Auth0 Update Ended
   * @level 1
   */
  sys_update_end: LogEntry;

  /**
   * What the network access rules matched in a while.
   *
   * @title Network ACLs Summary
   * @level 1
   * @since 2026-08
   */
  acls_summary: LogEntry;

  /**
   * An API will soon have been called too often.
   *
   * @title Rate Limit Warning on the Authentication or Management APIs
   * @level 2
   * @since 2026-08
   */
  api_limit_warning: LogEntry;

  /**
   * An API was given more room for a peak.
   *
   * @title Notice for API Peak Performance initiated
   * @level 1
   * @since 2026-08
   */
  appi: LogEntry;

  /**
   * A domain of the customer's own could not be verified.
   *
   * @title Custom Domain Verification Failed
   * @level 3
   * @since 2026-08
   */
  custom_domain_verification_failed: LogEntry;

  /**
   * The management API was asked for secrets and gave them.
   *
   * @title Management API read Operation
   * @level 1
   * @since 2026-08
   */
  mgmt_api_read: LogEntry;

  /**
   * What was more than the limits allow was removed.
   *
   * @title Success Resource Cleanup
   * @level 1
   * @since 2026-08
   */
  resource_cleanup: LogEntry;

  /**
   * An operation on an encryption key was done.
   *
   * @title Success KMS API Operation
   * @level 1
   * @since 2026-08
   */
  kms_key_management_success: LogEntry;

  /**
   * An operation on an encryption key failed.
   *
   * @title Failed KMS API Operation
   * @level 3
   * @since 2026-08
   */
  kms_key_management_failure: LogEntry;

  /**
   * An encryption key is in another state.
   *
   * @title KMS Key State Change
   * @level 1
   * @since 2026-08
   */
  kms_key_state_changed: LogEntry;
}
