import type { EventType, Shape } from "../model.ts";

// What Go writes in capitals throughout (go.dev/wiki/CodeReviewComments#initialisms), and the terms of the field.
const initialisms = new Set(
  `acl api ascii cpu css cors csrf dns eof guid hmac html http https id idp ip jit json jwk jwks jwt kms mcp mfa mtls
oidc oob otp pii pkce qps ram rpc rsa saml scim sha sha1 sha256 sha384 sha512 sla smtp sms sp sql ssh sso tcp tls
totp ttl udp ui uid uri url utf uuid vm vpn xml`.split(/\s+/),
);

/** `agent_run.completed` to `AgentRunCompleted`, `scimUserIds` to `SCIMUserIDs`. */
export function goName(text: string): string {
  const name = words(text).map(inGo).join("");
  return /^[0-9]/.test(name) ? `N${name}` : name;
}

/** What a constant of an enum adds to the name of its type: `EMAIL_OTP_SENT` to `EmailOTPSent`, `80` to `80`. */
export function valueName(value: string | number): string {
  if (value === "") return "Empty";
  const text = String(value).replace(/^-(?=[0-9])/, "minus ");
  const isShouted = /^[A-Z0-9]+([_ -][A-Z0-9]+)+$|^[A-Z]{5,}$/.test(text);
  return words(isShouted ? text.toLowerCase() : text)
    .map(inGo)
    .join("");
}

/** The package of a contract, which is also its folder. */
export function packageName(id: string): string {
  return id.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The member of an open union that stands for kinds which were added later. */
export function unknownVariant(shape: Shape): string {
  return `Unknown${goName(shape.name)}`;
}

export function eventName(event: EventType): string {
  return goName(event.name);
}

function words(text: string): readonly string[] {
  return text.match(/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+/g) ?? [];
}

function inGo(word: string): string {
  const lower = word.toLowerCase();
  if (/^oauth[0-9]*$/.test(lower)) return `OA${lower.slice(2)}`;
  if (initialisms.has(lower)) return word.toUpperCase();
  if (lower.endsWith("s") && initialisms.has(lower.slice(0, -1))) return `${lower.slice(0, -1).toUpperCase()}s`;
  return word.charAt(0).toUpperCase() + word.slice(1);
}
