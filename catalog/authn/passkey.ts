import type { Id, Text, UnixMs, Uuid } from "../vocabulary.ts";

export interface Passkey {
  object: "passkey";
  /** `pkey_` and a ULID. */
  id: Id;
  nickname: Text<100>;
  /** How the authenticator is reached. */
  transports: ("usb" | "nfc" | "ble" | "internal" | "hybrid")[];
  /** The model of the authenticator. Null when it does not tell. */
  aaguid: Uuid | null;
  verified: boolean;
  last_used_at: UnixMs | null;
  created_at: UnixMs;
  updated_at: UnixMs;
}

export interface PasskeyEvents {
  /**
   * A user added a passkey.
   *
   * @since v0.5
   */
  "passkey.added": Passkey;

  /**
   * A passkey was removed from a user.
   *
   * @since v0.5
   */
  "passkey.removed": Passkey;
}
