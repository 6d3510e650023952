/** How diagnostics are printed. */
import { textWidth } from "./lines.ts";
import { sortDiagnostics } from "./diagnostics.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { Span } from "./model.ts";

/**
 * The diagnostics as text, sorted, with an empty line between two of them and none at the end. `readLine` gives a line
 * of the catalog, counted from 1, or null when it is not there. The position in the first line is that of the part that is
 * wrong, which is underlined.
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  readLine: (file: string, line: number) => string | null,
): string {
  const texts = sortDiagnostics(diagnostics).map((diagnostic) =>
    formatDiagnostic(diagnostic, readLine(diagnostic.span.file, diagnostic.span.line)),
  );
  return texts.join("\n\n");
}

function formatDiagnostic({ code, severity, message, remedy, span }: Diagnostic, text: string | null): string {
  const head = `${severity}[${code}] ${span.file}:${span.line}:${span.column}  ${message}`;
  if (text === null || text.trim() === "") return `${head}\n      | ${remedy}`;
  const shown = excerpt(text, span);
  const carets = "^".repeat(Math.max(1, textWidth(shown.text.slice(shown.offset, shown.offset + span.length))));
  // A tab is as wide as the terminal has it, an East Asian character takes two columns.
  const before = [...shown.text.slice(0, shown.offset)];
  const padding = before.map((each) => (each === "\t" ? each : " ".repeat(textWidth(each)))).join("");
  return [head, `${String(span.line).padStart(5)} | ${shown.text}`, `      | ${padding}${carets} ${remedy}`].join("\n");
}

/** A line longer than this is cut around what is underlined. */
const excerptMax = 160;
const excerptBefore = 60;

function excerpt(line: string, span: Span): { readonly text: string; readonly offset: number } {
  // A control character could move the cursor of a terminal; the tab is harmless.
  const clean = line.trimEnd().replaceAll(/[\0-\x08\x0a-\x1f\x7f-\x9f]/g, "\ufffd");
  const offset = Math.min(span.column - 1, clean.length);
  if (clean.length <= excerptMax) return { text: clean, offset };
  const start = Math.max(0, offset - excerptBefore);
  return { text: clean.slice(start, start + excerptMax), offset: offset - start };
}
