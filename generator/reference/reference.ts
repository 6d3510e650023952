import type { Emitter } from "../emitter.ts";
import { marker } from "../output.ts";
import { deliveryText } from "../wire-text.ts";
import { contractPage } from "./contract-page.ts";
import type { ContractPage } from "./contract-page.ts";
import { indexJson, llmsText } from "./machine-index.ts";
import { code, table } from "./markdown.ts";

/** The reference that people read, a page for each contract, and what programs find their way with. */
export const reference: Emitter = {
  target: "reference",
  owns: ["catalog/reference", "runtime/generated"],
  emit: (catalog) => {
    const pages = catalog.contracts.map(contractPage);
    return [
      { path: "catalog/README.md", text: contentsPage(pages) },
      ...pages.map(({ path, text }) => ({ path: `catalog/${path}`, text })),
      { path: "runtime/generated/llms.txt", text: llmsText(pages) },
      { path: "runtime/generated/index.json", text: indexJson(pages) },
    ];
  },
};

function contentsPage(pages: readonly ContractPage[]): string {
  const contracts = pages.map(({ contract, path }) => {
    const { id, title } = contract.declaration;
    return [`[${title}](${path})`, code(id), String(contract.events.length), deliveryText(contract.declaration)];
  });
  const events = pages.flatMap(({ contract, eventLinks }) =>
    contract.events.map(({ name, title, doc }, index) => {
      const summary = [
        title === null ? "" : `${title}.`,
        doc.deprecated === null ? "" : "**Deprecated.**",
        doc.summary,
      ];
      const link = `[${code(name)}](${eventLinks[index]})`;
      return [link, code(contract.declaration.id), summary.filter((part) => part !== "").join(" ")];
    }),
  );
  const blocks = [
    `<!-- ${marker} -->`,
    "# Event reference",
    "Every event that is sent, and how it gets to its receivers.",
    "## Contracts",
    table(["Contract", "Id", "Event types", "Delivery"], contracts),
    "## Event types",
    table(["Event type", "Contract", "What happened"], events),
  ];
  return `${blocks.join("\n\n")}\n`;
}
