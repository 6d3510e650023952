/*
 * Makes the built package usable from CommonJS: beside each module that `exports` names comes a `.cjs` that requires it, so
 * that an app has one copy of it however it is loaded, and a `.d.cts` beside each declaration that these lead to. Node
 * requires ES modules from 22.12 on, and no module of the package awaits at its top.
 */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly import: { readonly default: string } }>>;
}

const root = resolve(import.meta.dirname, "../..");

/** A relative specifier of a declaration: the compiler leaves them as the sources have them. */
const specifier = /((?:from |import\(|import )")(\.[^"]+)\.[jt]s"/g;

function entries(): readonly string[] {
  const { exports }: Manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.values(exports).flatMap((target) => (typeof target === "string" ? [] : [target.import.default]));
}

/** The declarations that one leads to, itself among them. */
function reachable(declaration: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(declaration)) return found;
  found.add(declaration);
  for (const [, , path = ""] of readFileSync(declaration, "utf8").matchAll(specifier))
    reachable(join(dirname(declaration), `${path}.d.ts`), found);
  return found;
}

for (const entry of entries()) {
  const module = join(root, entry);
  if (!existsSync(module)) throw new Error(`exports: expected ${entry}, which the build did not make.`);
  writeFileSync(module.replace(/\.js$/, ".cjs"), `module.exports = require("./${basename(module)}");\n`);
  for (const declaration of reachable(module.replace(/\.js$/, ".d.ts"))) {
    const text = readFileSync(declaration, "utf8");
    writeFileSync(declaration, text.replaceAll(specifier, '$1$2.js"'));
    writeFileSync(declaration.replace(/\.d\.ts$/, ".d.cts"), text.replaceAll(specifier, '$1$2.cjs"'));
  }
}

// The manifest of the SDK that `hookwright init` writes; under its own name npm would take it for one of this package's.
copyFileSync(join(root, "sdks/typescript/package.json"), join(root, "dist/sdk-manifest.json"));
