import type { Approval } from "../../generator/compat/approvals.ts";
import { formatMarkdown } from "../../generator/compat/changelog.ts";
import { severities } from "../../generator/compat/finding.ts";
import type { Finding } from "../../generator/compat/finding.ts";
import { formatGithub } from "../../generator/compat/format-github.ts";
import { formatFindings } from "../../generator/compat/format-text.ts";
import type { FindingSeverity } from "../../generator/compat/rule.ts";
import { compareWithEarlier, type CompareFlags, type Comparison } from "./compare.ts";

export interface CheckFlags extends CompareFlags {
  readonly format: "text" | "json" | "github" | "markdown";
  /** The least severe finding that fails the check. */
  readonly threshold: FindingSeverity;
}

/**
 * Prints what changed since an earlier catalog and returns the exit status: 0, or 1 when a finding reaches the
 * threshold and nobody approved it. Rejects when the two cannot be compared, which is status 2.
 */
export async function runCheck(flags: CheckFlags, now: number): Promise<0 | 1> {
  const comparison = await compareWithEarlier(flags, now);
  const reaching = comparison.findings.filter(({ severity }) => reaches(severity, flags.threshold));
  const status = reaching.length > 0 ? 1 : 0;
  if (flags.format === "json") console.log(JSON.stringify(jsonOf(comparison, status), null, 2));
  else console.log(formats[flags.format](comparison));
  return status;
}

function reaches(severity: FindingSeverity, threshold: FindingSeverity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}

function jsonOf({ against, findings, approved, expired, unused }: Comparison, status: 0 | 1) {
  return { ok: status === 0, against, findings, approved, expired, unused };
}

const formats = {
  text: (comparison: Comparison) =>
    [formatFindings(comparison.findings, comparison.readLines), ...notices(comparison), summary(comparison)]
      .filter((block) => block !== "")
      .join("\n\n"),
  github: (comparison: Comparison) =>
    [
      formatGithub(comparison.findings),
      ...notices(comparison).map((notice) => `::warning::${notice}`),
      summary(comparison),
    ]
      .filter((block) => block !== "")
      .join("\n"),
  markdown: (comparison: Comparison) =>
    [formatMarkdown(comparison.findings), ...notices(comparison).map((notice) => `- ${notice}`)].join("\n\n"),
};

/** Approvals that do nothing any more; each is a line to delete, or a change to make. */
function notices({ expired, unused }: Comparison): readonly string[] {
  return [
    ...expired.map(
      (each) => `The approval of ${nameOf(each)} expired on ${each.until}. Make the change safe, or renew it.`,
    ),
    ...unused.map((each) => `The approval of ${nameOf(each)} is not needed. Delete it.`),
  ];
}

function nameOf({ rule, path }: Approval): string {
  return `${rule} at ${path}`;
}

function summary({ findings, approved, against }: Comparison): string {
  const counts = severities.map((severity) => `${countOf(findings, severity)} ${severity}`).join(", ");
  const silenced = approved.length === 0 ? "" : `, ${approved.length} approved`;
  return `Compared with ${against}: ${counts}${silenced}.`;
}

function countOf(findings: readonly Finding[], severity: FindingSeverity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
