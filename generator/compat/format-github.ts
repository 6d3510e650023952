import { messageOf } from "./finding.ts";
import type { Finding } from "./finding.ts";

const commands = { error: "error", warning: "warning", info: "notice" } as const;

/** Workflow commands, which GitHub shows at the lines of a pull request. */
export function formatGithub(findings: readonly Finding[]): string {
  return findings.map(commandOf).join("\n");
}

function commandOf(finding: Finding): string {
  const { severity, rule, remedy, after, before } = finding;
  const place = after === null ? {} : { file: after.file, line: after.line, col: after.column };
  const properties = Object.entries({ ...place, title: rule }).map(
    ([key, value]) => `${key}=${property(String(value))}`,
  );
  const was = after === null && before !== null ? ` (was at ${before.file}:${before.line})` : "";
  return `::${commands[severity]} ${properties.join(",")}::${data(`${messageOf(finding)}${was}; remedy: ${remedy}`)}`;
}

/** A line feed would end the command, and what follows could be another one. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
