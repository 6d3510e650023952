import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { packageRoot } from "../../generator/read/catalog-files.ts";
import { starterFiles, starterScripts } from "./starter.ts";

/** What of the SDK is written by hand and goes with every catalog. */
const sdkParts = ["tsconfig.json", "tsconfig.cjs.json", "LICENSE", "src/core"];

/**
 * Writes a project with a catalog of its own into the folder. A package.json that is there keeps what it says and gets
 * scripts and dependencies; if any other file is there already, nothing is written. Returns the exit status.
 */
export function runInit(folder: string): 0 | 1 {
  const root = resolve(folder);
  const files = starterFiles();
  const sdk = join("sdks", "typescript");
  const taken = [...Object.keys(files), sdk].filter((path) => existsSync(join(root, path)));
  if (taken.length > 0) {
    console.error(`error: nothing was written, for ${root} already has ${taken.join(", ")}. Name an empty folder.`);
    return 1;
  }
  const manifest = manifestOf(root);
  for (const [path, text] of Object.entries({ ...files, "package.json": manifest })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const built = join(packageRoot(), "dist/sdk-manifest.json");
  const sdkManifest = existsSync(built) ? built : join(packageRoot(), sdk, "package.json");
  cpSync(sdkManifest, join(root, sdk, "package.json"), { recursive: true });
  for (const part of sdkParts) cpSync(join(packageRoot(), sdk, part), join(root, sdk, part), { recursive: true });
  console.log(nextSteps(folder, existsSync(join(root, "node_modules", "hookwright"))));
  return 0;
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** Throws when there is a package.json that is not JSON. */
function manifestOf(root: string): string {
  const file = join(root, "package.json");
  const present: Manifest = existsSync(file) ? readManifest(file) : { name: basename(root), private: true };
  const own = readManifest(join(packageRoot(), "package.json"));
  const tools = Object.entries(own.devDependencies ?? {}).filter(([name]) =>
    ["@types/node", "typescript"].includes(name),
  );
  const typebox = "@sinclair/typebox";
  const manifest: Manifest = {
    ...present,
    type: "module",
    scripts: { ...present.scripts, ...starterScripts },
    dependencies: {
      hookwright: `^${own["version"]}`,
      // The generated schemas import it, and have to get the same one as the package.
      [typebox]: own.dependencies?.[typebox] ?? "*",
      ...present.dependencies,
    },
    devDependencies: { ...Object.fromEntries(tools), ...present.devDependencies },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, "utf8"));
}

function nextSteps(folder: string, isInstalled: boolean): string {
  const commands = [
    ...(folder === "." ? [] : [`cd ${folder}`]),
    ...(isInstalled ? [] : ["npm install"]),
    "npm run generate",
    "npm start",
  ];
  return `The catalog is in catalog/shop. Next:\n\n${commands.map((command) => `  ${command}`).join("\n")}\n`;
}
