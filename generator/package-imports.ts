import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { OutputFile } from "./emitter.ts";

/** Whether the project at this root depends on the package `hookwright`, and so has no runtime/ of its own. */
export function takesRuntimeFromPackage(root: string): boolean {
  const file = join(root, "package.json");
  if (!existsSync(file)) return false;
  const { dependencies = {} }: { readonly dependencies?: object } = JSON.parse(readFileSync(file, "utf8"));
  return Object.hasOwn(dependencies, "hookwright");
}

const generated = "runtime/generated/";

/** The extension of the project's own imports: `js` where its compiler takes no other, as `hookwright.imports` says. */
export function importExtension(root: string): "js" | "ts" {
  const file = join(root, "package.json");
  if (!existsSync(file)) return "ts";
  const { hookwright }: { readonly hookwright?: { readonly imports?: unknown } } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return hookwright?.imports === "js" ? "js" : "ts";
}

/** The files as such a project needs them: what generated files import from the runtime comes from the package. */
export function packageImports(files: readonly OutputFile[], extension: "js" | "ts" = "ts"): readonly OutputFile[] {
  return files.map((file) => {
    if (!file.path.endsWith(".ts")) return file;
    const text = file.path.startsWith(generated) ? withPackage(file) : file.text;
    return { ...file, text: extension === "ts" ? text : withExtension(text) };
  });
}

function withExtension(text: string): string {
  return text
    .replaceAll(/^((?:import|export|\} from) .*"\.[^"]+)\.ts";$/gm, '$1.js";')
    .replaceAll(/^(import "\.[^"]+)\.ts";$/gm, '$1.js";');
}

function withPackage({ path, text }: OutputFile): string {
  return text.replaceAll(/^((?:import|\} from) .*)"(\.[^"]+)\.ts";$/gm, (whole, start: string, specifier: string) => {
    const target = posix.join(posix.dirname(path), specifier);
    const isRuntime = target.startsWith("runtime/") && !target.startsWith(generated);
    return isRuntime ? `${start}"hookwright/${target}";` : whole;
  });
}
