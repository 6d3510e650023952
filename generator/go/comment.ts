import type { Doc } from "../model.ts";

// 120 columns less the indentation of a field and the comment's own marks.
const width = 112;

/** A comment in gofmt's own form: paragraphs, lists with dashes, and code indented by a tab. */
export function commentLines(doc: Doc | null): readonly string[] {
  if (doc === null) return [];
  const blocks = detailBlocks(doc.details, wrapped(doc.summary));
  if (doc.deprecated !== null) blocks.push(wrapped(`Deprecated: ${doc.deprecated}`));
  const said = withHeadings(blocks.filter((lines) => lines.length > 0).map((lines) => lines.map(asText)));
  const lines = said.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
  return lines.map((text) => (text === "" ? "//" : text.startsWith("\t") ? `//${text}` : `// ${text}`));
}

/**
 * Text that gofmt leaves as it is: it writes the quotes of typesetters, moves what looks like a constraint of the build
 * or like the target of a link, and takes no byte order mark.
 */
export function asText(text: string): string {
  if (text.startsWith("\t")) return text;
  return text
    .replaceAll(/`{3,}|``/g, (run) => (run.length === 2 ? "“" : run))
    .replaceAll("''", "”")
    .replace(/^\+build\b/, "+ build")
    .replaceAll(/(?<=^\[.*)\]:/g, "] :");
}

/** Where a line of its own stands between paragraphs and looks like a heading, gofmt makes it one. */
function withHeadings(blocks: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return blocks.map((block, index) => {
    const [line = "", ...others] = block;
    const isBetween = index > 0 && others.length === 0 && /^\S/.test(blocks[index + 1]?.[0] ?? "");
    return isBetween && isHeading(line) ? [`# ${line}`] : block;
  });
}

/** As gofmt tells it: an upper-case letter first, a letter or a digit last, and no signs but those of a name. */
function isHeading(line: string): boolean {
  const signs = /[;:!?+*/=[\]{}_^°&§~%#@<">\\]/;
  return (
    /^\p{Lu}(?:.*[\p{L}\p{Nd}])?$/u.test(line) && !signs.test(line) && !/'(?!s )/.test(line) && !/\.(?=\s)/.test(line)
  );
}

const fence = /^\s*```/;
const item = /^\s*(?:[-*+]|\d+[.)])\s+/;

/** Markdown's blocks, each with an empty line around it. */
function detailBlocks(details: string, summary: string[]): string[][] {
  const blocks = [summary];
  let code: string[] | null = null;
  let paragraph: string[] = [];
  const close = () => {
    blocks.push(wrapped(paragraph.join(" ")));
    paragraph = [];
  };
  for (const text of details.split("\n")) {
    if (fence.test(text)) {
      close();
      if (code !== null) appendCode(blocks, code);
      code = code === null ? [] : null;
    } else if (code !== null) code.push(text);
    else if (item.test(text)) {
      close();
      appendItem(blocks, text.replace(item, ""));
    } else if (text.trim() === "") close();
    else paragraph.push(text.replace(/^#+\s+/, ""));
  }
  close();
  if (code !== null) appendCode(blocks, code);
  return blocks.filter((block) => block.length > 0);
}

/** The items of a list are one block. */
function appendItem(blocks: string[][], text: string): void {
  const [first, ...others] = wrapped(text);
  if (first === undefined) return;
  const lines = [`  - ${first}`, ...others.map((other) => `    ${other}`)];
  const last = blocks.findLast((block) => block.length > 0);
  if (last !== undefined && last[0]?.startsWith("  - ") === true) return void last.push(...lines);
  introduce(blocks, "Namely:");
  blocks.push(lines);
}

/** Puts text before an indented block: alone it would be text itself, behind another block a part of that. */
function introduce(blocks: string[][], words: string): void {
  const before = blocks.findLast((block) => block.length > 0)?.[0];
  if (before === undefined || /^\s/.test(before)) blocks.push([words]);
}

/** Code is indented by one tab. What begins like a list would be one, so its fences stay there. */
function appendCode(blocks: string[][], code: readonly string[]): void {
  const isSaid = (text: string) => text !== "";
  const lines = code.map((text) =>
    text
      .replaceAll("\ufeff", "")
      .replace(/^(\s*)\+build\b/, "$1+ build")
      .trimEnd(),
  );
  const said = lines.slice(Math.max(0, lines.findIndex(isSaid)), lines.findLastIndex(isSaid) + 1);
  const indentation = said.filter(isSaid).map((text) => /^\s*/.exec(text)?.[0] ?? "");
  const shared = indentation.reduce(commonStart, indentation[0] ?? "");
  const plain = said.map((text) => text.slice(Math.min(shared.length, text.length)));
  const fenced = /^\s*(?:[-*+•]|\d+[.)])(?:\s|$)/.test(plain[0] ?? "") ? ["```", ...plain, "```"] : plain;
  introduce(blocks, "Example:");
  blocks.push(fenced.map((text) => (text === "" ? "" : `\t${text}`)));
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((candidate) => candidate !== "")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
