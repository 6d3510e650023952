import type { ContractModel } from "../model.ts";
import { once } from "../once.ts";
import { eventChapter } from "./event-chapter.ts";
import { chapterLinks, pageText } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";
import { wireChapters } from "./wire-chapters.ts";

/** A contract's page in the reference. */
export interface ContractPage {
  readonly contract: ContractModel;
  /** Relative to the catalog's folder. */
  readonly path: string;
  readonly text: string;
  /** The chapters about the contract itself, which the page begins with. */
  readonly wire: readonly Chapter[];
  /** Where each event type stands, relative to the catalog's folder; in the order of the contract's event types. */
  readonly eventLinks: readonly string[];
}

export const contractPage = once((contract: ContractModel): ContractPage => {
  const { id, title, doc } = contract.declaration;
  const wire = wireChapters(contract);
  const chapters = [...wire, ...contract.events.map((event) => eventChapter(contract, event))];
  const page = { title, intro: [doc.trim(), "[All contracts and event types](../README.md)"], chapters };
  const path = `reference/${id}.md`;
  const eventLinks = chapterLinks(page)
    .slice(wire.length)
    .map((link) => path + link);
  return { contract, path, text: pageText(page), wire, eventLinks };
});
