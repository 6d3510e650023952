import { HookwrightError } from "../errors.ts";

/** A piece of a filter, as it was written, and its column from 1. */
export interface Token {
  readonly kind: "word" | "string" | "number" | "sign" | "end";
  readonly text: string;
  readonly column: number;
}

const kinds = ["word", "string", "number", "sign"] as const;

/** One alternative for each kind; a JSON string has no control characters, and a number no leading zero. */
const token =
  /\s*(?:([A-Za-z_][A-Za-z0-9_-]*)|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(!=|<=|>=|[=<>().,]))/y;

/** Whether a name stands in a filter as it is, and not as a JSON string. */
export const isFilterWord = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name);

/** Throws `invalid_request` for a character that begins nothing. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) throw strange(text, at);
    const index = kinds.findIndex((_, each) => found[each + 1] !== undefined);
    const written = found[index + 1] ?? "";
    at = token.lastIndex;
    tokens.push({ kind: kinds[index] ?? "end", text: written, column: at - written.length + 1 });
  }
  return tokens;
}

function strange(text: string, from: number): HookwrightError {
  const at = from + text.slice(from).search(/\S/);
  const message = `filter: column ${at + 1}: expected a path, a value or an operator, got ${JSON.stringify(text[at])}.`;
  return new HookwrightError("invalid_request", message, { path: "filter" });
}
