/** Where imports lead: relative paths, the package's own files, and the aliases of package.json and tsconfig.json. */
import { posix } from "node:path";
import { ts } from "ts-morph";
import { packagedPath } from "./catalog-files.ts";
import type { ReadText } from "./catalog-files.ts";

/** The path from the root that an import in `from` leads to; null for another package, and for what leaves the root. */
export type ResolveImport = (from: string, specifier: string) => string | null;

/** A name with at most one `*`, and what it stands for. */
interface Alias {
  readonly name: string;
  readonly target: string;
}

export function openImportPaths(readText: ReadText): ResolveImport {
  let aliases: readonly Alias[] | null = null;
  return (from, specifier) => {
    if (specifier.startsWith(".")) return withExtension(within(posix.dirname(from), specifier), readText);
    const packaged = packagedPath(specifier);
    if (packaged !== null) return packaged;
    aliases ??= [...packageAliases(readText), ...configuredAliases(readText)];
    for (const alias of aliases) {
      const target = targetOf(alias, specifier);
      if (target !== null) return withExtension(within(".", target), readText);
    }
    return null;
  };
}

function within(folder: string, path: string): string | null {
  const joined = posix.join(folder, path);
  return joined.startsWith("../") ? null : joined;
}

/** A file may be imported without its ending, under the one it has once it is compiled, or by its folder. */
function withExtension(path: string | null, readText: ReadText): string | null {
  if (path === null || /\.[cm]?ts$/.test(path)) return path;
  const stem = path.replace(/\.([cm]?)js$/, ".$1ts");
  if (stem !== path) return stem;
  const found = [`${path}.ts`, `${path}.d.ts`, `${path}/index.ts`].find((candidate) => isThere(candidate, readText));
  return found ?? `${path}.ts`;
}

function isThere(path: string, readText: ReadText): boolean {
  try {
    readText(path);
    return true;
  } catch {
    return false;
  }
}

function targetOf({ name, target }: Alias, specifier: string): string | null {
  const [start = "", end] = name.split("*");
  if (end === undefined) return name === specifier ? target : null;
  const fits = specifier.length >= name.length - 1 && specifier.startsWith(start) && specifier.endsWith(end);
  return fits ? target.replace("*", specifier.slice(start.length, specifier.length - end.length)) : null;
}

/** `imports` of package.json (Node's subpath imports); of a condition, what types or sources are found under. */
function packageAliases(readText: ReadText): readonly Alias[] {
  const { imports } = jsonAt("package.json", readText);
  if (!isObject(imports)) return [];
  return Object.entries(imports).flatMap(([name, value]) => {
    const target = conditionOf(value);
    return target === null ? [] : [{ name, target }];
  });
}

function conditionOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (!isObject(value)) return null;
  const found = ["types", "import", "node", "default"].map((condition) => conditionOf(value[condition]));
  return found.find((target) => target !== null) ?? null;
}

/** `paths` of tsconfig.json. */
function configuredAliases(readText: ReadText): readonly Alias[] {
  const { compilerOptions } = jsonAt("tsconfig.json", readText);
  if (!isObject(compilerOptions) || !isObject(compilerOptions["paths"])) return [];
  const base = typeof compilerOptions["baseUrl"] === "string" ? compilerOptions["baseUrl"] : ".";
  return Object.entries(compilerOptions["paths"]).flatMap(([name, targets]) => {
    const [target]: unknown[] = Array.isArray(targets) ? targets : [];
    return typeof target === "string" ? [{ name, target: posix.join(base, target) }] : [];
  });
}

function jsonAt(path: string, readText: ReadText): Readonly<Record<string, unknown>> {
  try {
    const { config } = ts.parseConfigFileTextToJson(path, readText(path));
    return isObject(config) ? config : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
