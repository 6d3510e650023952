import type { EarlyQuestion, TokenQuestion, UserQuestion } from "./question.ts";

export interface AuthenticateTriggers {
  /** Before the primary factor is verified. The answer may deny it. */
  pre_authenticate: EarlyQuestion;

  /** After the primary factor was verified, before there is a session. The answer may deny it. */
  post_authenticate: UserQuestion;
}

export interface TokenTriggers {
  /**
   * Before an access token is signed. The answer may deny it, and may override claims, roles and permissions.
   *
   * Roles and permissions are overridden only in projects with the setting `roles_action_override`.
   */
  pre_token_mint: TokenQuestion;

  /** After an access token was signed, before it is handed out. The answer changes nothing. */
  post_token_mint: TokenQuestion;
}

export interface RegisterTriggers {
  /** Before anything of a sign-up is done. The answer may deny it. */
  pre_register: EarlyQuestion;

  /** After a user was registered, before the first e-mail goes out. The answer changes nothing. */
  post_register: UserQuestion;
}
