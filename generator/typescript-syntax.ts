import type { Doc } from "./model.ts";
import {
  brokenGroup,
  either,
  endsLines,
  firstThatFits,
  group,
  hardLine,
  indent,
  join,
  line,
  softLine,
} from "./lines.ts";
import type { Piece } from "./lines.ts";

/** An expression, with what decides how it is laid out as an argument or an array item. */
export interface Expression {
  readonly kind: "object" | "array" | "string" | "number" | "other";
  /** Properties or items; 0 for what has none. */
  readonly size: number;
  readonly piece: Piece;
}

export function raw(text: string): Expression {
  return { kind: "other", size: 0, piece: text };
}

/** A string, a number, a boolean or null. */
export function literal(value: string | number | boolean | null): Expression {
  if (typeof value === "string") return { kind: "string", size: 0, piece: quote(value) };
  if (typeof value === "number") return { kind: "number", size: 0, piece: String(value).replace("e+", "e") };
  return { kind: "other", size: 0, piece: String(value) };
}

/** In double quotes, unless that needs more escapes than single quotes. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text);
  if (!text.includes('"')) return escaped;
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return escaped;
  return `'${escaped.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** In brackets for `__proto__`, which would else set what the object inherits from. */
export function propertyKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[$_\p{ID_Start}][$_\p{ID_Continue}]*$/u.test(name) ? name : quote(name);
}

export type Properties = readonly (readonly [name: string, value: Expression])[];

/** An object on one line if it fits. */
export function inlineObject(properties: Properties): Expression {
  return objectOf(properties.map(property), "fit");
}

/** An object with each property on a line of its own. */
export function blockObject(properties: Properties): Expression {
  return objectOf(properties.map(property), "break");
}

/** A copy of an object with more properties, `{ ...base, key: value }`. */
export function extendedObject(base: string, properties: Properties): Expression {
  return objectOf([`...${base}`, ...properties.map(property)], "fit");
}

function objectOf(members: readonly Piece[], layout: "fit" | "break"): Expression {
  if (members.length === 0) return { kind: "object", size: 0, piece: "{}" };
  const content = ["{", indent([line, join([",", line], members)]), either(",", ""), line, "}"];
  const piece = layout === "break" ? brokenGroup(content) : group(content);
  return { kind: "object", size: members.length, piece };
}

function property([name, value]: Properties[number]): Piece {
  const key = propertyKey(name);
  // Text moves to the next line when that helps; behind a key of up to four characters it would gain too little.
  if (value.kind === "string" && key.length > 4) return group([key, ":", group(indent(line)), indent(value.piece)]);
  return [key, ": ", value.piece];
}

export function array(items: readonly Expression[]): Expression {
  if (items.length === 0) return { kind: "array", size: 0, piece: "[]" };
  // Numbers fill the lines; anything else stands alone on its line.
  const numbers = items.every((item) => item.kind === "number");
  const separated = join(
    [",", numbers ? group(line) : line],
    items.map((item) => item.piece),
  );
  const content = ["[", indent([softLine, separated]), either(",", ""), softLine, "]"];
  const piece = isTable(items) ? brokenGroup(content) : group(content);
  return { kind: "array", size: items.length, piece };
}

/** Several objects, or several arrays, of several members each stand below one another. */
function isTable(items: readonly Expression[]): boolean {
  const [first, ...others] = items;
  if (first === undefined || others.length === 0 || (first.kind !== "object" && first.kind !== "array")) return false;
  return items.every((item) => item.kind === first.kind && item.size > 1);
}

/** Plain data. The outermost `blocks` levels have each property on a line of its own, the others if they must. */
export function data(value: unknown, blocks = 0): Expression {
  return dataOf(value, blocks, { here: literal, inherited: literal });
}

/**
 * The same for data whose literals have types of their own. Behind the name of what every object inherits, `toString`,
 * TypeScript takes the type of that where the names are not listed, so there each literal says that it is a constant.
 */
export function constants(value: unknown, blocks = 0): Expression {
  return dataOf(value, blocks, { here: literal, inherited: constant });
}

function constant(value: Scalar): Expression {
  const plain = literal(value);
  return value === null ? plain : { ...plain, kind: "other", piece: [plain.piece, " as const"] };
}

/** Names that every object inherits. */
export const inheritedNames: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

type Scalar = string | number | boolean | null;

/** How a scalar is written, and how one behind the name of what every object inherits. */
interface Scalars {
  readonly here: (value: Scalar) => Expression;
  readonly inherited: (value: Scalar) => Expression;
}

