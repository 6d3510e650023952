import { placeText, severities } from "./finding.ts";
import type { Finding } from "./finding.ts";

type Heading = "Added" | "Changed" | "Deprecated" | "Removed";

const headings: readonly Heading[] = ["Added", "Changed", "Deprecated", "Removed"];

/** The changes as an entry of a changelog, by what happened; those that break receivers are marked. */
export function changelogEntry(findings: readonly Finding[]): string {
  if (findings.length === 0) return "No changes.\n";
  const byHeading = Map.groupBy(findings, headingOf);
  const chapters = headings.flatMap((heading) => {
    const entries = byHeading.get(heading);
    return entries === undefined ? [] : [`### ${heading}\n\n${entries.map(entryOf).join("\n")}`];
  });
  return `${chapters.join("\n\n")}\n`;
}

function headingOf({ rule }: Finding): Heading {
  if (rule.endsWith("-removed")) return "Removed";
  if (rule.endsWith("-added") || rule === "required-field-added") return "Added";
  return rule.endsWith("-deprecated") ? "Deprecated" : "Changed";
}

function entryOf(finding: Finding): string {
  const mark = finding.severity === "error" ? "**Breaking:** " : "";
  return `- ${mark}${inline(finding.path)}: ${escaped(finding.says)} (${finding.rule})${eventsText(finding)}`;
}

function eventsText({ events }: Finding): string {
  return events.length > 1 ? `; ${events.map(inline).join(", ")}` : "";
}

function inline(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** What has a meaning in Markdown stands as itself. */
function escaped(text: string): string {
  return text.replaceAll(/[\\*_<>[\]|]/g, "\\$&").replaceAll(/\s*\n\s*/g, " ");
}

/** The findings as a table for a comment on a pull request. */
export function formatMarkdown(findings: readonly Finding[]): string {
  if (findings.length === 0) return "The catalog is compatible: nothing changed.";
  const counts = severities.map(
    (severity) => `${findings.filter((each) => each.severity === severity).length} ${severity}`,
  );
  const rows = findings.map((finding) => {
    const place = finding.after ?? finding.before;
    const cells = [
      finding.severity,
      inline(finding.rule),
      inline(finding.path),
      place === null ? "" : inline(placeText(place)),
    ];
    return `| ${[...cells, escaped(`${finding.says}; ${finding.remedy}`)].join(" | ")} |`;
  });
  const head = ["| severity | rule | what | where | change and remedy |", "| --- | --- | --- | --- | --- |"];
  return [`**Catalog: ${counts.join(", ")}**`, "", ...head, ...rows].join("\n");
}
