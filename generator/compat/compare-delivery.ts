import { isDeepStrictEqual } from "node:util";
import type { Companion, Signature, SubscriberRule } from "../../catalog/contract.ts";
import type { Declaration } from "../model.ts";
import { compareMembers, valueAt } from "./compare-declarations.ts";
import type { DeclaredDifference } from "./compare-declarations.ts";
import { compareEnvelopes } from "./compare-envelopes.ts";
import { compareOutcomes } from "./compare-outcomes.ts";
import type { RuleId } from "./rules.ts";

/** What changed in what a contract declares. In another mode everything does, which is told as one change. */
export function compareDelivery(before: Declaration, after: Declaration): readonly DeclaredDifference[] {
  if (before.mode !== after.mode)
    return [{ rule: "mode-changed", member: ["mode"], says: `${before.mode} is ${after.mode} now` }];
  return [
    ...compareMembers(before, after),
    ...compareEnvelopes(before.envelope, after.envelope),
    ...compareHeaders(before.headers, after.headers),
    ...signatureDifferences(before, after),
    ...optionalDifference(["signature-changed", "signature", "joint"], before, after),
    ...optionalDifference(["content-type-changed", "contentType"], before, after),
    ...schemeDifferences(before.url.schemes, after.url.schemes),
    ...bodySizeDifferences(before, after),
    ...optionalDifference(["retry-jitter-changed", "retry", "jitter"], before, after),
    ...optionalDifference(["masked-changed", "masked"], before, after),
    ...optionalDifference(["omission-changed", "omits"], before, after),
    ...optionalDifference(["tenant-member-changed", "tenant", "member"], before, after),
    ...modeDifferences(before, after),
  ];
}

function modeDifferences(before: Declaration, after: Declaration): readonly DeclaredDifference[] {
  if (before.mode === "push" && after.mode === "push")
    return [
      ...compareOutcomes(before.outcomes, after.outcomes),
      ...compareWaits(before.retry.waitsSeconds, after.retry.waitsSeconds),
      ...optionalDifference(["retry-after-changed", "retry", "retryAfter"], before, after),
      ...optionalDifference(["breaker-changed", "breaker"], before, after),
      ...subscriberDifferences(before.subscribers, after.subscribers),
      ...optionalDifference(["challenge-changed", "challenge"], before, after),
      ...disableDifferences(before.disable, after.disable),
      ...optionalDifference(["subscription-default-changed", "subscription", "default"], before, after),
      ...prefixDifferences(before.subscription.prefixes, after.subscription.prefixes),
      ...compareCompanions(before.companions ?? [], after.companions ?? []),
    ];
  if (before.mode === "stream" && after.mode === "stream")
    return [
      ...compareOutcomes(before.outcomes, after.outcomes),
      ...optionalDifference(["batch-record-changed", "batch", "record"], before, after),
      ...keyDifferences("settings", ["setting-removed", "setting-changed", "setting-added"], before, after),
    ];
  return [
    ...keyDifferences("triggers", ["trigger-removed", "trigger-changed", "trigger-added"], before, after),
    ...keyDifferences("statuses", ["state-renamed", "state-renamed", "state-renamed"], before, after),
  ];
}

/** Names of headers match without regard to case (RFC 9110 §5.1). */
function compareHeaders(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly DeclaredDifference[] {
  const lowered = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(headers).map(([name, source]) => [name.toLowerCase(), source]));
  const rules = ["header-removed", "header-changed", "header-added"] as const;
  return keyDifferences("headers", rules, { headers: lowered(before) }, { headers: lowered(after) });
}

function signatureDifferences(before: Declaration, after: Declaration): readonly DeclaredDifference[] {
  const [was, is] = [before.signature, after.signature];
  const member = ["signature"];
  if (was !== null && is === null) return [{ rule: "signature-removed", member, says: "requests are not signed now" }];
  if (was === null && is !== null) return [{ rule: "signature-added", member, says: "requests are signed now" }];
  if (was === null || is === null) return [];
  return [...besideDifferences(was, is), ...sideDifferences(was, is)];
}

/** Receivers with the public key need the second signature; where it is another one, that is a changed member. */
function besideDifferences(before: Signature, after: Signature): readonly DeclaredDifference[] {
  const besides = [before, after].map((signature) => signature.algorithm !== "ed25519" && signature.beside);
  const member = ["signature", "beside"];
  const [was, is] = besides;
  if (was && !is) return [{ rule: "signature-removed", member, says: "requests have one signature now" }];
  if (!was && is) return [{ rule: "signature-added", member, says: "requests have two signatures now" }];
  return [];
}

function sideDifferences(was: Signature, is: Signature): readonly DeclaredDifference[] {
  // That a time came or went is a change of the signature itself.
  if (was.timestamp === null || is.timestamp === null || was.toleranceSides === is.toleranceSides) return [];
  const rule = is.toleranceSides === "both" ? "tolerance-narrowed" : "tolerance-widened";
  return [{ rule, member: ["signature", "toleranceSides"], says: `${was.toleranceSides} is ${is.toleranceSides} now` }];
}

