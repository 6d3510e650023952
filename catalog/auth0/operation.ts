import type { LogEntry } from "./log-entry.ts";

/** What administrators, connectors and the service itself do. */
export interface OperationCodes<Entry = LogEntry> {
  /**
   * The management API changed something.
   *
   * @title API Operation
   * @level 1
   */
  sapi: Entry;

  /**
   * A change by the management API failed.
   *
   * @title Failed API Operation
   * @level 3
   */
  fapi: Entry;

  /**
   * An API was called too often.
   *
   * @title Rate Limit On API
   * @level 4
   */
  api_limit: Entry;

  /**
   * A connector to a directory came online.
   *
   * @title Connector Online
   * @level 1
   */
  con: Entry;

  /**
   * A connector to a directory went offline.
   *
   * @title Connector Offline
   * @level 3
   */
  coff: Entry;

  /**
   * A connector to a directory failed a login.
   *
   * @title Failed by Connector
   * @level 3
   */
  fc: Entry;

  /**
   * A connector to a directory could not be set up.
   *
   * @title Failed Connector Provisioning
   * @level 4
   */
  fcpro: Entry;

  /**
   * An administrator launched an update of the service.
   *
   * @title Auth0 Update Launched
   * @level 1
   */
  admin_update_launch: Entry;

  /**
   * An update of the operating system started.
   *
   * @title Auth0 OS Update Started
   * @level 1
   */
  sys_os_update_start: Entry;

  /**
   * An update of the operating system ended.
   *
   * @title Auth0 OS Update Ended
   * @level 1
   */
  sys_os_update_end: Entry;

  /**
   * An update of the service started.
   *
   * @title Auth0 Update Started
   * @level 1
   */
  sys_update_start: Entry;

  /**
   * An update of the service ended.
   *
   * @title Auth0 Update Ended
   * @level 1
   */
  sys_update_end: Entry;

  /**
   * What the network access rules matched in a while.
   *
   * @title Network ACLs Summary
   * @level 1
   * @since 2026-08
   */
  acls_summary: Entry;

  /**
   * An API will soon have been called too often.
   *
   * @title Rate Limit Warning on the Authentication or Management APIs
   * @level 2
   * @since 2026-08
   */
  api_limit_warning: Entry;

  /**
   * An API was given more room for a peak.
   *
   * @title Notice for API Peak Performance initiated
   * @level 1
   * @since 2026-08
   */
  appi: Entry;

  /**
   * A domain of the customer's own could not be verified.
   *
   * @title Custom Domain Verification Failed
   * @level 3
   * @since 2026-08
   */
  custom_domain_verification_failed: Entry;

  /**
   * The management API was asked for secrets and gave them.
   *
   * @title Management API read Operation
   * @level 1
   * @since 2026-08
   */
  mgmt_api_read: Entry;

  /**
   * What was more than the limits allow was removed.
   *
   * @title Success Resource Cleanup
   * @level 1
   * @since 2026-08
   */
  resource_cleanup: Entry;

  /**
   * An operation on an encryption key was done.
   *
   * @title Success KMS API Operation
   * @level 1
   * @since 2026-08
   */
  kms_key_management_success: Entry;

  /**
   * An operation on an encryption key failed.
   *
   * @title Failed KMS API Operation
   * @level 3
   * @since 2026-08
   */
  kms_key_management_failure: Entry;

  /**
   * An encryption key is in another state.
   *
   * @title KMS Key State Change
   * @level 1
   * @since 2026-08
   */
  kms_key_state_changed: Entry;
}
