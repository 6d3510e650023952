/** What a contract says of its signature and secret: whether receivers can verify by it. */
import { entriesOf, isNull, isUnread, itemsOf, textAt, valueAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import { checkMessage, headerSources } from "./check-message.ts";
import type { Check } from "./check-message.ts";
import type { Report } from "./report.ts";

export function checkSignature(check: Check): void {
  checkContent(check);
  checkCarriers(check);
  checkSecret(check);
}

/** Checks that the signature and what it covers reach the receiver. */
function checkCarriers({ declaration, report }: Check): void {
  const headers = valueAt(declaration, "headers");
  const signature = valueAt(declaration, "signature");
  const sources = headerSources(declaration);
  if (headers === undefined || sources === null || signature?.kind !== "object") return;
  if (!sources.has("signature"))
    report({ code: "HW062", at: headers.node, message: "no header carries the signature" });
  const isInSignature = textAt(signature, "timestamp", "carrier") === "signature";
  for (const part of itemsOf(valueAt(signature, "content"))) {
    const source = textAt(part);
    if (source === undefined || source === "body" || sources.has(source)) continue;
    if (source === "timestamp" && (isInSignature || isTimeless(signature))) continue;
    report({
      code: "HW061",
      at: part.node,
      message: `${source} is signed, and no header carries it`,
      remedy: `add a header with the source \`${source}\``,
    });
  }
}

/** Checks that receivers can verify the signed parts. */
function checkContent({ declaration, report }: Check): void {
  const signature = valueAt(declaration, "signature");
  const content = valueAt(signature, "content");
  checkTolerance(signature, report);
  if (content?.kind === "object") checkMessage({ declaration, report }, content);
  if (content?.kind !== "array" || content.items.some(isUnread)) return;
  const parts = content.items.flatMap((part) => textAt(part) ?? []);
  const refuse = (message: string, at = content.node) => report({ code: "HW077", at, message });
  const time = valueAt(signature, "timestamp");
  if (time?.kind === "object" && !parts.includes("timestamp"))
    report({ code: "HW076", at: content.node, message: "a delivery's time is checked, and not signed" });
  if (time !== undefined && isNull(time)) {
    const sent = content.items.find((part) => textAt(part) === "timestamp");
    if (sent !== undefined) refuse("a time is signed, and none is sent", sent.node);
    const header = entriesOf(valueAt(declaration, "headers")).find(({ value }) => textAt(value) === "timestamp");
    if (header !== undefined) refuse("a header carries the signed time, and none is signed", header.value.node);
  }
  const misplaced = valueAt(signature, "timestamp", "carrier");
  if (misplaced !== undefined && textAt(misplaced) === "message")
    refuse("the time is a parameter of a message, and parts are signed", misplaced.node);
  for (const { value } of entriesOf(valueAt(declaration, "headers")))
    if (textAt(value) === "signature-input") refuse("parts are signed, which have no signature-input", value.node);
  const ambiguous = content.items.find((part, index) => isRunIntoTime(content.items, part, index));
  if (textAt(signature, "joint") === "" && ambiguous !== undefined)
    refuse("an identifier and the time run into each other", ambiguous.node);
  if (!parts.includes("body")) refuse("the body is not signed");
  if (new Set(parts).size < parts.length) refuse("a part is signed twice");
  const ids = content.items.filter((part) => /^(event|delivery)\.id$/.test(textAt(part) ?? ""));
  const [id, second] = ids;
  if (second !== undefined) refuse("more than one identifier is signed", second.node);
  if (textAt(declaration, "mode") !== "action") return;
  // The receiver signs its answer alike, in one header.
  if (id !== undefined) refuse("an answer has no identifier that could be signed", id.node);
  const carrier = valueAt(signature, "timestamp", "carrier");
  if (carrier !== undefined && textAt(carrier) === "header")
    refuse("an answer has one header, which has to carry the time as well", carrier.node);
}

/** Where a time is sent, how far it may be off. */
function checkTolerance(signature: Evaluated | undefined, report: Report): void {
  const isChecked = valueAt(signature, "timestamp")?.kind === "object";
  for (const member of ["toleranceSeconds", "toleranceSides"]) {
    const value = valueAt(signature, member);
    if (signature !== undefined && isChecked && value === undefined)
      report({ code: "HW017", at: signature.node, message: `signature.${member}: it is missing` });
    if (!isChecked && value !== undefined && signature?.kind === "object" && isTimeless(signature))
      report({ code: "HW077", at: value.node, message: `no time is sent, of which ${member} could be` });
  }
}

const isTimeless = (signature: EvaluatedObject): boolean => {
  const time = valueAt(signature, "timestamp");
  return time !== undefined && isNull(time);
};

/** Whether the part is an identifier next to the time: with nothing between them, `12` and `3` are `1` and `23` too. */
function isRunIntoTime(items: readonly Evaluated[], part: Evaluated, index: number): boolean {
  const isNext = [items[index - 1], items[index + 1]].some((other) => other && textAt(other) === "timestamp");
  return isNext && /^(event|delivery)\.id$/.test(textAt(part) ?? "");
}

/** Without a signature there is nothing to keep secret, and nothing for a header to carry. */
function checkSecret({ declaration, report }: Check): void {
  const signature = valueAt(declaration, "signature");
  const secret = valueAt(declaration, "secret");
  if (signature === undefined || secret === undefined || isUnread(signature) || isUnread(secret)) return;
  if (isNull(signature) && !isNull(secret))
    report({ code: "HW066", at: secret.node, message: "nothing is signed, and there is a secret" });
  if (isNull(secret) && !isNull(signature))
    report({ code: "HW066", at: secret.node, message: "requests are signed, and there is no secret" });
  checkKey(signature, secret, report);
  const headers = valueAt(declaration, "headers");
  if (!isNull(signature) || headers?.kind !== "object") return;
  for (const { value } of headers.entries.values()) {
    const source = textAt(value);
    if (source !== "signature" && source !== "timestamp") continue;
    report({ code: "HW066", at: value.node, message: `nothing is signed, and a header carries the ${source}` });
  }
}

/** Receivers decode a key in base64 alone, in the one alphabet that the signatures have too. */
function checkKey(signature: Evaluated, secret: Evaluated, report: Report): void {
  const encoding = textAt(secret, "encoding");
  const isPair = textAt(signature, "algorithm") === "ed25519";
  const isDecoded = isPair || textAt(signature, "key") === "base64-after-prefix";
  if (isDecoded && encoding !== undefined && encoding !== "base64")
    report({ code: "HW066", at: secret.node, message: `the key is what base64 gives, and secrets are in ${encoding}` });
  const bytes = valueAt(secret, "bytes");
  const fewest = valueAt(secret, "bytesMin");
  if (isLess(bytes, fewest))
    report({
      code: "HW066",
      at: bytes?.node ?? secret.node,
      message: "a new secret is shorter than receivers take one",
    });
  if (isPair && bytes?.kind === "scalar" && bytes.value !== 32)
    report({ code: "HW066", at: bytes.node, message: "a private key of Ed25519 is made of 32 bytes" });
}

function isLess(one: Evaluated | undefined, other: Evaluated | undefined): boolean {
  if (one?.kind !== "scalar" || other?.kind !== "scalar") return false;
  return typeof one.value === "number" && typeof other.value === "number" && one.value < other.value;
}
