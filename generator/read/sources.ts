import { ts } from "ts-morph";
import type { ReadText } from "./catalog-files.ts";
import { reportControl } from "./literals.ts";
import { openImportPaths } from "./import-paths.ts";
import type { ResolveImport } from "./import-paths.ts";
import { startOf } from "./report.ts";
import type { Report } from "./report.ts";

export interface Sources {
  /**
   * The parsed file, each read once. Null when it cannot be read or has syntax errors, which is reported: at `from`,
   * the import that names the file, or in the file itself.
   */
  readonly open: (path: string, from: ts.Node | null) => ts.SourceFile | null;
  readonly resolve: ResolveImport;
}

/** Parsed files by path, kept from one reading to the next; a file with another text is parsed again. */
export type ParsedFiles = Map<string, ts.SourceFile>;

/** More syntax errors than this in one file follow from each other. */
const syntaxErrorsMax = 5;

export function openSources(readText: ReadText, report: Report, parsed: ParsedFiles): Sources {
  const files = new Map<string, ts.SourceFile | null>();
  const load = (path: string, from: ts.Node | null) => {
    try {
      return parseOnce(path, readText(path), parsed);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      report({ code: "HW001", at: from ?? startOf(path), message: `${path} cannot be read: ${reason}` });
      return null;
    }
  };
  const loadChecked = (path: string, from: ts.Node | null) => {
    const file = load(path, from);
    if (file !== null) reportControl(file, report);
    return file === null || reportSyntaxErrors(file, report) ? null : file;
  };
  const open: Sources["open"] = (path, from) => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const file = loadChecked(path, from);
    files.set(path, file);
    return file;
  };
  return { open, resolve: openImportPaths(readText) };
}

function parseOnce(path: string, text: string, parsed: ParsedFiles): ts.SourceFile {
  const known = parsed.get(path);
  const file = known?.text === text ? known : parse(path, text);
  parsed.set(path, file);
  return file;
}

function parse(path: string, text: string): ts.SourceFile {
  // Comments are read by docs.ts, from the text; the parser need not.
  const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(path, text, options, true, ts.ScriptKind.TS);
}

/** The parser keeps its errors on the file, where its types do not show them; asking a program costs a bind. */
interface Parsed extends ts.SourceFile {
  readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
}

function reportSyntaxErrors(file: Parsed, report: Report): boolean {
  const errors = file.parseDiagnostics ?? [];
  for (const { start, length, messageText } of errors.slice(0, syntaxErrorsMax)) {
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const span = { file: file.fileName, line: line + 1, column: character + 1, length: Math.max(1, length) };
    report({ code: "HW002", at: span, message: ts.flattenDiagnosticMessageText(messageText, " ") });
  }
  return errors.length > 0;
}
