import { HookwrightError } from "../errors.ts";
import { tokensOf, type Token } from "./filter-tokens.ts";

/*
 * Payload filters. A filter is a condition on the body of an event as it is sent:
 *
 *     filter = all *("or" all)
 *     all    = one *("and" one)
 *     one    = "not" one / "(" filter ")" / path test
 *     test   = "exists" / ("=" / "!=" / "<" / "<=" / ">" / ">=") value / "in" "(" value *("," value) ")"
 *     path   = name *("." (name / index / JSON string))
 *     value  = JSON string / JSON number / "true" / "false" / "null"
 *
 * There are no functions and no patterns, so a filter takes time proportional to its length.
 */

export const filterLengthMax = 1000;
/** Of parentheses and `not`. */
const depthMax = 16;

/** Whether an event's parsed body passes. */
export type Filter = (body: unknown) => boolean;

type Value = string | number | boolean | null;

/** Throws `invalid_request`, naming the column, for what is no filter. */
export function parseFilter(text: string): Filter {
  if (text.length > filterLengthMax)
    throw problem(`expected at most ${filterLengthMax} characters, got ${text.length}`);
  const reader = createReader(tokensOf(text));
  const filter = readAny(reader, 0);
  if (reader.peek().kind !== "end") throw unexpected(reader, "and, or, or the end");
  return filter;
}

interface Reader {
  readonly peek: () => Token;
  readonly take: () => Token;
  /** Takes the next token if it is this word or sign. */
  readonly takes: (text: string) => boolean;
}

function createReader(tokens: readonly Token[]): Reader {
  const end: Token = {
    kind: "end",
    text: "",
    column: (tokens.at(-1)?.column ?? 0) + (tokens.at(-1)?.text.length ?? 1),
  };
  let at = 0;
  const peek = (): Token => tokens[at] ?? end;
  return {
    peek,
    take: () => {
      const token = peek();
      at += 1;
      return token;
    },
    takes: (text) => {
      const { kind, text: found } = peek();
      const isTaken = (kind === "word" || kind === "sign") && found === text;
      if (isTaken) at += 1;
      return isTaken;
    },
  };
}

function readAny(reader: Reader, depth: number): Filter {
  const parts = [readAll(reader, depth)];
  while (reader.takes("or")) parts.push(readAll(reader, depth));
  return (body) => parts.some((part) => part(body));
}

function readAll(reader: Reader, depth: number): Filter {
  const parts = [readOne(reader, depth)];
  while (reader.takes("and")) parts.push(readOne(reader, depth));
  return (body) => parts.every((part) => part(body));
}

function readOne(reader: Reader, depth: number): Filter {
  if (depth > depthMax) throw problem(`column ${reader.peek().column}: expected at most ${depthMax} levels`);
  if (reader.takes("not")) {
    const part = readOne(reader, depth + 1);
    return (body) => !part(body);
  }
  if (reader.takes("(")) {
    const part = readAny(reader, depth + 1);
    if (!reader.takes(")")) throw unexpected(reader, ")");
    return part;
  }
  const path = readPath(reader);
  const test = readTest(reader);
  return (body) => test(valueAt(body, path));
}

/** Words that begin no path. */
export const filterKeywords: readonly string[] = ["and", "or", "not", "in", "exists", "true", "false", "null"];

function readPath(reader: Reader): readonly string[] {
  const { kind, text } = reader.peek();
  if (kind !== "word" || filterKeywords.includes(text)) throw unexpected(reader, "a path, not or (");
  const path = [reader.take().text];
  while (reader.takes(".")) {
    const next = reader.peek();
    if (next.kind !== "word" && next.kind !== "string" && !/^\d+$/.test(next.text)) throw unexpected(reader, "a name");
    path.push(next.kind === "string" ? String(JSON.parse(next.text)) : next.text);
    reader.take();
  }
  return path;
}

type Test = (found: unknown) => boolean;

function readTest(reader: Reader): Test {
  if (reader.takes("exists")) return (found) => found !== undefined;
  if (reader.takes("in")) {
    const values = new Set<unknown>(readList(reader));
    return (found) => values.has(found);
  }
  const { kind, text } = reader.peek();
  const compare = kind === "sign" ? comparisons[text] : undefined;
  if (compare === undefined) throw unexpected(reader, "exists, in, =, !=, <, <=, > or >=");
  reader.take();
  const value = readValue(reader);
  return (found) => compare(found, value);
}

const comparisons: Readonly<Record<string, (found: unknown, value: Value) => boolean>> = {
  "=": (found, value) => found === value,
  "!=": (found, value) => found !== value,
  "<": (found, value) => orderOf(found, value) < 0,
  "<=": (found, value) => orderOf(found, value) <= 0,
  ">": (found, value) => orderOf(found, value) > 0,
  ">=": (found, value) => orderOf(found, value) >= 0,
};

/** Between two numbers, or two strings by their UTF-16 code units. NaN, which no comparison is true of: there is none. */
function orderOf(found: unknown, value: Value): number {
  if (typeof found === "number" && typeof value === "number") return found - value;
  if (typeof found !== "string" || typeof value !== "string") return NaN;
  if (found === value) return 0;
  return found < value ? -1 : 1;
}

function readList(reader: Reader): readonly Value[] {
  if (!reader.takes("(")) throw unexpected(reader, "(");
  const values = [readValue(reader)];
  while (reader.takes(",")) values.push(readValue(reader));
  if (!reader.takes(")")) throw unexpected(reader, ", or )");
  return values;
}

function readValue(reader: Reader): Value {
  const { kind, text } = reader.peek();
  const isConstant = kind === "word" && ["true", "false", "null"].includes(text);
  if (kind !== "string" && kind !== "number" && !isConstant)
    throw unexpected(reader, 'a value: "text", a number, true, false or null');
  reader.take();
  return JSON.parse(text);
}

/** Own members only, so that nothing but the body is reached. */
function valueAt(body: unknown, path: readonly string[]): unknown {
  let value = body;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function unexpected(reader: Reader, expected: string): HookwrightError {
  const { kind, text, column } = reader.peek();
  return problem(`column ${column}: expected ${expected}, got ${kind === "end" ? "the end" : text}`);
}

function problem(text: string): HookwrightError {
  return new HookwrightError("invalid_request", `filter: ${text}.`, { path: "filter" });
}
