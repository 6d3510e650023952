import { either, group, hardLine, indent, join, line, softLine } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { Doc } from "../model.ts";
import { marker } from "../output.ts";
import { detailLines, quote, wrapWords } from "../typescript-syntax.ts";

/** The text of a module: its imports, and the statements after two empty lines each, as PEP 8 wants it. */
export function moduleOf(text: { doc: string; imports: readonly Piece[]; statements: readonly Piece[] }): Piece {
  const header = [`# ${marker}`, docstring(summary(text.doc)) ?? "", "", ...text.imports];
  const statements = text.statements.flatMap((statement) => [hardLine, hardLine, hardLine, statement]);
  return [joinLines(header), ...statements, hardLine];
}

export function summary(text: string): Doc {
  return { summary: text, details: "", deprecated: null };
}

export function joinLines(lines: readonly Piece[]): Piece {
  return join(hardLine, lines);
}

/** Four spaces in. */
export function block(content: Piece): Piece {
  return indent(indent(content));
}

/** A class with what stands in its body; parts are parted by an empty line. */
export function classOf(head: string, parts: readonly Piece[]): Piece {
  return [`class ${head}:`, block([hardLine, join([hardLine, hardLine], parts)])];
}

/** A function or method with one parameter in each line, all of them by keyword. */
export function method(text: {
  name: string;
  parameters: readonly Piece[];
  returns: string;
  body: readonly Piece[];
}): Piece {
  const parameters = ["self", ...(text.parameters.length === 0 ? [] : ["*"]), ...text.parameters];
  const list = parameters.map((parameter) => [hardLine, parameter, ","]);
  const signature = text.parameters.length === 0 ? "self" : [block(list), hardLine];
  return [`def ${text.name}(`, signature, `) -> ${text.returns}:`, block([hardLine, joinLines(text.body)])];
}

/** `callee(…)` on one line if it fits, else with an argument in each line. */
export function call(callee: string, given: readonly Piece[]): Piece {
  return [callee, group(enclosed("(", given, ")"))];
}

/** `callee(…)` with an argument in each line. */
export function blockCall(callee: string, given: readonly Piece[]): Piece {
  return [callee, "(", block(given.map((argument) => [hardLine, argument, ","])), hardLine, ")"];
}

export function tuple(items: readonly Piece[]): Piece {
  if (items.length === 1) return group(["(", block([softLine, items]), ",", softLine, ")"]);
  return group(enclosed("(", items, ")"));
}

/** A tuple with an item in each line. */
export function blockTuple(items: readonly Piece[]): Piece {
  if (items.length < 2) return tuple(items);
  return ["(", block(items.map((item) => [hardLine, item, ","])), hardLine, ")"];
}

function enclosed(open: string, items: readonly Piece[], close: string): Piece {
  if (items.length === 0) return open + close;
  return [open, block([softLine, join([",", line], items), either(",", "")]), softLine, close];
}

/** Plain data as Python writes it, with each member in a line of its own. */
export function data(value: unknown): Piece {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value).replace("e+", "e");
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return lined("[", value.map(data), "]");
  if (typeof value === "object") {
    return lined(
      "{",
      Object.entries(value).map(([key, member]) => [quote(key), ": ", data(member)]),
      "}",
    );
  }
  throw new Error(`Expected a JSON value, got ${typeof value}.`);
}

export function lined(open: string, items: readonly Piece[], close: string): Piece {
  if (items.length === 0) return open + close;
  return [open, block(items.map((item) => [hardLine, item, ","])), hardLine, close];
}

/** In the order in which imports are sorted: constants before classes, without regard to case, numbers by value. */
export function importOrder(one: string, other: string): number {
  const padded = (name: string) => name.toLowerCase().replace(/[0-9]+/g, (digits) => digits.padStart(9, "0"));
  const key = (name: string) => [isConstant(name) ? "0" : "1", padded(name), name].join(" ");
  return key(one) < key(other) ? -1 : 1;
}

function isConstant(name: string): boolean {
  return name.length > 1 && name === name.toUpperCase();
}

/** `from module import (…)` with a name in each line. */
export function importNames(module: string, names: readonly string[]): Piece {
  return [`from ${module} import `, lined("(", names, ")")];
}

/** A docstring; null when there is nothing to say. */
export function docstring(doc: Doc | null): Piece | null {
  if (doc === null) return null;
  const deprecated = doc.deprecated === null ? [] : wrapWords(`Deprecated: ${doc.deprecated}`);
  const paragraphs = [wrapWords(doc.summary), detailLines(doc.details), deprecated];
  const said = paragraphs.filter((lines) => lines.length > 0);
  const lines = said.flatMap((paragraph, index) => (index === 0 ? paragraph : ["", ...paragraph]));
  const [first, ...others] = lines.map(escapeDocstring);
  if (first === undefined) return null;
  const opening = first.replace(/^"/, '\\"');
  if (others.length === 0) return `"""${opening.replace(/(?<!\\)"$/, '\\"')}"""`;
  return joinLines([`"""${opening}`, ...others, '"""']);
}

function escapeDocstring(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
}
