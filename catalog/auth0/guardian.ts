import type { LogEntry } from "./log-entry.ts";

/** The second factor. */
export interface GuardianCodes<Entry = LogEntry> {
  /**
   * A device is no longer a second factor.
   *
   * @title Unenroll device account
   * @level 1
   */
  gd_unenroll: Entry;

  /**
   * The data of a device that is a second factor changed.
   *
   * @title Update device account
   * @level 1
   */
  gd_update_device_account: Entry;

  /**
   * A kind of second factor was switched on or off.
   *
   * @title Module switch
   * @level 1
   */
  gd_module_switch: Entry;

  /**
   * The tenant's settings of the second factor changed.
   *
   * @title Guardian tenant update
   * @level 1
   */
  gd_tenant_update: Entry;

  /**
   * Somebody was asked for a second factor.
   *
   * @title Second factor started
   * @level 1
   */
  gd_start_auth: Entry;

  /**
   * Somebody began to enroll a second factor.
   *
   * @title Enroll started
   * @level 1
   */
  gd_start_enroll: Entry;

  /**
   * Somebody could not begin to enroll a second factor.
   *
   * @title MFA Enrollment start failed
   * @level 3
   */
  gd_start_enroll_failed: Entry;

  /**
   * Somebody enrolled a second factor.
   *
   * @title Guardian enrollment complete
   * @level 1
   */
  gd_enrollment_complete: Entry;

  /**
   * The second factors of a user were deleted.
   *
   * @title User delete
   * @level 1
   */
  gd_user_delete: Entry;

  /**
   * A one-time password was right.
   *
   * @title OTP Auth suceed
   * @level 1
   */
  gd_auth_succeed: Entry;

  /**
   * A one-time password was wrong.
   *
   * @title OTP Auth failed
   * @level 3
   */
  gd_auth_failed: Entry;

  /**
   * Somebody rejected the request for a second factor.
   *
   * @title OTP Auth rejected
   * @level 3
   */
  gd_auth_rejected: Entry;

  /**
   * Too many one-time passwords were wrong.
   *
   * @title Too many failures
   * @level 2
   */
  gd_otp_rate_limit_exceed: Entry;

  /**
   * A recovery code was right.
   *
   * @title Recovery succeed
   * @level 1
   */
  gd_recovery_succeed: Entry;

  /**
   * A recovery code was wrong.
   *
   * @title Recovery failed
   * @level 3
   */
  gd_recovery_failed: Entry;

  /**
   * Too many recovery codes were wrong.
   *
   * @title Too many failures
   * @level 2
   */
  gd_recovery_rate_limit_exceed: Entry;

  /**
   * A push notification for a second factor was sent.
   *
   * @title Push notification sent
   * @level 1
   */
  gd_send_pn: Entry;

  /**
   * A push notification for a second factor was not sent.
   *
   * @title Error sending MFA Push Notification
   * @level 3
   */
  gd_send_pn_failure: Entry;

  /**
   * An SMS for a second factor was sent.
   *
   * @title SMS Sent
   * @level 1
   */
  gd_send_sms: Entry;

  /**
   * An SMS for a second factor was not sent.
   *
   * @title Error sending MFA SMS
   * @level 3
   */
  gd_send_sms_failure: Entry;

  /**
   * A call for a second factor was made.
   *
   * @title Made voice call
   * @level 1
   */
  gd_send_voice: Entry;

  /**
   * A call for a second factor was not made.
   *
   * @title Error making MFA voice call
   * @level 3
   */
  gd_send_voice_failure: Entry;

  /**
   * An e-mail for a second factor was sent.
   *
   * @title MFA Email Sent
   * @level 1
   * @since 2026-08
   */
  gd_send_email: Entry;

  /**
   * An e-mail to verify an address as a second factor was sent.
   *
   * @title Email Verification Sent
   * @level 1
   * @since 2026-08
   */
  gd_send_email_verification: Entry;

  /**
   * An e-mail to verify an address as a second factor was not sent.
   *
   * @title Email Verification Failed
   * @level 3
   * @since 2026-08
   */
  gd_send_email_verification_failure: Entry;

  /**
   * An address was verified as a second factor.
   *
   * @title Email Verification Confirmed
   * @level 1
   * @since 2026-08
   */
  gd_auth_email_verification: Entry;

  /**
   * An address was not verified as a second factor.
   *
   * @title Email Verification Failed
   * @level 3
   * @since 2026-08
   */
  gd_auth_fail_email_verification: Entry;

  /**
   * A browser could not answer the challenge of a WebAuthn factor.
   *
   * @title WebAuthn browser error
   * @level 3
   * @since 2026-08
   */
  gd_webauthn_challenge_failed: Entry;

  /**
   * A browser could not enroll a WebAuthn factor.
   *
   * @title WebAuthn browser error
   * @level 3
   * @since 2026-08
   */
  gd_webauthn_enrollment_failed: Entry;

  /**
   * A second factor was required.
   *
   * @title MFA Required
   * @level 1
   * @since 2026-08
   */
  mfar: Entry;

  /**
   * A user has as many second factors as there may be.
   *
   * @title Max Amount of Authenticators
   * @level 2
   * @since 2026-08
   */
  too_many_records: Entry;

  /**
   * Somebody asked for too many messages or calls, and gets no more for a while.
   *
   * @title Too Many SMS Messages or Voice Calls
   * @level 4
   * @since 2026-08
   */
  limit_phone: Entry;
}
