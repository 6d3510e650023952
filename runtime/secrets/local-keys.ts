import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { HookwrightError } from "../errors.ts";
import { parseKeyRing, type KeyRing } from "./key-ring.ts";
import { keyHash, newApiKey } from "./api-key.ts";

/**
 * The text of a file that its owner alone can read (0600); it is made of what `make` gives when it is missing. Throws
 * `invalid_configuration` when others can read it.
 */
function localFile(path: string, make: () => string): string {
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

/**
 * The key ring of local mode: a file beside the database, `<database>.keys`, made when it is missing and readable by its
 * owner alone (0600). A copy of the database without it opens no secret. With `:memory:` the keys live as long.
 */
export function openLocalKeyRing(database: string): KeyRing {
  if (database === ":memory:") return parseKeyRing(newKeys());
  return parseKeyRing(localFile(`${database}.keys`, newKeys));
}

function newKeys(): string {
  return `local:${randomBytes(32).toString("base64")}`;
}

/**
 * The operator's key of local mode: its SHA-256 is kept in `<database>.admin`, and the key itself is given once, when it
 * is made. Whoever lost it deletes the file and starts again. With `:memory:` the key lives as long.
 */
export function openLocalAdminKey(database: string): { readonly hash: string; readonly key: string | null } {
  let made: string | null = null;
  const make = () => {
    made = newApiKey(randomBytes(8).toString("hex"), randomBytes);
    return keyHash(made);
  };
  const hash = database === ":memory:" ? make() : localFile(`${database}.admin`, make);
  // Another process may have made the file first; then its key counts and not ours.
  return { hash, key: made !== null && keyHash(made) === hash ? made : null };
}
