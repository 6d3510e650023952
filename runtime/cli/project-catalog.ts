import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import { HookwrightError } from "../errors.ts";

/** What the project in the present folder has generated. */
const folder = join(process.cwd(), "runtime", "generated");

/** The project's OpenAPI document. */
export const projectGenerated = folder;

/** The project's catalog, as it was generated. Throws `invalid_configuration` where there is none. */
export async function loadProjectCatalog(): Promise<WireCatalog> {
  const file = join(folder, "catalog.ts");
  if (!existsSync(file)) {
    const message = `expected a generated catalog at ${file}; run "hookwright generate", and this in the project's root.`;
    throw new HookwrightError("invalid_configuration", message, { path: "catalog" });
  }
  const { catalog }: { readonly catalog: WireCatalog } = await import(pathToFileURL(file).href);
  return catalog;
}
