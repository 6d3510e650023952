import { textWidth } from "../lines.ts";
import { marker } from "../output.ts";

/** A chapter of a page: its heading and what stands under it, in blocks that an empty line parts. */
export interface Chapter {
  readonly title: string;
  readonly blocks: readonly string[];
}

/** A table with its columns aligned, as formatters align them. Cells are Markdown of one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(cellText));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => textWidth(row[column] ?? ""))));
  const rule = widths.map((width) => "-".repeat(width));
  const [first = [], ...others] = cells;
  return [first, rule, ...others].map((row) => rowText(row, widths)).join("\n");
}

function rowText(row: readonly string[], widths: readonly number[]): string {
  const padded = widths.map((width, column) => {
    const text = row[column] ?? "";
    return text + " ".repeat(width - textWidth(text));
  });
  return `| ${padded.join(" | ")} |`;
}

/** A bar would end the cell, inside code too (GitHub Flavored Markdown §4.10). */
function cellText(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}

/** Inline code; text with backticks stands between two of them. */
export function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

export function codeBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text.replace(/\n$/, "")}\n\`\`\``;
}

/** A page: its title, what stands under it, a list of its chapters, and the chapters. */
export interface Page {
  readonly title: string;
  readonly intro: readonly string[];
  readonly chapters: readonly Chapter[];
}

export function pageText({ title, intro, chapters }: Page): string {
  const links = chapterLinks({ title, chapters }).map((link, index) => `- [${chapters[index]?.title}](${link})`);
  const blocks = [
    `<!-- ${marker} -->`,
    `# ${title}`,
    ...intro,
    `## ${contentsTitle}`,
    links.join("\n"),
    ...chapters.flatMap((chapter) => [`## ${chapter.title}`, ...chapter.blocks]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const contentsTitle = "Contents";

/** The link to each chapter of a page, `#request`. */
export function chapterLinks({ title, chapters }: Pick<Page, "title" | "chapters">): readonly string[] {
  const titles = [title, contentsTitle, ...chapters.map((chapter) => chapter.title)];
  return anchorsOf(titles)
    .slice(2)
    .map((anchor) => `#${anchor}`);
}

/** Links to headings as GitHub makes them: a heading that stands on the page twice gets a number. */
function anchorsOf(titles: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return titles.map((title) => {
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
