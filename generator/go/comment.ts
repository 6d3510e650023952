import type { Doc } from "../model.ts";

// 120 columns less the indentation of a field and the comment's own marks.
const width = 112;

/** A comment in gofmt's own form: paragraphs, lists with dashes, and code indented by a tab. */
export function commentLines(doc: Doc | null): readonly string[] {
  if (doc === null) return [];
  const blocks = [wrapped(doc.summary), ...detailBlocks(doc.details)];
  if (doc.deprecated !== null) blocks.push(wrapped(`Deprecated: ${doc.deprecated}`));
  const said = blocks.filter((lines) => lines.length > 0);
  const lines = said.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
  return lines.map((text) => (text === "" ? "//" : text.startsWith("\t") ? `//${text}` : `// ${text}`));
}

const fence = /^\s*```/;
const item = /^\s*(?:[-*+]|\d+[.)])\s+/;

/** Markdown's blocks, each with an empty line around it. */
function detailBlocks(details: string): string[][] {
  const blocks: string[][] = [];
  let code: string[] | null = null;
  let paragraph: string[] = [];
  const close = () => {
    blocks.push(wrapped(paragraph.join(" ")));
    paragraph = [];
  };
  for (const text of details.split("\n")) {
    if (fence.test(text)) {
      close();
      if (code !== null) blocks.push(code);
      code = code === null ? [] : null;
    } else if (code !== null) code.push(text === "" ? "" : `\t${text}`);
    else if (item.test(text)) {
      close();
      appendItem(blocks, text.replace(item, ""));
    } else if (text.trim() === "") close();
    else paragraph.push(text.replace(/^#+\s+/, ""));
  }
  close();
  return blocks.filter((block) => block.length > 0);
}

/** The items of a list are one block. */
function appendItem(blocks: string[][], text: string): void {
  const [first = "", ...others] = wrapped(text);
  const lines = [`  - ${first}`, ...others.map((other) => `    ${other}`)];
  const last = blocks.findLast((block) => block.length > 0);
  if (last !== undefined && last[0]?.startsWith("  - ") === true) last.push(...lines);
  else blocks.push(lines);
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
