import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { HookwrightError } from "../errors.ts";

/**
 * The text of a file that its owner alone can read (0600); it is made of what `make` gives when it is missing. Throws
 * `invalid_configuration` when others can read it.
 */
export function localFile(path: string, make: () => string): string {
  const text = readIfThere(path) ?? makeFile(path, make());
  refuseOpenFile(path);
  return text.trim();
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Written under another name and then linked, which fails if it is there: of two processes both get the same text. */
function makeFile(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, "utf8");
}

/** Windows has no such mode: it reports 0666 for every file. */
function refuseOpenFile(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === "win32" || (mode & 0o077) === 0) return;
  const message = `${path}: expected a file that its owner alone can read (0600), got 0${mode.toString(8)}; chmod 600 it.`;
  throw new HookwrightError("invalid_configuration", message);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
