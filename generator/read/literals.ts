/** Numbers and texts that cannot stand everywhere where the catalog's literals do. */
import { ts } from "ts-morph";
import type { Span } from "../model.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import type { Report } from "./report.ts";

/**
 * What is wrong with a number, in words; null when nothing is. A whole number is exact up to 2^53 - 1: receivers in other
 * languages would read another one. `places`: `anywhere` a number with a point or an exponent may be greater.
 */
export function faultOf(literal: ts.NumericLiteral, places: "in-a-type" | "anywhere"): string | null {
  const written = literal.getText();
  const value = Number(literal.text);
  if (!Number.isFinite(value)) return `${written} is beyond the range of a double`;
  if (value === 0 && /[1-9]/.test(written.replace(/[eE].*$/, "")))
    return `${written} is nearer to 0 than a double can be`;
  const isWhole = places === "in-a-type" || !isFraction(written);
  if (isWhole && Number.isInteger(value) && !Number.isSafeInteger(value))
    return `${written} is beyond 2^53 - 1, up to which whole numbers are exact`;
  return null;
}

function isFraction(written: string): boolean {
  return /^[0-9._]*(\.|e)/i.test(written) && !/^0[xbo]/i.test(written);
}

/** Without the sign of a negative zero, which JSON's readers do not agree on. */
export function signed(value: number, sign: -1 | 1): number {
  return value === 0 ? 0 : sign * value;
}

/** Checks a number of which only the value is known. */
export function faultOfValue(value: number): string | null {
  if (!Number.isFinite(value)) return `${value} has no JSON form`;
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return null;
  return `${value} is beyond 2^53 - 1, up to which whole numbers are exact`;
}

/** All but the tab and the ends of lines. */
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

export function hasControl(text: string): boolean {
  return control.test(text);
}

/** Reports the first in a file: in a comment it would stand in every document. */
export function reportControl(file: ts.SourceFile, report: Report): void {
  const index = file.text.search(control);
  if (index === -1) return;
  const { line, character } = file.getLineAndCharacterOfPosition(index);
  const span: Span = { file: file.fileName, line: line + 1, column: character + 1, length: 1 };
  report({ code: "HW047", at: span, message: `the file has the control character ${codeOf(file.text, index)}` });
}

function codeOf(text: string, index: number): string {
  return `U+${text.charCodeAt(index).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Reports control characters in a declaration; in examples any text may be sent. */
export function reportControlIn(value: Evaluated, report: Report): void {
  if (value.kind === "scalar" && typeof value.value === "string" && hasControl(value.value)) {
    const code = codeOf(value.value, value.value.search(control));
    report({ code: "HW047", at: value.node, message: `the text has the control character ${code}` });
  }
  if (value.kind === "array") for (const item of value.items) reportControlIn(item, report);
  if (value.kind !== "object") return;
  for (const [name, { key, value: inner }] of value.entries) {
    if (hasControl(name)) report({ code: "HW047", at: key, message: "a name has a control character" });
    reportControlIn(inner, report);
  }
}

/** The declaration without its examples. */
export function withoutExamples(declaration: EvaluatedObject): EvaluatedObject {
  const entries = [...declaration.entries].filter(([key]) => key !== "examples");
  return { ...declaration, entries: new Map(entries) };
}
