import type { Examples } from "../../contract.ts";
import type { EmailAddress } from "../email-address.ts";
import type { EnterpriseAccount, EnterpriseAccountEvents } from "../enterprise-account.ts";
import type { ExternalAccount, ExternalAccountEvents } from "../external-account.ts";
import type { Passkey, PasskeyEvents } from "../passkey.ts";
import type { PhoneNumber, PhoneNumberEvents } from "../phone-number.ts";

export const emailAddress: EmailAddress = {
  object: "email_address",
  id: "idn_01KR3Q4ZXBPT05BWB8DGPKQ5AC",
  email_address: "jane@acme.example",
  verified: true,
  current_challenge_id: null,
  linked_to: [{ id: "ext_01KR3Q4ZXB8SA4VFMPTY34PK8G", type: "oauth_google" }],
  reserved: false,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

export const phoneNumber: PhoneNumber = {
  object: "phone_number",
  id: "phn_01KR3Q4ZXBQ376J7PVKS9P5V9V",
  phone_number: "+4922155512345",
  verified: true,
  current_challenge_id: null,
  is_primary: true,
  reserved_for_second_factor: true,
  default_second_factor: true,
  linked_to_external_account_id: "ext_01KR3Q4ZXB8SA4VFMPTY34PK8G",
  reserved: false,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const newPhoneNumber: PhoneNumber = {
  object: "phone_number",
  id: "phn_01KR3Q4ZXB5QNS8BP2BP5EHD5R",
  phone_number: "+14155550123",
  verified: false,
  current_challenge_id: "chal_01KR3Q4ZXBZ8DTA1Q0VYHSC234",
  is_primary: false,
  reserved_for_second_factor: false,
  default_second_factor: false,
  linked_to_external_account_id: null,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

export const externalAccount: ExternalAccount = {
  object: "external_account",
  id: "ext_01KR3Q4ZXB8SA4VFMPTY34PK8G",
  provider: "oauth_google",
  provider_key: "google",
  provider_user_id: "108914200000000000000",
  email_address: "jane@acme.example",
  scopes: ["openid", "email", "profile"],
  public_metadata: {},
  verified: true,
  linked_at: 1_733_428_800_000,
  last_signed_in_at: 1_733_515_200_000,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const silentAccount: ExternalAccount = {
  ...externalAccount,
  id: "ext_01KR3Q4ZXBEXG9XC910F4T9REP",
  provider: "oauth_x",
  provider_key: "x",
  provider_user_id: "90210",
  email_address: null,
  scopes: [],
  last_signed_in_at: null,
};

export const enterpriseAccount: EnterpriseAccount = {
  object: "enterprise_account",
  id: "entacc_01KR3Q4ZXBDWY9ZY92EHRE032P",
  enterprise_connection_id: "entcon_01KR3Q4ZXBBRY82FCBRQEFTA23",
  provider_user_id: "00u1abcd2EFGH3ijkl4",
  email_address: "jane@acme.example",
  verified: true,
  public_metadata: { department: "Research" },
  linked_at: 1_733_428_800_000,
  last_signed_in_at: 1_733_515_200_000,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

export const passkey: Passkey = {
  object: "passkey",
  id: "pkey_01KR3Q4ZXB6XPBEWFV20N6HZ1T",
  nickname: "Jane’s telephone",
  transports: ["internal", "hybrid"],
  aaguid: "fbfc3007-154e-4ecc-8c0b-6e020557d7bd",
  verified: true,
  last_used_at: 1_733_515_200_000,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const newPasskey: Passkey = {
  ...passkey,
  id: "pkey_01KR3Q4ZXBRZ8TVG4WAQHDJQC1",
  nickname: "Key ring",
  transports: ["usb", "nfc", "ble"],
  aaguid: null,
  last_used_at: null,
  updated_at: 1_733_428_800_000,
};

export const externalAccountExamples = {
  "externalAccount.connected": { "with everything": externalAccount, "a provider that tells little": silentAccount },
  "externalAccount.unlinked": { "with everything": externalAccount },
} satisfies Examples<ExternalAccountEvents>;

export const phoneNumberExamples = {
  "phoneNumber.created": { "not verified yet": newPhoneNumber },
  "phoneNumber.verified": { "a second factor": phoneNumber },
  "phoneNumber.removed": { "a second factor": phoneNumber },
} satisfies Examples<PhoneNumberEvents>;

export const passkeyExamples = {
  "passkey.added": { "on a telephone": passkey, "on a key that tells little": newPasskey },
  "passkey.removed": { "on a telephone": passkey },
} satisfies Examples<PasskeyEvents>;

export const enterpriseAccountExamples = {
  "enterpriseAccount.connected": {
    "with everything": enterpriseAccount,
    "a provider that tells no address": { ...enterpriseAccount, email_address: null, last_signed_in_at: null },
  },
  "enterpriseAccount.unlinked": { "with everything": enterpriseAccount },
} satisfies Examples<EnterpriseAccountEvents>;
