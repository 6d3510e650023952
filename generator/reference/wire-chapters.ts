import type {
  BesideSignature,
  HmacSignature,
  HttpMessage,
  Rotation,
  Secret,
  Signature,
} from "../../catalog/contract.ts";
import { bodyFields, carriedFields, contentTypeOf, envelopeValue, headerOf } from "../envelope.ts";
import { exampleBatch } from "../example-events.ts";
import { partsOf } from "../receiver-contract.ts";
import { jsonFile } from "../json.ts";
import type { ContractModel, Declaration } from "../model.ts";
import { bodyText, deadlineText, deliveryText, duration, headerText } from "../wire-text.ts";
import { actionChapters } from "./action-chapters.ts";
import { code, codeBlock, table } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";
import { pushChapters } from "./push-chapters.ts";
import { streamChapters } from "./stream-chapters.ts";

/** How a contract's events get to a receiver, for somebody who writes one. */
export function wireChapters(contract: ContractModel): readonly Chapter[] {
  return [request(contract), verification(contract.declaration), ...modeChapters(contract)];
}

function modeChapters({ declaration, shapes, verdict }: ContractModel): readonly Chapter[] {
  switch (declaration.mode) {
    case "push":
      return pushChapters(declaration);
    case "stream":
      return streamChapters(declaration);
    case "action":
      return actionChapters(declaration, shapes.find((shape) => shape.name === verdict) ?? null);
  }
}

function request(contract: ContractModel): Chapter {
  const { declaration } = contract;
  const { userAgent, headers, mode } = declaration;
  const fields = bodyFields(declaration).map(([key, field]) => [
    envelopeName(key, field),
    envelopeType(field),
    field.doc,
  ]);
  const carried = Object.entries(headers).map(([header, source]) => [code(header), headerText(declaration, source)]);
  const inHeaders = carriedFields(declaration).map(({ header, key, field }) => [
    code(header),
    `${field.doc} ${carriedText(key, field)}`,
  ]);
  const doLater = mode === "action" ? "" : "; do slow work afterwards";
  const type = code(contentTypeOf(declaration));
  return {
    title: "Request",
    blocks: [
      `${deliveryText(declaration)} The request is a \`POST\`; its body: ${uncapitalised(bodyText(declaration))}`,
      `Answer within ${deadlineText(declaration)}${doLater}.`,
      table([mode === "stream" ? "Field of a record" : "Field of the body", "Type", "Meaning"], fields),
      ...batchExample(contract),
      table(
        ["Header", "Meaning"],
        [["`content-type`", type], ["`user-agent`", code(userAgent)], ...inHeaders, ...carried],
      ),
      ...(mode === "action" ? [] : [duplicates(declaration)]),
    ],
  };
}

function carriedText(key: string, field: Declaration["envelope"][string]): string {
  const said = `The SDKs give it as the event's ${code(key)}.`;
  return "constant" in field ? `Always ${code(String(field.constant))}. ${said}` : said;
}

function batchExample(contract: ContractModel): readonly string[] {
  if (contract.declaration.mode !== "stream" || contract.events.length === 0) return [];
  const batch = exampleBatch(contract);
  const block = typeof batch === "string" ? codeBlock("text", batch) : codeBlock("json", jsonFile(batch));
  return ["A batch as it is sent:", block];
}

function envelopeName(key: string, field: Declaration["envelope"][string]): string {
  return envelopeValue(field).kind === "members" ? "the fields of the event type" : code(key);
}

function envelopeType(field: Declaration["envelope"][string]): string {
  const value = envelopeValue(field);
  switch (value.kind) {
    case "constant":
      return code(JSON.stringify(value.value));
    case "instant":
      return "string (date-time)";
    case "integer":
      return "from" in field && field.from === "event.time" && field.format === "unix-ms"
        ? "integer (milliseconds since 1970)"
        : "integer (seconds since 1970)";
    case "data":
      return "object";
    case "members":
      return "";
    case "meta":
      return "object, of event types that have it";
    case "type":
    case "text":
      return "string";
  }
}

function duplicates(declaration: Declaration): string {
  const key = bodyFields(declaration).find(([, field]) => "from" in field && field.from === "event.id")?.[0];
  const header = headerOf(declaration, "event.id");
  const known = key === undefined ? (header === null ? null : `the header ${code(header)}`) : code(key);
  const remedy = known === null ? "" : ` Remember ${known} and skip what you have seen.`;
  const order = declaration.mode === "push" ? ", and later events may arrive before earlier ones" : "";
  return `An event may arrive more than once${order}.${remedy}`;
}

function verification(declaration: Declaration): Chapter {
  const { signature, secret } = declaration;
  const blocks = signature === null || secret === null ? unsigned(declaration) : recipe(declaration, signature, secret);
  return { title: "Verify a request", blocks };
}

function unsigned(declaration: Declaration): readonly string[] {
  const header = headerOf(declaration, "authorization");
  if (header === null) return ["Requests are not signed."];
  return [
    `Requests are not signed. Configure a secret text for the endpoint, and compare ${code(header)} with it in constant time. Refuse what comes without it.`,
  ];
}

function recipe(declaration: Declaration, signature: Signature, secret: Secret): readonly string[] {
  if ("label" in signature.content)
    return messageRecipe(declaration, { signature, secret, message: signature.content });
  const header = code(headerOf(declaration, "signature") ?? "");
  const parted = signature.separator === " " ? "a space" : "a comma";
  const steps = [
    "Take the body as the bytes that came, before anything parses it.",
    timestampStep(declaration, signature),
    `Take the signatures from ${header}. They are parted by ${parted}, and one that is right is enough. Pass over what starts with anything else than is named here.`,
  ]
    .map((step, index) => `${index + 1}. ${step}`)
    .join("\n");
  const pair = signature.algorithm === "ed25519" ? signature : signature.beside;
  return [
    steps,
    ...(signature.algorithm === "ed25519" ? [] : [secretText(secret), ...sharedKey(signature, secret)]),
    ...(pair === undefined ? [] : publicKey(signature, pair)),
    rotationText(secret.rotation),
  ];
}