/** Left out, it is what receivers take by default: as much before as after. */
function bodySizeDifferences(before: Declaration, after: Declaration): readonly DeclaredDifference[] {
  const mebibytes = before.mode === "stream" ? 16 : 1;
  const [was, is] = [before, after].map(({ bodyBytesMax = mebibytes * 1024 * 1024 }) => bodyBytesMax);
  if (was === undefined || is === undefined || was === is) return [];
  const rule = is < was ? "body-size-lowered" : "body-size-raised";
  return [{ rule, member: ["bodyBytesMax"], says: `${was} is ${is} now` }];
}

type KeyRules = readonly [removed: RuleId, changed: RuleId, added: RuleId];

/** An object whose keys are names: which went, which came, and which have another value. */
function keyDifferences(
  name: string,
  [removed, changed, added]: KeyRules,
  before: object,
  after: object,
): readonly DeclaredDifference[] {
  const [was, is] = [entriesOf(valueAt(before, [name])), entriesOf(valueAt(after, [name]))];
  const keys = [...new Set([...was.keys(), ...is.keys()])];
  return keys.flatMap((key): readonly DeclaredDifference[] => {
    const member = [name, key];
    if (!is.has(key)) return [{ rule: removed, member, says: `it was ${JSON.stringify(was.get(key))}` }];
    const now = JSON.stringify(is.get(key));
    if (!was.has(key)) return [{ rule: added, member, says: `it is ${now}` }];
    if (isDeepStrictEqual(was.get(key), is.get(key))) return [];
    return [{ rule: changed, member, says: `${JSON.stringify(was.get(key))} is ${now} now` }];
  });
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function schemeDifferences(before: readonly string[], after: readonly string[]): readonly DeclaredDifference[] {
  const member = ["url", "schemes"];
  const gone = before.filter((scheme) => !after.includes(scheme));
  const come = after.filter((scheme) => !before.includes(scheme));
  return [
    ...gone.map(
      (scheme) => ({ rule: "url-rule-narrowed", member, says: `${scheme} is not allowed any more` }) as const,
    ),
    ...come.map((scheme) => ({ rule: "url-rule-widened", member, says: `${scheme} is allowed too` }) as const),
  ];
}

function compareWaits(before: readonly number[], after: readonly number[]): readonly DeclaredDifference[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [was, is] = [before, after].map((waits) => ({ count: waits.length + 1, seconds: sum(waits) }));
  if (was === undefined || is === undefined) return [];
  const rule = is.count < was.count || is.seconds < was.seconds ? "retry-reduced" : "retry-changed";
  const says = `${was.count} attempts in ${was.seconds} s are ${is.count} in ${is.seconds} s now`;
  return [{ rule, member: ["retry", "waitsSeconds"], says }];
}

/** A member that may be left out: its coming and going are changes too. */
function optionalDifference(
  [rule, ...member]: readonly [RuleId, ...string[]],
  before: Declaration,
  after: Declaration,
): readonly DeclaredDifference[] {
  const [was, is] = [valueAt(before, member) ?? null, valueAt(after, member) ?? null];
  if (isDeepStrictEqual(was, is)) return [];
  return [{ rule, member, says: `${JSON.stringify(was)} is ${JSON.stringify(is)} now` }];
}

function subscriberDifferences(
  before: SubscriberRule | undefined,
  after: SubscriberRule | undefined,
): readonly DeclaredDifference[] {
  if (isDeepStrictEqual(before, after)) return [];
  const member = ["subscribers"];
  if (after === undefined) return [{ rule: "subscribers-refused", member, says: "programs cannot subscribe any more" }];
  if (before === undefined) return [{ rule: "subscribers-admitted", member, says: "programs can subscribe now" }];
  return [{ rule: "subscribers-changed", member, says: `${JSON.stringify(before)} is ${JSON.stringify(after)} now` }];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function disableDifferences(before: object | null, after: object | null): readonly DeclaredDifference[] {
  if ((before === null) === (after === null)) return [];
  const rule = after === null ? "disable-loosened" : "disable-tightened";
  return [{ rule, member: ["disable"], says: after === null ? "no endpoint is disabled" : "endpoints are disabled" }];
}

function prefixDifferences(before: boolean, after: boolean): readonly DeclaredDifference[] {
  if (before === after) return [];
  const rule = after ? "subscription-widened" : "subscription-narrowed";
  return [{ rule, member: ["subscription", "prefixes"], says: `\`group.*\` is ${after ? "taken" : "refused"} now` }];
}

function compareCompanions(before: readonly Companion[], after: readonly Companion[]): readonly DeclaredDifference[] {
  const byName = (companions: readonly Companion[]) => ({
    companions: Object.fromEntries(
      companions.map((each) => [
        `${each.contract === undefined ? "" : `${each.contract}/`}${each.of} → ${each.emits}`,
        each,
      ]),
    ),
  });
  const rules = ["companion-removed", "companion-changed", "companion-added"] as const;
  return keyDifferences("companions", rules, byName(before), byName(after));
}
