import { dirname, join, resolve } from "node:path";
import { baselineName, formatBaseline } from "../../generator/compat/baseline.ts";
import { compareOutput, writeOutput } from "../../generator/output.ts";
import { readPresentCatalog, type CatalogPlace } from "./present-catalog.ts";

/** Writes the catalog as it is as the baseline that later ones are compared with. */
export async function runBaseline(flags: CatalogPlace): Promise<void> {
  const root = resolve(flags.root);
  const path = join(dirname(flags.index), baselineName);
  const model = await readPresentCatalog(flags);
  const changes = await compareOutput({ root, files: [{ path, text: formatBaseline(model) }], owns: [] });
  await writeOutput(root, changes);
  console.log(changes.length === 0 ? `${path} is as it was` : `${path} is the catalog as it is now`);
}
