import path from "node:path";
import type { CatalogModel } from "../../generator/model.ts";
import { readCatalog } from "../../generator/read/read-catalog.ts";

export const root = path.resolve(import.meta.dirname, "../..");
export const index = "test/wires/catalog/index.ts";

/** The contracts on other people's wires. Throws with what is wrong with them. */
export function wiresCatalog(): CatalogModel {
  const { model, diagnostics } = readCatalog({ root, index });
  if (model === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return model;
}
