import type { OutcomeRule, OutcomeTrigger } from "../../catalog/contract.ts";
import type { DeclaredDifference } from "./compare-declarations.ts";
import type { RuleId } from "./rules.ts";

const statuses = Array.from({ length: 400 }, (_, index) => 200 + index);
const failures = ["timeout", "network_error", "address_blocked"] as const;

/** What changed in what an answer leads to: told once for each pair of outcomes, with all answers that it is about. */
export function compareOutcomes(
  before: readonly OutcomeRule[],
  after: readonly OutcomeRule[],
): readonly DeclaredDifference[] {
  const changed = [...statuses, ...failures].flatMap((answer) => {
    const [was, is] = [outcomeOf(before, answer), outcomeOf(after, answer)];
    const rule = was === undefined || is === undefined ? null : ruleOf(was, is);
    return rule === null ? [] : [{ answer, rule, says: `${wordOf(was)} is ${wordOf(is)} now` }];
  });
  const grouped = Map.groupBy(changed, ({ rule, says }) => `${rule}: ${says}`);
  return [...grouped.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const answers = answersText([first, ...others].map(({ answer }) => answer));
    return [{ rule: first.rule, member: ["outcomes", answers], says: first.says }];
  });
}

function outcomeOf(rules: readonly OutcomeRule[], answer: OutcomeTrigger): OutcomeRule | undefined {
  const triggers = typeof answer === "number" ? [answer, `${Math.floor(answer / 100)}xx`] : [answer];
  return rules.find(({ on }) => [on].flat().some((trigger) => triggers.includes(trigger)));
}

function ruleOf(was: OutcomeRule, is: OutcomeRule): RuleId | null {
  if (was.then === is.then) return was.error === is.error ? null : "outcome-word-changed";
  if (was.then === "deliver") return "success-narrowed";
  if (is.then === "deliver") return "success-widened";
  return is.then === "retry" ? "retryable-raised" : "retryable-reduced";
}

function wordOf(rule: OutcomeRule | undefined): string {
  const words = { deliver: "accepted", retry: "tried again", reject: "refused" };
  if (rule === undefined) return "nothing";
  return words[rule.then] + (rule.error === undefined ? "" : ` as ${rule.error}`);
}

/** `201-299, 408, timeout`. */
function answersText(answers: readonly (number | string)[]): string {
  const runs: (number | string)[][] = [];
  for (const answer of answers) {
    const last = runs.at(-1);
    if (typeof answer === "number" && last?.at(-1) === answer - 1) last.push(answer);
    else runs.push([answer]);
  }
  return runs.map((run) => (run.length === 1 ? run[0] : `${run[0]}-${run.at(-1)}`)).join(", ");
}
