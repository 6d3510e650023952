import { brokenGroup, group, hardLine, indent, join, line, print, softLine } from "./lines.ts";
import type { Piece } from "./lines.ts";

/** A JSON file. The outermost `blocks` levels of objects have each property on a line of its own, the others if they must. */
export function jsonFile(value: unknown, blocks = Infinity): string {
  return print([json(value, blocks), hardLine]);
}

function json(value: unknown, blocks: number): Piece {
  if (Array.isArray(value)) return jsonArray(value, blocks);
  if (typeof value === "object" && value !== null) return jsonObject(Object.entries(value), blocks);
  return typeof value === "number" ? JSON.stringify(value).replace("e+", "e") : JSON.stringify(value);
}

function jsonObject(entries: readonly (readonly [string, unknown])[], blocks: number): Piece {
  if (entries.length === 0) return "{}";
  const members = entries.map(([name, inner]) => [`${JSON.stringify(name)}: `, json(inner, blocks - 1)]);
  const content = ["{", indent([line, join([",", line], members)]), line, "}"];
  return blocks > 0 ? brokenGroup(content) : group(content);
}

function jsonArray(items: readonly unknown[], blocks: number): Piece {
  if (items.length === 0) return "[]";
  // Numbers fill the lines; anything else stands alone on its line.
  const separator = [",", items.every((item) => typeof item === "number") ? group(line) : line];
  const pieces = items.map((item) => json(item, blocks - 1));
  const content = ["[", indent([softLine, join(separator, pieces)]), softLine, "]"];
  return isTable(items) ? brokenGroup(content) : group(content);
}

/** Several objects, or several arrays, of several members each stand below one another. */
function isTable(items: readonly unknown[]): boolean {
  if (items.length < 2) return false;
  if (items.every(Array.isArray)) return items.every((item) => item.length > 1);
  return items.every((item) => memberCount(item) > 1);
}

function memberCount(value: unknown): number {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value).length : 0;
}
