import { isRuleId, ruleOf, rules } from "../../generator/compat/rules.ts";
import { diagnosticTable, type DiagnosticCode } from "../../generator/diagnostics.ts";
import { nearNames } from "../near-names.ts";

/** Prints what a rule of `check` or a diagnostic of `generate` means. Returns the exit status: 1 for one there is not. */
export function runExplain(name: string): 0 | 1 {
  const text = explanationOf(name);
  if (text !== null) {
    console.log(text);
    return 0;
  }
  const near = nearNames(name, [...Object.keys(rules), ...Object.keys(diagnosticTable)]);
  const hint =
    near.length === 0 ? "Codes look like HW021, rules like field-renamed." : `Did you mean ${near.join(" or ")}?`;
  console.error(`error: there is no rule or diagnostic "${name}". ${hint}`);
  return 1;
}

function explanationOf(name: string): string | null {
  if (isRuleId(name)) {
    const { severity, group, title, reason, remedy } = ruleOf(name);
    return `${severity}[${name}]  ${title}\n\n  group   ${group}\n  reason  ${reason}\n  remedy  ${remedy}`;
  }
  const code = name.toUpperCase();
  if (!isDiagnostic(code)) return null;
  const { severity, title, meaning, remedy } = diagnosticTable[code];
  return `${severity}[${code}]  ${title}\n\n  reason  ${meaning}\n  remedy  ${remedy}`;
}

function isDiagnostic(code: string): code is DiagnosticCode {
  return Object.hasOwn(diagnosticTable, code);
}
