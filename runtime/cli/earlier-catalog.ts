import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseBaseline } from "../../generator/compat/baseline.ts";
import { formatDiagnostics } from "../../generator/format-diagnostics.ts";
import type { CatalogModel } from "../../generator/model.ts";
import { readCatalogFile } from "../../generator/read/catalog-files.ts";
import { linesFrom } from "./line-reader.ts";

export interface EarlierCatalog {
  readonly model: CatalogModel;
  /** A line of its sources, for excerpts. Null where only the model was kept. */
  readonly readLine: (file: string, line: number) => string | null;
}

/**
 * The catalog to compare with: a baseline file, or the catalog as it stood at a git ref, read from the repository that
 * the root is in without touching the working tree. Throws when it cannot be had, and says what to do.
 */
export async function readEarlierCatalog(
  against: string,
  { root, index }: { readonly root: string; readonly index: string },
): Promise<EarlierCatalog> {
  if (against.endsWith(".json")) return { model: readBaseline(against), readLine: () => null };
  const commit = commitOf(against, root);
  const readText = (path: string) =>
    isPackaged(path) ? readCatalogFile(root, path) : showFile({ commit, path, root });
  const { readCatalogText } = await import("../../generator/read/read-catalog.ts");
  const { model, diagnostics } = readCatalogText({ readText, index });
  const readLine = linesFrom(readText);
  if (model !== null) return { model, readLine };
  throw new Error(`The catalog at ${against} cannot be read:\n${formatDiagnostics(diagnostics, readLine)}`);
}

function readBaseline(file: string): CatalogModel {
  if (existsSync(file)) return parseBaseline(readFileSync(file, "utf8"), file);
  throw new Error(`There is no file ${file}. Write it with "hookwright baseline", or name a git ref with --against.`);
}

function isPackaged(path: string): boolean {
  return path.startsWith("node_modules/");
}

function commitOf(ref: string, root: string): string {
  const inside = git(["rev-parse", "--is-inside-work-tree"], root);
  if (!inside.ok)
    throw new Error(
      `${root} is in no git repository, so there is no ref "${ref}". Name a baseline file with --against.`,
    );
  // What begins with a hyphen would be an option.
  const { ok, text } = git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], root);
  if (ok) return text.trim();
  throw new Error(`There is no git ref or file "${ref}". Fetch it ("git fetch origin"), or name a baseline file.`);
}

/** `./` makes the path one from the root, which may be a folder of the repository. */
function showFile({
  commit,
  path,
  root,
}: {
  readonly commit: string;
  readonly path: string;
  readonly root: string;
}): string {
  const { ok, text, problem } = git(["show", `${commit}:./${path}`], root);
  if (!ok) throw new Error(`it is not at ${commit.slice(0, 12)} (${problem})`);
  return text;
}

function git(args: readonly string[], cwd: string) {
  const done = spawnSync("git", args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (done.error !== undefined && "code" in done.error && done.error.code === "ENOENT" && existsSync(cwd))
    throw new Error("git is not installed, so no ref can be read. Name a baseline file with --against.");
  if (done.error !== undefined) throw done.error;
  return { ok: done.status === 0, text: done.stdout, problem: done.stderr.trim() };
}
