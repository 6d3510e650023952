import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { packageRoot } from "../../generator/read/catalog-files.ts";
import { appFiles, importExtensionOf, isApp, joinedManifest, manifestIn, packageManagerOf } from "./join.ts";
import type { Manifest } from "./join.ts";
import { starterFiles, starterScripts } from "./starter.ts";
import { templates, type TemplateName } from "./templates.ts";

/** What of the SDK is written by hand and goes with every catalog. */
const sdkParts = ["tsconfig.json", "tsconfig.cjs.json", "LICENSE", "src/core"];

export interface InitFlags {
  /** Write without asking. */
  readonly yes?: true;
  /** A handler of this framework beside the catalog. */
  readonly template?: TemplateName;
}

/** What is to be written. */
interface Plan {
  readonly files: Readonly<Record<string, string>>;
  readonly manifest: Manifest;
  readonly kind: "app" | "project";
}

/**
 * Writes a project with a catalog of its own into the folder; into an app that is there, its catalog alone, once that was
 * agreed to. A package.json that is there keeps what it says and gets scripts and dependencies; if any other file is there
 * already, nothing is written. Returns the exit status.
 */
export async function runInit(folder: string, flags: InitFlags = {}): Promise<0 | 1> {
  const root = resolve(folder);
  const plan = isApp(root) || flags.template !== undefined ? appPlan(root, flags) : projectPlan(root);
  const sdk = join("sdks", "typescript");
  const written = [...Object.keys(plan.files), ...(plan.kind === "project" ? [sdk] : [])];
  const taken = written.filter((path) => existsSync(join(root, path)));
  if (taken.length > 0) {
    const way = plan.kind === "project" ? " Name an empty folder." : "";
    console.error(`error: nothing was written, for ${root} already has ${taken.join(", ")}.${way}`);
    return 1;
  }
  if (plan.kind === "app" && !(await agreed(root, plan, flags))) return 1;
  const manifest = `${JSON.stringify(plan.manifest, null, 2)}\n`;
  for (const [path, text] of Object.entries({ ...plan.files, "package.json": manifest })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  if (plan.kind === "project") copySdk(root, sdk);
  console.log(nextSteps(folder, root, plan.kind));
  return 0;
}

function copySdk(root: string, sdk: string): void {
  const built = join(packageRoot(), "dist/sdk-manifest.json");
  cpSync(existsSync(built) ? built : join(packageRoot(), sdk, "package.json"), join(root, sdk, "package.json"));
  for (const part of sdkParts) cpSync(join(packageRoot(), sdk, part), join(root, sdk, part), { recursive: true });
}

function appPlan(root: string, { template }: InitFlags): Plan {
  const extension = importExtensionOf(root);
  const { kysely } = ownManifest().dependencies ?? {};
  const imported = template === undefined || kysely === undefined ? {} : { kysely };
  const dependencies = { ...ownDependencies(), ...imported };
  const manifest = joinedManifest(manifestIn(root), { dependencies, extension });
  return { kind: "app", files: appFiles(extension, template === undefined ? {} : templates[template].files), manifest };
}

/** Throws when there is a package.json that is not JSON. */
function projectPlan(root: string): Plan {
  const present = {
    ...(existsSync(join(root, "package.json")) ? {} : { name: basename(root), private: true }),
    ...manifestIn(root),
  };
  const tools = Object.entries(ownManifest().devDependencies ?? {}).filter(([name]) =>
    ["@types/node", "typescript"].includes(name),
  );
  const manifest: Manifest = {
    ...present,
    type: "module",
    scripts: { ...present.scripts, ...starterScripts },
    dependencies: { ...ownDependencies(), ...present.dependencies },
    devDependencies: { ...Object.fromEntries(tools), ...present.devDependencies },
  };
  return { kind: "project", files: starterFiles(), manifest };
}

function ownManifest(): Manifest {
  return JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
}

function ownDependencies(): Readonly<Record<string, string>> {
  const own = ownManifest();
  const typebox = "@sinclair/typebox";
  // The generated schemas import it, and have to get the same one as the package.
  return { hookwright: `^${own["version"]}`, [typebox]: own.dependencies?.[typebox] ?? "*" };
}

/** Shows what is to be written, and asks where there is somebody to ask. */
async function agreed(root: string, { files, manifest }: Plan, { yes }: InitFlags): Promise<boolean> {
  const before = manifestIn(root).scripts ?? {};
  const scripts = Object.keys(manifest.scripts ?? {}).filter((name) => !Object.hasOwn(before, name));
  console.log(`In the app at ${root}, to be written:\n`);
  for (const path of Object.keys(files)) console.log(`  create  ${path}`);
  console.log(`  change  package.json: scripts ${scripts.join(", ")}; dependencies of the generated code\n`);
  if (yes) return true;
  if (!process.stdin.isTTY) {
    console.error('Nothing was written: nobody can be asked here. Run "hookwright init --yes" to write it.');
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question("Write it? [y/N] ");
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

function nextSteps(folder: string, root: string, kind: Plan["kind"]): string {
  const manager = packageManagerOf(root);
  const commands = [
    ...(folder === "." ? [] : [`cd ${folder}`]),
    ...(existsSync(join(root, "node_modules", "hookwright")) ? [] : [`${manager} install`]),
    `${manager} run generate`,
    ...(kind === "project" ? [`${manager} start`] : []),
  ];
  return `The catalog is in catalog/shop. Next:\n\n${commands.map((command) => `  ${command}`).join("\n")}\n`;
}
