import { existsSync } from "node:fs";
import { registerHooks, type ResolveHookSync } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
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
  registerHooks({ resolve: resolveTypeScript });
  const { catalog }: { readonly catalog: WireCatalog } = await import(pathToFileURL(file).href);
  return catalog;
}

/** Finds `./contract.ts` where a file of the project imports `./contract.js`, as compilers want it, and Node does not. */
const resolveTypeScript: ResolveHookSync = (specifier, context, nextResolve) => {
  if (specifier.startsWith(".") && specifier.endsWith(".js") && context.parentURL?.startsWith("file:")) {
    const url = new URL(specifier, context.parentURL);
    const source = new URL(url.href.replace(/\.js$/, ".ts"));
    if (!existsSync(fileURLToPath(url)) && existsSync(fileURLToPath(source))) return nextResolve(source.href, context);
  }
  return nextResolve(specifier, context);
};
