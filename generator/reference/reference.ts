import type { Emitter } from "../emitter.ts";
import { isPush } from "../model.ts";
import type { CatalogModel, PushModel } from "../model.ts";
import { marker } from "../output.ts";
import { eventChapter } from "./event-chapter.ts";
import { anchorsOf } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";
import { wireChapters } from "./wire-chapters.ts";

/** The event reference that people read. */
export const reference: Emitter = {
  target: "reference",
  owns: [],
  emit: (catalog) => [{ path: "catalog/README.md", text: page(catalog) }],
};

function page(catalog: CatalogModel): string {
  const chapters = catalog.contracts.filter(isPush).flatMap(contractChapters);
  const anchors = anchorsOf([pageTitle, contentsTitle, ...chapters.map((chapter) => chapter.title)]).slice(2);
  const linked = chapters.map((chapter, index) => ({ ...chapter, anchor: anchors[index] ?? "" }));
  const blocks = [
    `<!-- ${marker} -->`,
    `# ${pageTitle}`,
    "Every event that is sent, and how it gets to its receivers.",
    `## ${contentsTitle}`,
    linked.map(({ level, title, anchor }) => `${level === 2 ? "" : "  "}- [${title}](#${anchor})`).join("\n"),
    ...chapters.flatMap(({ level, title, blocks: below }) => [`${"#".repeat(level)} ${title}`, ...below]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const pageTitle = "Event reference";
const contentsTitle = "Contents";

function contractChapters(contract: PushModel): readonly Chapter[] {
  const { title, doc } = contract.declaration;
  return [
    { level: 2, title, blocks: [doc.trim()] },
    ...wireChapters(contract.declaration),
    ...contract.events.map((event) => eventChapter(contract, event)),
  ];
}
