/** What a contract says of a request that is signed as an HTTP message (RFC 9421). */
import { entriesOf, isUnread, itemsOf, textAt, valueAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import type { Report } from "./report.ts";

export interface Check {
  readonly declaration: EvaluatedObject;
  readonly report: Report;
}

/** Checks that what is covered is there, and that nothing is said which a message does not have. */
export function checkMessage({ declaration, report }: Check, content: EvaluatedObject): void {
  const signature = valueAt(declaration, "signature");
  const components = itemsOf(valueAt(content, "components"));
  const sources = headerSources(declaration);
  if (sources === null || components.some(isUnread)) return;
  const refuse = (message: string, at: Evaluated) => report({ code: "HW077", at: at.node, message });
  const names = components.map((component) => textAt(component) ?? "");
  const carried = headerNames(declaration);
  for (const [index, component] of components.entries()) {
    const name = names[index] ?? "";
    if (!carried.has(name)) refuse(`${name} is signed, and no header of that name is sent`, component);
    if (names.indexOf(name) < index) refuse(`${name} is signed twice`, component);
  }
  if (!names.includes("content-digest")) refuse("the body is not signed, for no content-digest is", content);
  for (const source of ["signature-input", "content-digest"])
    if (!sources.has(source)) refuse(`no header carries the ${source} of the message`, content);
  for (const [way, expected] of fixed) {
    const value = valueAt(declaration, ...way.split("."));
    const isOther = value?.kind === "scalar" && value.value !== expected;
    if (isOther) refuse(`${way} of a signed message is ${JSON.stringify(expected)}`, value);
  }
  const beside = valueAt(signature, "beside");
  if (beside !== undefined) refuse("a message has one signature", beside);
  if (textAt(declaration, "mode") === "action")
    refuse("an answer is signed in one header, and a message in two", content);
}

/** What a message has in one form alone. */
const fixed = [
  ["signature.timestamp.carrier", "message"],
  ["signature.timestamp.unit", "seconds"],
  ["signature.encoding", "base64"],
  ["signature.prefix", ""],
  ["secret.rotation.kind", "atomic"],
] as const;

/** What can be signed: the method and the headers, but for the two that the signature itself is in. */
function headerNames(declaration: EvaluatedObject): ReadonlySet<string> {
  const headers = valueAt(declaration, "headers");
  const own = headers?.kind === "object" ? [...headers.entries] : [];
  const sent = own.filter(([, { value }]) => !["signature", "signature-input"].includes(textAt(value) ?? ""));
  const carried = entriesOf(valueAt(declaration, "envelope")).flatMap(({ value }) => textAt(value, "header") ?? []);
  const names = [...sent.map(([name]) => name), ...carried].map((name) => name.toLowerCase());
  return new Set(["@method", "content-type", "user-agent", ...names]);
}

/** What headers carry, of the envelope or beside it. Null when the headers could not be read. */
export function headerSources(declaration: EvaluatedObject): ReadonlySet<string | undefined> | null {
  const headers = valueAt(declaration, "headers");
  const envelope = valueAt(declaration, "envelope");
  if (headers?.kind !== "object") return null;
  const values = [...headers.entries.values()].map(({ value }) => value);
  const fields = envelope?.kind === "object" ? [...envelope.entries.values()].map(({ value }) => value) : [];
  const carried = fields.filter((field) => valueAt(field, "header") !== undefined);
  if (values.some(isUnread)) return null;
  return new Set([...values.map((value) => textAt(value)), ...carried.map((field) => textAt(field, "from"))]);
}
