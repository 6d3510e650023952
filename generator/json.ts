import { textWidth } from "./lines.ts";

const width = 120;

/**
 * A JSON file. The outermost `blocks` levels of objects have each property on a line of its own, the others if they
 * must. It is laid out as formatters lay out JSON; the printer of `lines.ts` could do it too, in eight times the time.
 */
export function jsonFile(value: unknown, blocks = Infinity): string {
  return `${textOf(value, blocks, { indentation: 0, room: width })}\n`;
}

interface Place {
  readonly indentation: number;
  /** Columns left on the line, less the comma that follows. */
  readonly room: number;
}

function textOf(value: unknown, blocks: number, { indentation, room }: Place): string {
  if (!isObject(value)) return scalar(value);
  return onOneLine(value, blocks, room) ?? onLines(value, blocks, indentation);
}

/** Null when something in it ends its line in any case, or when it has no room. */
function onOneLine(value: object, blocks: number, room: number): string | null {
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return isList ? "[]" : "{}";
  if (isList ? isTable(value) : blocks > 0) return null;
  const members: string[] = [];
  let left = room - (isList ? "[]" : "{  }").length;
  for (const [name, inner] of entries) {
    const key = isList ? "" : keyOf(name);
    const text = isObject(inner) ? onOneLine(inner, blocks - 1, left) : scalar(inner);
    if (text === null) return null;
    left -= textWidth(key) + textWidth(text) + (members.length > 0 ? ", ".length : 0);
    if (left < 0) return null;
    members.push(key + text);
  }
  return isList ? `[${members.join(", ")}]` : `{ ${members.join(", ")} }`;
}

/**
 * The parts of the large documents, which `generate --watch` prints again after each edit though few of them changed.
 * They stand no deeper than this; to remember everything would cost as much as to print it.
 */
const rememberedIndentationMax = 6;
const remembered = new WeakMap<object, Printed>();

interface Printed {
  readonly blocks: number;
  readonly indentation: number;
  readonly text: string;
}

function onLines(value: object, blocks: number, indentation: number): string {
  const known = remembered.get(value);
  if (known?.blocks === blocks && known.indentation === indentation) return known.text;
  const text = linesOf(value, blocks, indentation);
  if (indentation <= rememberedIndentationMax) remembered.set(value, { blocks, indentation, text });
  return text;
}

function linesOf(value: object, blocks: number, indentation: number): string {
  const isList = Array.isArray(value);
  const inner = indentation + 2;
  const entries = Object.entries(value);
  const members = entries.map(([name, member], index) => {
    const key = isList ? "" : keyOf(name);
    const room = width - inner - textWidth(key) - (index < entries.length - 1 ? ",".length : 0);
    return key + textOf(member, blocks - 1, { indentation: inner, room });
  });
  const margin = `\n${" ".repeat(inner)}`;
  const isNumbers = isList && value.every((item) => typeof item === "number");
  const lines = isNumbers ? filledLines(members, width - inner) : members;
  const content = margin + lines.join(`,${margin}`) + margin.slice(0, -2);
  return isList ? `[${content}]` : `{${content}}`;
}

/** Numbers fill the lines; anything else stands alone on its line. */
function filledLines(numbers: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  for (const [index, number] of numbers.entries()) {
    const longer = `${lines.at(-1)}, ${number}`;
    const comma = index < numbers.length - 1 ? ",".length : 0;
    if (index > 0 && longer.length + comma <= room) lines[lines.length - 1] = longer;
    else lines.push(number);
  }
  return lines;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function keyOf(name: string): string {
  return `${JSON.stringify(name)}: `;
}

function scalar(value: unknown): string {
  return typeof value === "number" ? JSON.stringify(value).replace("e+", "e") : JSON.stringify(value);
}

/** Several objects, or several arrays, of several members each stand below one another. */
function isTable(items: readonly unknown[]): boolean {
  if (items.length < 2) return false;
  if (items.every(Array.isArray)) return items.every((item) => item.length > 1);
  return items.every((item) => memberCount(item) > 1);
}

function memberCount(value: unknown): number {
  return isObject(value) && !Array.isArray(value) ? Object.keys(value).length : 0;
}
