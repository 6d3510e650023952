import type { Finding } from "./finding.ts";
import { isRuleId } from "./rules.ts";

/** Where approvals stand, beside the catalog's index. */
export const approvalsName = "approvals.json";

/** A finding that is accepted until a day, and why. */
export interface Approval {
  readonly rule: string;
  /** As the finding tells it, `shop/order.placed.data.total`. */
  readonly path: string;
  readonly reason: string;
  /** The last day that it holds, in UTC: `2026-12-31`. */
  readonly until: string;
}

export interface ApprovedFindings {
  /** What nobody approved, or not for today. */
  readonly findings: readonly Finding[];
  readonly approved: readonly { readonly finding: Finding; readonly approval: Approval }[];
  /** Approvals whose day is over, and those that no finding needs. */
  readonly expired: readonly Approval[];
  readonly unused: readonly Approval[];
}

/** `today` is a day in UTC, `2026-05-08`. An approval that has expired silences nothing. */
export function approve(findings: readonly Finding[], approvals: readonly Approval[], today: string): ApprovedFindings {
  const fits = (finding: Finding) => (approval: Approval) =>
    approval.rule === finding.rule && approval.path === finding.path;
  const valid = approvals.filter(({ until }) => today <= until);
  const approved = findings.flatMap((finding) => {
    const approval = valid.find(fits(finding));
    return approval === undefined ? [] : [{ finding, approval }];
  });
  return {
    findings: findings.filter((finding) => !valid.some(fits(finding))),
    approved,
    expired: approvals.filter(({ until }) => today > until),
    unused: valid.filter((approval) => !findings.some((finding) => fits(finding)(approval))),
  };
}

/** The approvals of a file. `name` is the file's, for messages. Throws, naming every entry that is malformed. */
export function parseApprovals(text: string, name: string): readonly Approval[] {
  const value = parseJson(text, name);
  if (!Array.isArray(value)) throw new Error(`${name}: expected a list of { rule, path, reason, until }.`);
  const problems = value.flatMap((entry: unknown, index) =>
    problemsOf(entry).map((problem) => `  [${index}] ${problem}`),
  );
  if (problems.length > 0) throw new Error(`${name} cannot be used:\n${problems.join("\n")}`);
  return value;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} is not JSON: ${reason}`, { cause: error });
  }
}

function problemsOf(entry: unknown): readonly string[] {
  if (typeof entry !== "object" || entry === null) return ["expected { rule, path, reason, until }"];
  const values = new Map<string, unknown>(Object.entries(entry));
  const missing = ["rule", "path", "reason", "until"].filter((key) => !isText(values.get(key)));
  const unknown = [...values.keys()].filter((key) => !["rule", "path", "reason", "until"].includes(key));
  const [rule, until] = [values.get("rule"), values.get("until")];
  return [
    ...missing.map((key) => `${key}: expected text, got ${JSON.stringify(values.get(key))}`),
    ...unknown.map((key) => `${key}: there is no such member`),
    ...(typeof rule === "string" && rule !== "" && !isRuleId(rule) ? [`rule: there is no rule "${rule}"`] : []),
    ...(typeof until === "string" && until !== "" && !isDay(until)
      ? [`until: expected a day like 2026-12-31, got "${until}"`]
      : []),
  ];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
