import { ts } from "ts-morph";
import type { Doc } from "../model.ts";

/** The JSDoc comment of a declaration, or null when it has none that says anything. */
export function docOf(node: ts.Node): Doc | null {
  const comment = commentOf(node);
  if (comment === null) return null;
  const { body, tags } = splitTags(linesOf(comment));
  const [summary = "", ...details] = blocksOf(body);
  const deprecated = tags.find(({ name }) => name === "deprecated")?.text ?? null;
  if (summary === "" && deprecated === null) return null;
  return { summary: summary.replaceAll("\n", " "), details: details.join("\n\n"), deprecated };
}

/** The tags of a declaration's comment, by what follows the `@`. */
export function tagsOf(node: ts.Node): ReadonlyMap<string, readonly string[]> {
  const { tags } = splitTags(linesOf(commentOf(node) ?? "/***/"));
  const texts = Map.groupBy(tags, ({ name }) => name);
  return new Map([...texts].map(([name, group]) => [name, group.map(({ text }) => text)]));
}

/** The last one before the declaration. One that stands at the end of the line before belongs to what it follows. */
function commentOf(node: ts.Node): string | null {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  const before = ts.getTrailingCommentRanges(text, node.pos) ?? [];
  const ranges = [
    ...before.filter(({ end }) => !text.slice(end, start).includes("\n")),
    ...(ts.getLeadingCommentRanges(text, node.pos) ?? []),
  ];
  const range = ranges.findLast(({ pos }) => text.startsWith("/**", pos) && !text.startsWith("/**/", pos));
  return range === undefined ? null : text.slice(range.pos, range.end);
}

function linesOf(comment: string): readonly string[] {
  const inner = comment.slice("/**".length, -"*/".length);
  return inner
    .split(/\r\n?|[\n\u2028\u2029]/)
    .map((line, index) => (index === 0 ? line.trim() : line.replace(/^\s*\*? ?/, "").trimEnd()));
}

interface Tag {
  readonly name: string;
  readonly text: string;
}

function splitTags(lines: readonly string[]): { readonly body: readonly string[]; readonly tags: readonly Tag[] } {
  const starts = lines.flatMap((line, index) => (/^@[a-zA-Z]/.test(line) ? [index] : []));
  const tags = starts.map((start, index) => {
    const [head = "", ...rest] = lines
      .slice(start, starts[index + 1] ?? lines.length)
      .join(" ")
      .split(" ");
    return { name: head.slice(1), text: joined(rest) };
  });
  return { body: lines.slice(0, starts[0] ?? lines.length), tags };
}

/** Paragraphs, each as one line, and lists and fenced code as they are. */
function blocksOf(lines: readonly string[]): readonly string[] {
  const blocks: { kind: "paragraph" | "list" | "code"; lines: string[] }[] = [];
  let isOpen = false;
  for (const line of lines) {
    const last = isOpen ? blocks.at(-1) : undefined;
    if (last?.kind === "code") {
      last.lines.push(line);
      isOpen = !isFence(line);
    } else if (line === "") {
      isOpen = false;
    } else if (last !== undefined && !isFence(line) && !(last.kind === "paragraph" && isListItem(line))) {
      last.lines.push(line);
    } else {
      blocks.push({ kind: isFence(line) ? "code" : isListItem(line) ? "list" : "paragraph", lines: [line] });
      isOpen = true;
    }
  }
  return blocks.map((block) => (block.kind === "paragraph" ? joined(block.lines) : block.lines.join("\n")));
}

function isFence(line: string): boolean {
  return line.startsWith("```");
}

function isListItem(line: string): boolean {
  return /^([-*+]|\d+[.)]) /.test(line);
}

function joined(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