/** What a secret looks like, and where it can be seen. */
function secretText({ prefix, bytes, encoding, fingerprint }: Secret): string {
  const encodings = { hex: "hexadecimal digits", base64: "base64", base64url: "base64url without padding" };
  const later = fingerprint === undefined ? "" : " Afterwards its SHA-256 is shown, by which you can compare it.";
  const begins = prefix === "" ? "" : `${code(prefix)} and `;
  return `A secret is ${begins}${bytes} random bytes in ${encodings[encoding]}. It is shown once, when it is made.${later} It is kept encrypted, so that requests are signed with it until it is rotated, whatever restarts meanwhile.`;
}

interface SignedMessage {
  readonly signature: Signature;
  readonly secret: Secret;
  readonly message: HttpMessage;
}

function messageRecipe(declaration: Declaration, { signature, secret, message }: SignedMessage): readonly string[] {
  const input = code(headerOf(declaration, "signature-input") ?? "");
  const header = code(headerOf(declaration, "signature") ?? "");
  const key =
    signature.algorithm === "ed25519"
      ? "the endpoint's public key (Ed25519), which is no secret and is shown at any time"
      : `the signing secret (HMAC-SHA256): ${code(keyText(signature, secret))}`;
  const covered = message.components.map(code).join(", ");
  const steps = [
    "Take the body as the bytes that came, before anything parses it.",
    `Compute its SHA-256, and compare it with that of ${code("content-digest")} (RFC 9530).`,
    `In ${input} and ${header}, take the member ${code(message.label)} (RFC 9421 §4). It has to cover ${covered}, in this order.`,
    timestampStep(declaration, signature),
    `Put the signature base together (RFC 9421 §2.5), and verify it with ${key}.`,
  ];
  return [steps.map((step, index) => `${index + 1}. ${step}`).join("\n"), rotationText(secret.rotation)];
}

function sharedKey(signature: HmacSignature, secret: Secret): readonly string[] {
  const formula = [
    `key       = ${keyText(signature, secret)}`,
    `signature = ${encodingText(signature.encoding)}(hmac_sha256(key, ${signedContent(signature)}))`,
  ].join("\n");
  return [
    `With the signing secret, compute the signature, and compare it in constant time with each that starts with ${code(signature.prefix)}:`,
    codeBlock("text", formula),
  ];
}

function publicKey(signature: Signature, pair: Pick<BesideSignature, "prefix" | "publicKeyPrefix">): readonly string[] {
  const formula = [
    `key   = base64_decode(public key without its prefix "${pair.publicKeyPrefix}")`,
    `valid = ed25519_verify(key, ${signedContent(signature)}, base64_decode(signature))`,
  ].join("\n");
  return [
    `With the endpoint's public key, which is no secret and is shown at any time, verify each that starts with ${code(pair.prefix)} (Ed25519, RFC 8032):`,
    codeBlock("text", formula),
  ];
}

function timestampStep(declaration: Declaration, signature: Signature): string {
  if (signature.timestamp === null)
    return "Nothing says when a request was signed, so that one which somebody kept can be sent again at any time: remember what you have seen.";
  const { timestamp, toleranceSeconds, toleranceSides } = signature;
  const place = timePlace(declaration, timestamp);
  const side = toleranceSides === "both" ? "differs from your clock by more than" : "is older than";
  return `Read the signed time from ${place}, in ${timestamp.unit} since 1970. Refuse what ${side} ${duration(toleranceSeconds)}.`;
}

function timePlace(declaration: Declaration, timestamp: NonNullable<Signature["timestamp"]>): string {
  switch (timestamp.carrier) {
    case "header":
      return `the header ${code(headerOf(declaration, "timestamp") ?? "")}`;
    case "signature":
      return `the part of ${code(headerOf(declaration, "signature") ?? "")} behind ${code(timestamp.prefix)}`;
    case "message":
      return `the parameter ${code("created")}`;
  }
}

function keyText({ key }: HmacSignature, { prefix }: Secret): string {
  if (key === "utf8") return prefix === "" ? "utf8(secret)" : `utf8(secret), with its prefix "${prefix}"`;
  return `base64_decode(secret without its prefix "${prefix}")`;
}

function signedContent(signature: Signature): string {
  const { joint = "." } = signature;
  const names = { body: "body", timestamp: "timestamp", "event.id": "event_id", "delivery.id": "delivery_id" };
  const parts = partsOf(signature).map((part) => (typeof part === "string" ? names[part] : JSON.stringify(part.text)));
  return parts.join(joint === "" ? " + " : ` + ${JSON.stringify(joint)} + `);
}

function encodingText(encoding: Signature["encoding"]): string {
  return { hex: "hex", base64: "base64", "base64-unpadded": "base64_without_padding" }[encoding];
}

function rotationText(rotation: Rotation): string {
  switch (rotation.kind) {
    case "atomic":
      return "When the secret is rotated, every later request is signed with the new one alone.";
    case "overlap":
      return `When the secret is rotated, requests are signed with both secrets, the new one's signature first: for ${duration(rotation.defaultSeconds)} unless another time was asked for, and for ${duration(rotation.maxSeconds)} at most.`;
    case "keys":
      return `There may be ${rotation.activeMax} secrets at a time, and requests carry a signature for each, the newest first, until one is revoked.`;
  }
}

function uncapitalised(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