function dataOf(value: unknown, blocks: number, scalars: Scalars): Expression {
  if (Array.isArray(value)) return array(value.map((item) => dataOf(item, 0, scalars)));
  if (typeof value === "object" && value !== null) {
    const properties = Object.entries(value).map(([name, inner]) => {
      const isBehind = inheritedNames.has(name) && typeof inner === "object";
      return [name, dataOf(inner, blocks - 1, isBehind ? { ...scalars, here: scalars.inherited } : scalars)] as const;
    });
    return blocks > 0 ? blockObject(properties) : inlineObject(properties);
  }
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return scalars.here(value);
  }
  throw new Error(`Expected a JSON value, got ${typeof value}.`);
}

export function call(callee: string, ...given: readonly Expression[]): Expression {
  if (given.length === 0) return raw(`${callee}()`);
  return { kind: "other", size: 0, piece: [callee, callArguments(given)] };
}

/** The last argument, when it is an object or an array, may break on its own while the others stay on the line. */
function callArguments(given: readonly Expression[]): Piece {
  const pieces = given.map((argument) => argument.piece);
  const last = given.at(-1);
  const before = given.at(-2);
  const below = ["(", indent([softLine, join([",", line], pieces)]), either(",", ""), softLine, ")"];
  const hugs = last !== undefined && last.size > 0 && before?.kind !== last.kind;
  if (!hugs || pieces.slice(0, -1).some(endsLines)) return group(below);
  const others = pieces.slice(0, -1).flatMap((piece) => [piece, ", "]);
  return firstThatFits(["(", others, last.piece, ")"], ["(", others, brokenGroup(last.piece), ")"], brokenGroup(below));
}

/** `import { a, b } from "./module.ts";`, with the names in their order. */
export function importNames(keyword: "import" | "import type", names: readonly string[], from: string): Piece {
  return [`${keyword} `, namesIn(names), ` from ${quote(from)};`];
}

/** `{ A, B }`, of an import or an export. */
export function namesIn(names: readonly string[]): Piece {
  return group(["{", indent([line, join([",", line], names)]), either(",", ""), line, "}"]);
}

/** A JSDoc comment; null when there is nothing to say. */
export function docComment(doc: Doc | null): Piece | null {
  if (doc === null) return null;
  const lines = docLines(doc).map((text) => text.replaceAll("*/", "*\\/"));
  if (lines.length === 0) return null;
  const inOne: Piece = ["/** ", lines[0] ?? "", " */"];
  const below = join(hardLine, ["/**", ...lines.map((text) => (text === "" ? " *" : ` * ${text}`)), " */"]);
  return lines.length === 1 ? inOne : below;
}

// 120 columns less the indentation of a member and the comment's own marks.
const docWidth = 112;

function docLines(doc: Doc): readonly string[] {
  const paragraphs = [wrapWords(doc.summary), detailLines(doc.details)];
  if (doc.deprecated !== null) paragraphs.push(wrapWords(`@deprecated ${doc.deprecated}`));
  const said = paragraphs.filter((lines) => lines.length > 0);
  return said.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

/** Paragraphs and list items are wrapped, fenced code stays as it is. */
export function detailLines(details: string): readonly string[] {
  if (details === "") return [];
  let isCode = false;
  return details.split("\n").flatMap((text) => {
    const isFence = text.startsWith("```");
    const stays = isCode || isFence || text === "";
    if (isFence) isCode = !isCode;
    if (stays) return [text];
    const hanging = " ".repeat(/^\s*(?:[-*+] |\d+[.)] )?/.exec(text)?.[0].length ?? 0);
    const [first = "", ...others] = wrapWords(text);
    return [/^\s*/.exec(text)?.[0] + first, ...others.map((other) => hanging + other)];
  });
}

export function wrapWords(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((candidate) => candidate !== "")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= docWidth) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A statement or member behind its comment. */
export function documented(doc: Doc | null, piece: Piece): Piece {
  const comment = docComment(doc);
  return comment === null ? piece : [comment, hardLine, piece];
}

/** An interface; members end in `;`. */
export function interfaceOf(head: string, members: readonly Piece[]): Piece {
  if (members.length === 0) return `export interface ${head} {}`;
  return [`export interface ${head} {`, indent([hardLine, join(hardLine, members)]), hardLine, "}"];
}

/** The text of a module: the statements, each after an empty line. */
export function moduleOf(header: readonly Piece[], statements: readonly Piece[]): Piece {
  return [join(hardLine, header), ...statements.flatMap((statement) => [hardLine, hardLine, statement]), hardLine];
}
