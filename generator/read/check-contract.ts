/** A declaration against what tsc cannot see: parts of it that must agree with each other. */
import type { ts } from "ts-morph";
import { reportControlIn, withoutExamples } from "./literals.ts";
import { itemsOf, textAt, valueAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import { checkSubscribers } from "./check-subscribers.ts";
import { placeOf } from "./report.ts";
import type { Report } from "./report.ts";

export function checkContract(declaration: EvaluatedObject, report: Report): void {
  const check: Check = { declaration, report: reportOf(declaration, report) };
  checkId(check);
  checkContent(check);
  checkOutcomes(check);
  checkSignature(check);
  checkSecret(check);
  checkEnvelope(check);
  checkWrapper(check);
  checkSubscribers(declaration, check.report);
  reportControlIn(withoutExamples(declaration), check.report);
}

interface Check {
  readonly declaration: EvaluatedObject;
  readonly report: Report;
}

/** Findings about a contract begin with its id. */
export function reportOf(declaration: EvaluatedObject, report: Report): Report {
  const id = textAt(declaration, "id") ?? "a contract";
  return (finding) => report({ ...finding, message: `${id}: ${finding.message}` });
}

/** Contracts with the same id, of which the later ones are reported. */
export function checkIds(declarations: readonly EvaluatedObject[], report: Report): void {
  const places = new Map<string, ts.Node>();
  for (const declaration of declarations) {
    const value = valueAt(declaration, "id");
    const id = textAt(declaration, "id");
    if (value === undefined || id === undefined) continue;
    const same = sameInCode(id);
    const other = places.get(same);
    const message = `two contracts have the id ${id}, at ${other && placeOf(other)} and at ${placeOf(value.node)}`;
    if (other !== undefined) report({ code: "HW013", at: value.node, message });
    places.set(same, other ?? value.node);
  }
}

/** In Go, and on some disks, names differ by more than the case of their letters. */
function sameInCode(id: string): string {
  return id.toLowerCase();
}

/** The id becomes a folder and a name in code, so a path must not hide in it. */
function checkId({ declaration, report }: Check): void {
  const value = valueAt(declaration, "id");
  const id = textAt(declaration, "id");
  if (value?.kind === "invalid" || (id !== undefined && /^[a-z][a-zA-Z0-9]*$/.test(id))) return;
  report({ code: "HW014", at: (value ?? declaration).node, message: "the id is no name for a contract" });
}

const outcomes = ["2xx", "3xx", "4xx", "5xx", "timeout", "network_error", "address_blocked"];

/** A contract in mode `action` has no table: what is no verdict is decided by its fail mode. */
function checkOutcomes({ declaration, report }: Check): void {
  const table = valueAt(declaration, "outcomes");
  if (table?.kind !== "array") return;
  const triggers = table.items.flatMap((rule) => itemsOf(valueAt(rule, "on")));
  if (table.items.some(isUnread) || triggers.some(isUnread)) return;
  const covered = new Set(triggers.map((trigger) => textAt(trigger)));
  const missing = outcomes.filter((outcome) => !covered.has(outcome));
  if (missing.length > 0) report({ code: "HW060", at: table.node, message: `no rule covers ${missing.join(", ")}` });
}

function checkSignature({ declaration, report }: Check): void {
  const headers = valueAt(declaration, "headers");
  const signature = valueAt(declaration, "signature");
  const sources = headerSources(headers);
  if (headers === undefined || sources === null || signature?.kind !== "object") return;
  if (!sources.has("signature"))
    report({ code: "HW062", at: headers.node, message: "no header carries the signature" });
  const isInSignature = textAt(signature, "timestamp", "carrier") === "signature";
  for (const part of itemsOf(valueAt(signature, "content"))) {
    const source = textAt(part);
    if (source === undefined || source === "body" || sources.has(source)) continue;
    if (source === "timestamp" && isInSignature) continue;
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
  if (content?.kind !== "array" || content.items.some(isUnread)) return;
  const parts = content.items.map((part) => textAt(part));
  const refuse = (message: string, at = content.node) => report({ code: "HW077", at, message });
  if (valueAt(signature, "timestamp")?.kind === "object" && !parts.includes("timestamp"))
    report({ code: "HW076", at: content.node, message: "a delivery's time is checked, and not signed" });
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

function checkEnvelope({ declaration, report }: Check): void {
  const envelope = valueAt(declaration, "envelope");
  if (envelope?.kind !== "object" || [...envelope.entries.values()].some(({ value }) => isUnread(value))) return;
  const fieldsFrom = (source: string) =>
    [...envelope.entries.values()].filter(({ value }) => textAt(value, "from") === source);
  for (const sources of [["event.type"], ["data", "data.members"]]) {
    const [first, second] = sources.flatMap(fieldsFrom);
    const names = sources.join(" or ");
    const remedy = `give exactly one field ${sources.map((source) => `\`from: "${source}"\``).join(" or ")}`;
    if (first === undefined)
      report({ code: "HW063", at: envelope.node, message: `no field of the envelope is from ${names}`, remedy });
    if (second !== undefined)
      report({ code: "HW063", at: second.key, message: `a second field of the envelope is from ${names}`, remedy });
  }
  const [endpoint] = fieldsFrom("endpoint.id");
  if (endpoint !== undefined && textAt(declaration, "mode") !== "action")
    report({ code: "HW075", at: endpoint.key, message: "a field of the envelope is from endpoint.id" });
  const sources = headerSources(valueAt(declaration, "headers"));
  if (textAt(declaration, "mode") === "stream" && fieldsFrom("event.id").length === 0) {
    const remedy = 'add a field `from: "event.id"`';
    report({ code: "HW063", at: envelope.node, message: "a record of a batch does not have its event's id", remedy });
    return;
  }
  if (sources === null || sources.has("event.id") || fieldsFrom("event.id").length > 0) return;
  const remedy = 'add a field `from: "event.id"`, or a header with that source';
  report({ code: "HW063", at: envelope.node, message: "the event's id is in neither envelope nor headers", remedy });
}

/** What each record of a batch is wrapped in. */
function checkWrapper({ declaration, report }: Check): void {
  const batch = valueAt(declaration, "batch");
  const wrapper = batch?.kind === "object" ? valueAt(batch, "record") : undefined;
  if (wrapper?.kind !== "object") return;
  const [id, member] = [textAt(wrapper, "id"), textAt(wrapper, "member")];
  if (id === undefined || member === undefined || (id !== member && id !== "" && member !== "")) return;
  const both = `${JSON.stringify(id)} and ${JSON.stringify(member)}`;
  report({ code: "HW069", at: wrapper.node, message: `a record is wrapped in the members ${both}` });
}

/** Null when the headers could not be read. */
function headerSources(headers: Evaluated | undefined): ReadonlySet<string | undefined> | null {
  if (headers?.kind !== "object") return null;
  const values = [...headers.entries.values()].map(({ value }) => value);
  return values.some(isUnread) ? null : new Set(values.map((value) => textAt(value)));
}

function isNull(value: Evaluated): boolean {
  return value.kind === "scalar" && value.value === null;
}

function isUnread(value: Evaluated): boolean {
  return value.kind === "invalid";
}
