import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Of this package, from the manifest above the sources, or above what was compiled from them. */
export function packageVersion(): string {
  // A bundle in CommonJS has no place of its own.
  const here = import.meta.dirname ?? ".";
  const candidates = ["../package.json", "../../package.json"].map((path) => join(here, path));
  const manifest = candidates.find((path) => existsSync(path));
  const { version }: { version?: unknown } = manifest === undefined ? {} : JSON.parse(readFileSync(manifest, "utf8"));
  return typeof version === "string" ? version : "unknown";
}
