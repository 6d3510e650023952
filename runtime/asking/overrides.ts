import type { ActionContract, OverrideRule } from "../../catalog/contract.ts";
import type { AnyVerdict, QuestionSettings } from "../asker.ts";
import { HookwrightError } from "../errors.ts";

/** Something that a verdict overrides, and may not. */
export type Drop = { readonly member: string } & (
  | { readonly why: "disabled"; readonly setting: string }
  | { readonly why: "unknown"; readonly dropped: readonly string[] }
);

export interface Overrides {
  /** What may be overridden, by member of the verdict. */
  readonly overrides: AnyVerdict;
  /** Whether one of them stands in place of what the tenant has (R-AUTHIO-29). */
  readonly isOverride: boolean;
  readonly drops: readonly Drop[];
}

export const noOverrides: Overrides = { overrides: {}, isOverride: false, drops: [] };

/** What of a verdict may override something (R-AUTHIO-28 to R-AUTHIO-31, F-AUTHIO-07, F-AUTHIO-08, D-AUTHIO-16). */
export function overridesOf(
  { verdict: { overrides: rules } }: ActionContract,
  verdict: AnyVerdict,
  settings: QuestionSettings,
): Overrides {
  const kept: [string, unknown][] = [];
  const drops: Drop[] = [];
  let isOverride = false;
  for (const [member, rule] of Object.entries(rules)) {
    const value = verdict[member];
    if (rule === undefined || value === undefined) continue;
    if (rule.setting !== undefined && settings[rule.setting] !== true) {
      drops.push({ member, why: "disabled", setting: rule.setting });
      continue;
    }
    const { rest, unknown } = allowed(rule, value, settings);
    if (unknown.length > 0) drops.push({ member, why: "unknown", dropped: unknown });
    if (isEmpty(rest)) continue;
    kept.push([member, rest]);
    isOverride ||= rule.known !== undefined;
  }
  return { overrides: Object.fromEntries(kept), isOverride, drops };
}

function allowed(rule: OverrideRule, value: unknown, settings: QuestionSettings) {
  if (Array.isArray(value)) {
    const texts = value.map(String);
    if (rule.known === undefined) return { rest: texts, unknown: [] };
    const known = new Set(listOf(settings, rule.known));
    return { rest: texts.filter((text) => known.has(text)), unknown: texts.filter((text) => !known.has(text)) };
  }
  const members = Object.entries(Object(value)).filter(([key]) => !rule.reserved.includes(key));
  return { rest: Object.fromEntries(members), unknown: [] };
}

/** An override with nothing in it overrides nothing: the tenant's own stays. */
function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

function listOf(settings: QuestionSettings, name: string): readonly string[] {
  const list = settings[name];
  return Array.isArray(list) ? list : [];
}

/**
 * Refuses settings that the contract does not declare, are of the wrong kind, or do not say what is known although
 * something may be overridden: a mistake in them would drop every override in silence. Throws `invalid_request`.
 */
export function checkSettings({ id, verdict }: ActionContract, settings: QuestionSettings): void {
  const rules = Object.values(verdict.overrides).filter((rule) => rule !== undefined);
  const switches = new Set(rules.flatMap(({ setting }) => setting ?? []));
  const lists = new Set(rules.flatMap(({ known }) => known ?? []));
  for (const [name, value] of Object.entries(settings)) {
    const expected = switches.has(name) ? "true or false" : lists.has(name) ? "a list of text" : null;
    if (expected === null) throw invalid(name, `the contract "${id}" has no such setting`);
    const isList = Array.isArray(value) && value.every((each) => typeof each === "string");
    if (switches.has(name) ? typeof value !== "boolean" : !isList) throw invalid(name, `expected ${expected}`);
  }
  for (const { setting, known } of rules) {
    const isOn = setting === undefined || settings[setting] === true;
    if (known !== undefined && setting !== undefined && isOn && settings[known] === undefined)
      throw invalid(known, `expected the list of what is known, as ${setting} is on`);
  }
}

function invalid(name: string, problem: string): HookwrightError {
  return new HookwrightError("invalid_request", `settings.${name}: ${problem}.`, { path: `settings.${name}` });
}
