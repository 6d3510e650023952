import { resolve } from "node:path";
import { formatDiagnostics } from "../../generator/format-diagnostics.ts";
import type { CatalogModel } from "../../generator/model.ts";
import { lineReader } from "./line-reader.ts";

export interface CatalogPlace {
  /** The project's root. */
  readonly root: string;
  /** The catalog's index, relative to the root. */
  readonly index: string;
}

/** The catalog as it is. Throws with all that is wrong when it cannot be read. */
export async function readPresentCatalog({ root, index }: CatalogPlace): Promise<CatalogModel> {
  // ts-morph takes half a second to load.
  const { readCatalog } = await import("../../generator/read/read-catalog.ts");
  const { model, diagnostics } = readCatalog({ root: resolve(root), index });
  if (model !== null) return model;
  throw new Error(`The catalog cannot be read:\n${formatDiagnostics(diagnostics, lineReader(root))}`);
}
