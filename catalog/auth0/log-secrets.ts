import type { MaskRule } from "../contract.ts";

/**
 * What stands in the `details` of an entry and is a secret (R-AUTH0-15): the request's body is among them. A relay of
 * Auth0's own entries gets them masked; an entry that was made elsewhere, or by hand, may not be.
 */
export const logSecrets: MaskRule = {
  members: [
    "password",
    "newPassword",
    "new_password",
    "oldPassword",
    "old_password",
    "confirmPassword",
    "confirmNewPassword",
    "client_secret",
    "client_assertion",
    "access_token",
    "refresh_token",
    "id_token",
  ],
  as: "*****",
};
