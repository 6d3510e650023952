import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ts } from "@ts-morph/common";
import { starterFiles } from "./starter.ts";

/** How an app is told from a new project: it has settings of the compiler, or depends on something else than this package. */
export function isApp(root: string): boolean {
  if (existsSync(join(root, "tsconfig.json"))) return true;
  const { dependencies = {}, devDependencies = {} } = manifestIn(root);
  const names = Object.keys({ ...dependencies, ...devDependencies });
  return names.some((name) => !["hookwright", "typescript", "@types/node", "@sinclair/typebox"].includes(name));
}

export interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** An empty one where there is none. Throws when there is one that is not JSON. */
export function manifestIn(root: string): Manifest {
  const file = join(root, "package.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** With the extension that the app's compiler takes in an import of a TypeScript file. */
export type ImportExtension = "js" | "ts";

export function importExtensionOf(root: string): ImportExtension {
  const file = join(root, "tsconfig.json");
  if (!existsSync(file)) return "ts";
  const read = ts.getParsedCommandLineOfConfigFile(
    file,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  const { allowImportingTsExtensions, rewriteRelativeImportExtensions } = read?.options ?? {};
  return allowImportingTsExtensions || rewriteRelativeImportExtensions ? "ts" : "js";
}

/** The files that an app gets: the catalog, and those of a template. */
export function appFiles(
  extension: ImportExtension,
  template: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const catalog = Object.entries(starterFiles()).filter(([path]) => path.startsWith("catalog/"));
  const files = [...catalog, ...Object.entries(template)];
  const written = ([path, text]: [string, string]) => [
    path,
    text.replaceAll(/(from "\.[^"]+)\.ts"/g, `$1.${extension}"`),
  ];
  return Object.fromEntries(files.map(written));
}

const scripts = {
  generate: "hookwright generate --only typebox,emit,openapi,reference",
  check: "hookwright check",
} as const;

/** What an app's package.json says, and the scripts and dependencies that it lacks; a name that is taken gets a prefix. */
export function joinedManifest(
  present: Manifest,
  of: { readonly dependencies: Readonly<Record<string, string>>; readonly extension: ImportExtension },
): Manifest {
  const free = (name: string, command: string) =>
    [undefined, command].includes(present.scripts?.[name]) ? name : `hookwright:${name}`;
  const added = Object.entries(scripts).map(([name, command]) => [free(name, command), command]);
  return {
    ...present,
    scripts: { ...present.scripts, ...Object.fromEntries(added) },
    dependencies: { ...of.dependencies, ...present.dependencies },
    ...(of.extension === "js" && { hookwright: { imports: "js" } }),
  };
}

/** What runs scripts and installs packages here, by the lock file. */
export function packageManagerOf(root: string): "npm" | "pnpm" | "yarn" | "bun" {
  const has = (...files: readonly string[]) => files.some((file) => existsSync(join(root, file)));
  if (has("pnpm-lock.yaml", "pnpm-workspace.yaml")) return "pnpm";
  if (has("yarn.lock")) return "yarn";
  if (has("bun.lock", "bun.lockb")) return "bun";
  return "npm";
}
