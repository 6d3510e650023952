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

/** The files as such a project needs them: what generated files import from the runtime comes from the package. */
export function packageImports(files: readonly OutputFile[]): readonly OutputFile[] {
  return files.map((file) =>
    file.path.startsWith(generated) && file.path.endsWith(".ts") ? { ...file, text: withPackage(file) } : file,
  );
}

function withPackage({ path, text }: OutputFile): string {
  return text.replaceAll(/^((?:import|\} from) .*)"(\.[^"]+)\.ts";$/gm, (whole, start: string, specifier: string) => {
    const target = posix.join(posix.dirname(path), specifier);
    const isRuntime = target.startsWith("runtime/") && !target.startsWith(generated);
    return isRuntime ? `${start}"hookwright/${target}";` : whole;
  });
}
