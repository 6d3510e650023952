import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

/** What came of a command. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The packed packages, installed once in a folder in which the apps of the tests stand. */
export interface Packed {
  /** Tarballs of `hookwright` and of the SDK. */
  readonly tarballs: { readonly hookwright: string; readonly sdk: string };
  /** Makes an app of these files, by path, in a folder of its own. */
  readonly app: (files: Readonly<Record<string, string>>) => App;
  /** The executable of another version of Node. */
  readonly node: (major: 20 | 22 | 26) => string;
  readonly remove: () => void;
}

export interface App {
  readonly folder: string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Runs a command with this Node, or with the one given, before all others on PATH. */
  readonly run: (command: readonly string[], options?: { readonly node?: string }) => Ran;
}

const repository = resolve(import.meta.dirname, "../..");
const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];

const nest = ["@nestjs/common@12", "@nestjs/core@12", "@nestjs/platform-express@12", "reflect-metadata", "rxjs"];

export function pack(): Packed {
  const base = mkdtempSync(join(tmpdir(), "hookwright-projects-"));
  const hookwright = packed(repository, base);
  // Built in a copy, so that the tree stays as it is.
  const source = join(base, "sdk");
  cpSync(join(repository, "sdks/typescript"), source, {
    recursive: true,
    filter: (path) => !/\/(dist|test|node_modules)$/.test(path),
  });
  const sdk = packed(source, base);
  writeFileSync(join(base, "package.json"), JSON.stringify({ private: true }));
  install(
    base,
    hookwright,
    sdk,
    "typescript@5.9",
    "typescript-5.4@npm:typescript@5.4",
    "typescript-7@npm:typescript@7",
    ...nest,
    "@types/node@24",
  );
  // Copies of their own would take longer to install than all tests with them.
  for (const name of ["vitest", "express", "hono", "@types/express"])
    if (!existsSync(join(base, "node_modules", name)))
      symlinkSync(join(repository, "node_modules", name), join(base, "node_modules", name));
  return {
    tarballs: { hookwright, sdk },
    app: (files) => {
      const folder = mkdtempSync(join(base, "app-"));
      const app: App = {
        folder,
        write: (more) => writeAll(folder, more),
        run: (command, { node = process.execPath } = {}) =>
          run(folder, command, { node, bin: join(base, "node_modules/.bin") }),
      };
      app.write(files);
      return app;
    },
    node: (major) => {
      const folder = join(base, `node-${major}`);
      mkdirSync(folder);
      writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, allowScripts: { node: true } }));
      install(folder, `node@${major}`);
      return join(folder, "node_modules/node/bin/node");
    },
    remove: () => rmSync(base, { recursive: true }),
  };
}

function packed(folder: string, destination: string): string {
  const before = new Set(readdirSync(destination));
  command(folder, ["npm", "pack", "--loglevel=error", "--pack-destination", destination]);
  const made = readdirSync(destination).find((file) => file.endsWith(".tgz") && !before.has(file));
  if (made === undefined) throw new Error(`npm pack made nothing of ${folder}.`);
  return join(destination, made);
}

function install(folder: string, ...packages: readonly string[]): void {
  command(folder, ["npm", "install", ...quiet, ...packages]);
}

function command(cwd: string, [program = "", ...parameters]: readonly string[]): void {
  execFileSync(program, parameters, { cwd, env: environment(process.execPath), encoding: "utf8", stdio: "pipe" });
}

/** With the repository's programs, such as the compiler that the packages are built with. */
function environment(node: string, ...bins: readonly string[]): NodeJS.ProcessEnv {
  const folders = [dirname(node), ...bins, join(repository, "node_modules/.bin"), process.env["PATH"] ?? ""];
  return { ...process.env, PATH: folders.join(delimiter), HOOKWRIGHT_LOG_LEVEL: "warn", NODE_OPTIONS: "" };
}

function run(
  cwd: string,
  [program = "", ...parameters]: readonly string[],
  { node, bin }: { readonly node: string; readonly bin: string },
): Ran {
  const { status, stdout, stderr } = spawnSync(program, parameters, {
    cwd,
    env: environment(node, bin),
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
