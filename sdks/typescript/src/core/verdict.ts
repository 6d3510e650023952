import type { ReceiverContract, TriggerAnswer, VerdictRule } from "./contract.ts";
import { decodeShapeOf } from "./decode.ts";
import { WebhookError } from "./errors.ts";
import type { JsonObject } from "./values.ts";

/** It may go on. `Others` is what an answer may say whatever it decides. */
export interface Allow<Others = object> {
  readonly decision: "allow";
  readonly overrides?: never;
  readonly others?: Others;
}

/** It may go on, with values of the receiver's in place of the sender's own. */
export interface Override<Overrides, Others = object> {
  readonly decision: "allow";
  readonly overrides: Overrides;
  readonly others?: Others;
}

/** It is stopped. */
export interface Deny<Others = object> {
  readonly decision: "deny";
  /** Told to whoever asked. */
  readonly code?: string;
  /** Kept in the sender's log. */
  readonly reason?: string;
  readonly overrides?: never;
  readonly others?: Others;
}

/** What makes the verdicts of a contract. Members have the names of the wire. */
export interface Verdicts<Overrides, Others> {
  /** Lets it go on. Only a verdict without overrides fits a trigger that takes none. */
  allow(given?: { readonly overrides?: never; readonly others?: Others }): Allow<Others>;
  allow(given: { readonly overrides: Overrides; readonly others?: Others }): Override<Overrides, Others>;
  /** Stops it, whatever the action's fail mode says. */
  deny(given?: { readonly code?: string; readonly reason?: string; readonly others?: Others }): Deny<Others>;
}

export function verdicts<Overrides, Others>(): Verdicts<Overrides, Others> {
  // An overloaded method cannot be written as one arrow function without telling the compiler which of them it is.
  const allow = (given = {}) => ({ ...given, decision: "allow" }) as never;
  return { allow, deny: (given = {}) => ({ ...given, decision: "deny" }) };
}

/** Any verdict, as the core sees it. */
export interface AnyVerdict {
  readonly decision: "allow" | "deny";
  readonly code?: string;
  readonly reason?: string;
  readonly overrides?: object;
  readonly others?: object;
}

/**
 * The body of an answer: decision, code, reason, and then overrides and others in the order of the verdict's shape.
 * Throws a `WebhookError` with code verdict_invalid when the trigger does not allow this verdict, when a member of it is
 * not what the sender takes, or when it is too long: the sender would not take such an answer as a verdict.
 */
export function verdictBody(contract: ReceiverContract, trigger: string, verdict: AnyVerdict): string {
  const rule = verdictRule(contract);
  const body = membersOf(contract, rule, verdict);
  refuseUnfit(rule, trigger, verdict);
  try {
    decodeShapeOf(contract, rule.shape, { ...body });
  } catch (error) {
    throw error instanceof WebhookError ? invalid(error.message) : error;
  }
  const text = JSON.stringify(body);
  const { byteLength } = new TextEncoder().encode(text);
  if (byteLength > rule.bytesMax) throw invalid(`expected at most ${rule.bytesMax} bytes, got ${byteLength}.`);
  return text;
}

export function verdictRule(contract: ReceiverContract): VerdictRule {
  if (contract.verdict === null) throw new Error(`The contract "${contract.id}" has no verdicts.`);
  return contract.verdict;
}

/** Undefined members are left out, so a required field of the shape that is undefined is told as missing. */
function membersOf(contract: ReceiverContract, rule: VerdictRule, verdict: AnyVerdict): JsonObject {
  const { overrides = {}, others = {} } = verdict;
  for (const name of Object.keys(overrides)) if (!rule.overrides.includes(name)) throw unnamed(name, rule.overrides);
  for (const name of Object.keys(others)) if (!rule.others.includes(name)) throw unnamed(name, rule.others);
  const given = new Map<string, unknown>([...Object.entries(overrides), ...Object.entries(others)]);
  const shape = contract.shapes[rule.shape];
  const names = shape !== undefined && "fields" in shape ? Object.keys(shape.fields) : [];
  const members: readonly (readonly [string, unknown])[] = [
    [rule.decision, verdict.decision === "deny" ? rule.denies : rule.allows],
    [rule.code, verdict.code],
    [rule.reason, verdict.reason],
    ...names.map((name) => [name, given.get(name)] as const).filter(([name]) => given.has(name)),
  ];
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function refuseUnfit(rule: VerdictRule, trigger: string, verdict: AnyVerdict): void {
  // A trigger that was added later is answered like one that decides: it can be allowed and denied.
  const answer: TriggerAnswer = Object.hasOwn(rule.triggers, trigger)
    ? (rule.triggers[trigger] ?? "decides")
    : "decides";
  if (verdict.decision === "deny") {
    if (answer === "informational") throw invalid(`${trigger} cannot be denied: its answer changes nothing.`);
    if (verdict.overrides !== undefined) throw invalid("a denial overrides nothing.");
  }
  if (verdict.overrides !== undefined && answer !== "decides-and-overrides") {
    throw invalid(`${trigger} takes no overrides.`);
  }
}

function unnamed(name: string, names: readonly string[]): WebhookError {
  return invalid(`expected ${names.length === 0 ? "no further member" : names.join(" or ")}, got ${name}.`);
}

function invalid(reason: string): WebhookError {
  return new WebhookError("verdict_invalid", `The verdict cannot be sent: ${reason}`);
}
