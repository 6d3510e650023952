import { isDeepStrictEqual } from "node:util";
import type { RuleId } from "./rules.ts";

/** A change of what a contract declares; `member` is the way to it, `["signature", "encoding"]`. */
export interface DeclaredDifference {
  readonly rule: RuleId;
  readonly member: readonly string[];
  readonly says: string;
}

type Member = readonly [path: string, ...rules: readonly [changed: RuleId] | readonly [less: RuleId, more: RuleId]];

/**
 * The members of a declaration and the rule for a change of each; with two rules it is a number, and the first is for
 * a lower one. A member that only one of the two declarations has is compared only where a change of its presence is one.
 */
const members: readonly Member[] = [
  ["producer", "producer-changed"],
  ["title", "description-changed"],
  ["doc", "description-changed"],
  ["tenant.noun", "description-changed"],
  ["tenant.example", "description-changed"],
  ["userAgent", "user-agent-changed"],
  ...["event", "endpoint", "delivery", "attempt"].flatMap((id): readonly Member[] => [
    [`ids.${id}.prefix`, "id-prefix-changed"],
    [`ids.${id}.format`, "id-format-changed"],
  ]),
  ...["algorithm", "key", "content", "encoding", "prefix", "separator", "timestamp", "publicKeyPrefix", "beside"].map(
    (part): Member => [`signature.${part}`, "signature-changed"],
  ),
  ["signature.toleranceSeconds", "tolerance-narrowed", "tolerance-widened"],
  ["secret.prefix", "secret-format-changed"],
  ["secret.bytes", "secret-format-changed"],
  ["secret.encoding", "secret-format-changed"],
  ["secret.scope", "secret-scope-changed"],
  ["secret.rotation.kind", "rotation-changed"],
  ["secret.rotation.defaultSeconds", "overlap-shortened", "overlap-lengthened"],
  ["secret.rotation.maxSeconds", "overlap-shortened", "overlap-lengthened"],
  ["secret.rotation.activeMax", "overlap-shortened", "overlap-lengthened"],
  ["url.lengthMax", "url-rule-narrowed", "url-rule-widened"],
  ["timeoutSeconds", "timeout-reduced", "timeout-raised"],
  ["timeoutMs.default", "timeout-reduced", "timeout-raised"],
  ["timeoutMs.min", "timeout-raised", "timeout-reduced"],
  ["timeoutMs.max", "timeout-reduced", "timeout-raised"],
  ["disable.consecutiveFailures", "disable-tightened", "disable-loosened"],
  ["log.responseBodyBytesMax", "log-reduced", "log-raised"],
  ["log.pageDefault", "log-reduced", "log-raised"],
  ["log.pageMax", "log-reduced", "log-raised"],
  ["log.invocationsMax", "log-reduced", "log-raised"],
  ["subscription.wildcard", "subscription-narrowed"],
  ["batch.body", "batch-body-changed"],
  ["batch.recordsMax", "batch-size-lowered", "batch-size-raised"],
  ["batch.single", "batch-single-changed"],
  ["delay", "delay-changed"],
  ["schedule", "schedule-changed"],
  ["filter", "filter-changed"],
  ["retry.kind", "retry-changed"],
  ["retry.firstSeconds", "retry-changed"],
  ["retry.maxSeconds", "retry-changed"],
  ["retry.retriesMax", "retry-reduced", "retry-changed"],
  ["retry.budgetSeconds", "retry-reduced", "retry-changed"],
  ["retry.onExhausted", "retry-exhaustion-changed"],
  ["failMode.default", "fail-mode-changed"],
  ["killSwitch.errorRate", "kill-switch-tightened", "kill-switch-loosened"],
  ["killSwitch.timeoutRate", "kill-switch-tightened", "kill-switch-loosened"],
  ["killSwitch.windowSeconds", "kill-switch-loosened", "kill-switch-tightened"],
  ["killSwitch.evaluateEvery", "kill-switch-tightened", "kill-switch-loosened"],
  ["killSwitch.serverErrorsMax", "kill-switch-tightened", "kill-switch-loosened"],
  ["verdict.decision", "verdict-rule-changed"],
  ["verdict.denies", "verdict-rule-changed"],
  ["verdict.code", "verdict-rule-changed"],
  ["verdict.reason", "verdict-rule-changed"],
  ["verdict.overrides", "verdict-rule-changed"],
  ["verdict.signatureHeader", "verdict-rule-changed"],
  ["verdict.bytesMax", "verdict-size-lowered", "verdict-size-raised"],
  ["states.pending", "state-renamed"],
  ["states.delivered", "state-renamed"],
  ["states.rejected", "state-renamed"],
  ["states.exhausted", "state-renamed"],
];

/** What changed in the members that are compared by their value alone. */
export function compareMembers(before: unknown, after: unknown): readonly DeclaredDifference[] {
  return members.flatMap(([path, first, second]) => {
    const member = path.split(".");
    const [was, is] = [valueAt(before, member), valueAt(after, member)];
    if (was === undefined || is === undefined || isDeepStrictEqual(was, is)) return [];
    const says = `${JSON.stringify(was)} is ${JSON.stringify(is)} now`;
    const isMore = typeof was === "number" && typeof is === "number" && is > was;
    return [{ rule: isMore && second !== undefined ? second : first, member, says }];
  });
}

/** Undefined where a member on the way is missing. */
export function valueAt(value: unknown, member: readonly string[]): unknown {
  return member.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? (Object.entries(inner).find(([name]) => name === key)?.[1] as unknown)
        : undefined,
    value,
  );
}
