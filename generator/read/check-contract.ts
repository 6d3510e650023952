/** A declaration against what tsc cannot see: parts of it that must agree with each other. */
import type { ts } from "ts-morph";
import { checkCarried } from "./check-carried.ts";
import { reportControlIn, withoutExamples } from "./literals.ts";
import { headerSources } from "./check-message.ts";
import type { Check } from "./check-message.ts";
import { checkSignature } from "./check-signature.ts";
import { entriesOf, isUnread, itemsOf, textAt, valueAt } from "./evaluated.ts";
import type { EvaluatedObject } from "./evaluated.ts";
import { checkSubscribers } from "./check-subscribers.ts";
import { placeOf } from "./report.ts";
import type { Report } from "./report.ts";

export function checkContract(declaration: EvaluatedObject, report: Report): void {
  const check: Check = { declaration, report: reportOf(declaration, report) };
  checkId(check);
  checkOutcomes(check);
  checkSignature(check);
  checkEnvelope(check);
  checkCarried(declaration, check.report);
  checkChallenge(check);
  checkWrapper(check);
  checkSubscribers(declaration, check.report);
  reportControlIn(withoutExamples(declaration), check.report);
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
  const endpoint = fieldsFrom("endpoint.id").find(({ value }) => valueAt(value, "header") === undefined);
  if (endpoint !== undefined && textAt(declaration, "mode") !== "action")
    report({ code: "HW075", at: endpoint.key, message: "a field of the envelope is from endpoint.id" });
  const sources = headerSources(declaration);
  if (textAt(declaration, "mode") === "stream" && fieldsFrom("event.id").length === 0) {
    const remedy = 'add a field `from: "event.id"`';
    report({ code: "HW063", at: envelope.node, message: "a record of a batch does not have its event's id", remedy });
    return;
  }
  if (sources === null || sources.has("event.id") || fieldsFrom("event.id").length > 0) return;
  const remedy = 'add a field `from: "event.id"`, or a header with that source';
  report({ code: "HW063", at: envelope.node, message: "the event's id is in neither envelope nor headers", remedy });
}

/** A receiver tells the question from an event by a constant, and gives back one text. No event comes with it. */
function checkChallenge({ declaration, report }: Check): void {
  const challenge = valueAt(declaration, "challenge");
  const body = valueAt(challenge, "body");
  if (challenge === undefined || body?.kind !== "object") return;
  const members = entriesOf(body).map(({ value }) => value);
  const refuse = (message: string, at = body.node) => report({ code: "HW079", at, message });
  if (members.filter((member) => textAt(member, "from") === "challenge").length !== 1)
    refuse("the question for a challenge does not have it once");
  if (!members.some((member) => textAt(member, "constant") !== undefined))
    refuse("no constant tells the question for a challenge from an event");
  const carried = entriesOf(valueAt(declaration, "envelope")).find(({ value }) => valueAt(value, "header"));
  if (carried !== undefined) refuse("a header carries a field of an event, and a challenge is none", challenge.node);
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
