/** Numbers as they are written, against what JSON and a double can hold. */
import { ts } from "ts-morph";

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

/** The same of a number of which only the value is known. */
export function faultOfValue(value: number): string | null {
  if (!Number.isFinite(value)) return `${value} has no JSON form`;
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return null;
  return `${value} is beyond 2^53 - 1, up to which whole numbers are exact`;
}
