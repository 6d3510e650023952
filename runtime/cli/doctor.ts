import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { generate } from "../../generator/generate.ts";
import { importExtension } from "../../generator/package-imports.ts";
import { packageRoot } from "../../generator/read/catalog-files.ts";
import { importExtensionOf, manifestIn, packageManagerOf } from "./join.ts";

/** What was looked at, and how to mend it. Null: it is well. */
interface Finding {
  readonly what: string;
  readonly remedy: string | null;
}

/** Checks an installation and says what to mend. Returns the exit status: 1 when there is something. */
export async function runDoctor({
  root: given,
  index,
}: {
  readonly root: string;
  readonly index: string;
}): Promise<0 | 1> {
  const root = resolve(given);
  const findings = [
    { what: `Node ${process.versions.node}`, remedy: null },
    dependencyFinding(root),
    typeboxFinding(root),
    importsFinding(root),
    ...(await catalogFindings(root, index)),
  ];
  for (const { what, remedy } of findings) console.log(remedy === null ? `ok    ${what}` : `mend  ${what}: ${remedy}`);
  return findings.every(({ remedy }) => remedy === null) ? 0 : 1;
}

function dependencyFinding(root: string): Finding {
  const isThere = Object.hasOwn(manifestIn(root).dependencies ?? {}, "hookwright");
  const remedy = `run "${packageManagerOf(root)} ${packageManagerOf(root) === "npm" ? "install" : "add"} hookwright"`;
  return { what: "package.json depends on hookwright", remedy: isThere ? null : remedy };
}

/** The generated schemas and the package work on the same objects, so they need the same copy. */
function typeboxFinding(root: string): Finding {
  const name = "@sinclair/typebox";
  const [wanted, found] = [
    versionOf(name, join(packageRoot(), "package.json")),
    versionOf(name, join(root, "package.json")),
  ];
  const what = `${name} is the one that the package has`;
  if (found !== null && found === wanted) return { what, remedy: null };
  return { what, remedy: `found ${found ?? "none"}; put "${name}": "${wanted}" among the dependencies, and install` };
}

function versionOf(name: string, from: string): string | null {
  try {
    // Its manifest is not among its exports.
    const module = createRequire(from).resolve(name);
    const folder = module.slice(0, module.lastIndexOf(join(name)) + join(name).length);
    return String(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version);
  } catch {
    return null;
  }
}

function importsFinding(root: string): Finding {
  const [written, taken] = [importExtension(root), importExtensionOf(root)];
  const what = `generated files import what tsconfig.json takes (.${taken})`;
  if (written === taken || (written === "js" && taken === "ts")) return { what, remedy: null };
  const remedy =
    'put "hookwright": { "imports": "js" } into package.json, or set allowImportingTsExtensions or rewriteRelativeImportExtensions';
  return { what, remedy };
}

async function catalogFindings(root: string, index: string): Promise<readonly Finding[]> {
  if (!existsSync(join(root, index))) {
    return [{ what: `there is a catalog at ${index}`, remedy: 'run "npx hookwright init", or name it with --index' }];
  }
  const { diagnostics, changes } = await generate({ root, index, mode: "check", only: ["typebox", "emit", "openapi"] });
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const generateAgain = 'run "npx hookwright generate"';
  const isFresh = errors === 0 && changes.length === 0;
  return [
    { what: "the catalog can be read", remedy: errors === 0 ? null : `${errors} errors; ${generateAgain} to see them` },
    { what: "the generated files are fresh", remedy: isFresh ? null : `${changes.length} are not; ${generateAgain}` },
  ];
}
