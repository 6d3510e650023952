import type { Span } from "../model.ts";
import { messageOf, placeText } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** A line of the earlier or the present catalog, counted from 1. Null where it is not there. */
export interface ReadLines {
  readonly before: (file: string, line: number) => string | null;
  readonly after: (file: string, line: number) => string | null;
}

/** The findings as text with excerpts, an empty line between two of them. */
export function formatFindings(findings: readonly Finding[], readLines: ReadLines): string {
  return findings.map((finding) => formatFinding(finding, readLines)).join("\n\n");
}

function formatFinding(finding: Finding, readLines: ReadLines): string {
  const { severity, rule, remedy, before, after, events } = finding;
  const place = after ?? before;
  const head = `${severity}[${rule}] ${place === null ? "" : `${placeText(place)}  `}${messageOf(finding)}`;
  return [
    head,
    ...(before === null ? [] : excerpt("before", before, readLines.before)),
    ...(after === null ? [] : excerpt("now", after, readLines.after)),
    ...(events.length > 1 ? [`  in ${events.join(", ")}`] : []),
    `  remedy: ${remedy}`,
  ].join("\n");
}

const excerptMax = 120;

function excerpt(
  title: string,
  span: Span,
  readLine: (file: string, line: number) => string | null,
): readonly string[] {
  // A control character could move the cursor of a terminal.
  const text =
    readLine(span.file, span.line)
      ?.trim()
      .replaceAll(/[\0-\x1f\x7f-\x9f]/g, "\ufffd") ?? "";
  const shown = text.length <= excerptMax ? text : `${text.slice(0, excerptMax - 1)}…`;
  return [`  ${title.padStart(6)} ${placeText(span)}${shown === "" ? "" : ` | ${shown}`}`];
}
