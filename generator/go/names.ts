import { distinctText, takenBy } from "../distinct-names.ts";
import { envelopeFields, envelopeValue } from "../envelope.ts";
import type { ContractModel, EventType, Field, ObjectShape, Shape } from "../model.ts";
import { once } from "../once.ts";
import { resolveNames } from "../resolved-names.ts";
import { spelled } from "../spelling.ts";

// What Go writes in capitals throughout (go.dev/wiki/CodeReviewComments#initialisms), and the terms of the field.
const initialisms = new Set(
  `acl api ascii cpu css cors csrf dns eof guid hmac html http https id idp ip jit json jwk jwks jwt kms mcp mfa mtls
oidc oob otp pii pkce qps ram rpc rsa saml scim sha sha1 sha256 sha384 sha512 sla smtp sms sp sql ssh sso tcp tls
totp ttl udp ui uid uri url utf uuid vm vpn xml`.split(/\s+/),
);

/** `agent_run.completed` to `AgentRunCompleted`, `scimUserIds` to `SCIMUserIDs`. */
export function goName(text: string): string {
  const name = words(text).map(cased).join("");
  return /^[0-9]/.test(name) ? `N${name}` : name;
}

/** What a constant of an enum adds to the name of its type: `EMAIL_OTP_SENT` to `EmailOTPSent`, `80` to `80`. */
export function valueName(text: string): string {
  const isShouted = /^[A-Z0-9]+([_ -][A-Z0-9]+)+$|^[A-Z]{5,}$/.test(text);
  return words(isShouted ? text.toLowerCase() : text)
    .map(cased)
    .join("");
}

/** The package of a contract, which is also its folder. */
export function packageName(id: string): string {
  const name = id.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return reservedPackages.has(name) ? `${name}events` : name;
}

/** Keywords, and what has a meaning of its own as a package or a folder. */
const reservedPackages: ReadonlySet<string> = new Set(
  `break case chan const continue default defer else fallthrough for func go goto if import interface map package range
return select struct switch type var internal main testdata vendor`.split(/\s+/),
);

/** The member of an open union that stands for kinds which were added later. */
export function unknownVariant(shape: Shape): string {
  return laterName(goName(shape.name));
}

export function eventName({ name, named }: EventType): string {
  return goName(named ?? name);
}

/** The field of a struct. */
export function fieldName({ name, named }: Pick<Field, "name" | "named">): string {
  return goName(named ?? name);
}

/** The type of the values of a field, `MoneyCurrency`. A field has one at most. */
export function enumName({ name, enumNamed }: Field): string {
  return goName(enumNamed ?? name);
}

function laterName(union: string): string {
  return `Unknown${union}`;
}

/** The contract with names that Go can have. */
export const inGo = once((contract: ContractModel): ContractModel =>
  resolveNames(contract, {
    typeName: goName,
    reservedTypes: declared,
    laterName,
    events: "types",
    members: {
      fieldName: goName,
      reservedFields: (shape) => [
        ...(isEmbedded(contract, shape) ? ownMembers(contract) : []),
        ...(shape.open === true ? [restField] : []),
      ],
      valueName: (type) => (text) => goName(type) + valueName(text),
      constants: "beside-types",
      reservedValues: [],
      numberText: String,
    },
  }),
);

/** The field of an open record for the members that no other field names. */
export const restField = "Rest";

const declared = `Allow Batch Decision Envelope Event New NewWith NewWithoutAuthorization Override UnknownEvent Verdict
Webhook`.split(/\s+/);

// Methods of every event, and the fields that hold it as it was sent.
const eventMembers = "Allow Deny Override EventType EventID Header Raw".split(" ");

/** Lists the members of an event that fields of embedded data would hide. */
function ownMembers(contract: ContractModel): readonly string[] {
  return [
    ...eventMembers,
    "Envelope",
    ...contract.events.map(({ data }) => goName(data)),
    ...envelopeNames(contract).values(),
  ];
}

/** Whether the members of the shape stand in the envelope. */
export function isEmbedded(contract: ContractModel, shape: ObjectShape): boolean {
  const isInside = envelopeFields(contract.declaration).some(([, field]) => envelopeValue(field).kind === "members");
  return isInside && contract.events.some(({ data }) => data === shape.name);
}

/** The fields of an event for what stands in its envelope, by the key there. */
export const envelopeNames = once(({ declaration }: ContractModel): ReadonlyMap<string, string> => {
  const taken = takenBy([...eventMembers, "Envelope", "RawType"]);
  const sent = envelopeFields(declaration).filter(([, field]) => envelopeValue(field).kind !== "members");
  return new Map(sent.map(([key]) => [key, goName(distinctText(key, { nameOf: goName, taken }))]));
});

function words(text: string): readonly string[] {
  return spelled(text).match(/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+/g) ?? [];
}

function cased(word: string): string {
  const lower = word.toLowerCase();
  if (/^oauth[0-9]*$/.test(lower)) return `OA${lower.slice(2)}`;
  if (initialisms.has(lower)) return word.toUpperCase();
  if (lower.endsWith("s") && initialisms.has(lower.slice(0, -1))) return `${lower.slice(0, -1).toUpperCase()}s`;
  return word.charAt(0).toUpperCase() + word.slice(1);
}
