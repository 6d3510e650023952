import { ts } from "ts-morph";
import { diagnosticTable } from "../diagnostics.ts";
import type { Diagnostic, DiagnosticCode } from "../diagnostics.ts";
import type { Span } from "../model.ts";

export interface Finding {
  readonly code: DiagnosticCode;
  readonly at: ts.Node | Span;
  readonly message: string;
  /** Where it is known better than the table knows it. */
  readonly remedy?: string;
}

export type Report = (finding: Finding) => void;

/** Gathers findings. What is met twice, by two ways to one declaration, is kept once. */
export function openReport(): { readonly report: Report; readonly diagnostics: () => readonly Diagnostic[] } {
  const found = new Map<string, Diagnostic>();
  const report: Report = ({ code, at, message, remedy = diagnosticTable[code].remedy }) => {
    const span = "file" in at ? at : spanOf(at);
    const diagnostic = { code, severity: diagnosticTable[code].severity, message, remedy, span };
    found.set(JSON.stringify(diagnostic), diagnostic);
  };
  return { report, diagnostics: () => [...found.values()] };
}

/** Where a node stands; of a node over several lines, its part on the first. */
export function spanOf(node: ts.Node): Span {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const firstLine = file.text.slice(start, node.end).split(/\r?\n/, 1)[0] ?? "";
  return { file: file.fileName, line: line + 1, column: character + 1, length: Math.max(1, firstLine.length) };
}

/** The first character of a file, for what is wrong with the whole of it. */
export function startOf(file: string): Span {
  return { file, line: 1, column: 1, length: 1 };
}

/** `catalog/stech/deployment.ts:5:3`, to name a second place in a message. */
export function placeOf(node: ts.Node): string {
  const { file, line, column } = spanOf(node);
  return `${file}:${line}:${column}`;
}
