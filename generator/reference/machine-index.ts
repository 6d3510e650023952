import { bundleUrl, schemaUrl } from "../jsonschema/jsonschema.ts";
import { jsonFile } from "../json.ts";
import { once } from "../once.ts";
import { marker } from "../output.ts";
import { deliveryText } from "../wire-text.ts";
import type { ContractPage } from "./contract-page.ts";

/**
 * What a language model has to know to write a receiver, in Markdown (llmstxt.org). Links lead to the HTTP API that
 * serves the text.
 */
export function llmsText(pages: readonly ContractPage[]): string {
  const titles = pages.map(({ contract }) => contract.declaration.title);
  const blocks = [
    `<!-- ${marker} -->`,
    "# Webhooks",
    `> Every event that is sent, and how it gets to its receivers: ${titles.join(", ")}.`,
    [
      "- [OpenAPI 3.1](/openapi.json): every route, every webhook, and their schemas",
      "- [Event types](/v1/event-types): all of them with schemas and examples, as JSON",
    ].join("\n"),
    ...pages.flatMap(contractBlocks),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const contractBlocks = once(({ contract, wire }: ContractPage): readonly string[] => {
  const { id, title, doc } = contract.declaration;
  const events = contract.events.map(({ name, doc: { summary } }) => {
    return `- [\`${name}\`](/v1/event-types/${encodeURIComponent(name)}?contract=${id}): ${summary.replaceAll(/\s+/g, " ")}`;
  });
  return [
    `## ${title}`,
    doc.trim(),
    ...wire.flatMap((chapter) => [`### ${chapter.title}`, ...chapter.blocks]),
    ...(events.length === 0 ? [] : ["### Event types", events.join("\n")]),
  ];
});

/** Every contract and event type with where it is described; paths are relative to the project's root. */
export function indexJson(pages: readonly ContractPage[]): string {
  const documents = {
    openapi: "runtime/generated/openapi.json",
    asyncapi: "runtime/generated/asyncapi.json",
    llms: "runtime/generated/llms.txt",
    jsonSchema: bundleUrl,
    reference: "catalog/README.md",
  };
  return jsonFile({ "x-generated": marker, documents, contracts: pages.map(contractEntry) }, 1);
}

const contractEntry = once(({ contract, path, eventLinks }: ContractPage) => {
  const { id, title, mode, tenant, headers } = contract.declaration;
  const eventTypes = contract.events.map((event, index) => {
    const { name: type, group, title: called, level, since, doc } = event;
    const { summary, deprecated } = doc;
    const places = { schema: schemaUrl(contract, event), reference: `catalog/${eventLinks[index]}` };
    return { type, group, title: called, level, since, summary, deprecated, ...places };
  });
  const delivery = deliveryText(contract.declaration);
  return { id, title, mode, delivery, tenant: tenant.noun, headers, reference: `catalog/${path}`, eventTypes };
});
