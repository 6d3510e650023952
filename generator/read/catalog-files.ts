import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file's text, by its path relative to the root with forward slashes. Throws when it cannot be read. */
export type ReadText = (path: string) => string;

/** Where a project's catalog finds what it imports from the package: `hookwright/catalog/presets`. */
const packaged = "node_modules/hookwright/";

/** The path of a file that is imported as part of the package. Null for anything else. */
export function packagedPath(specifier: string): string | null {
  const [, name] = /^hookwright\/catalog\/(\w+)$/.exec(specifier) ?? [];
  if (name === undefined) return null;
  return `${packaged}catalog/${name === "hookwright" ? "hookwright/contract" : name}.ts`;
}

/**
 * The text of a file of the catalog, by its path from the root. What belongs to the package is read from the package
 * itself, wherever it is installed. Throws when it cannot be read.
 */
export function readCatalogFile(root: string, path: string): string {
  const file = path.startsWith(packaged) ? join(packageRoot(), path.slice(packaged.length)) : join(root, path);
  return readFileSync(file, "utf8");
}

/** The folder of the package `hookwright`: this file stands in its sources, or in what is built of them. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
