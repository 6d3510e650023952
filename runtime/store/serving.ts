import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isPostgresUrl } from "./postgres.ts";

/**
 * Makes this process the only one that serves a database file, until it ends, however it ends: the operating system gives
 * the lock on the file beside it, `<file>-serving`, back. Throws an error that passes (see `unavailability`) while another
 * process has it. A PostgreSQL database, and one in memory, may be served by any number.
 */
export function holdFile(database: string): { readonly release: () => void } {
  if (database === ":memory:" || isPostgresUrl(database)) return { release: () => undefined };
  const path = `${database}-serving`;
  closeSync(openSync(path, "a", 0o600));
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if (!isLocked(error)) throw error;
    // As PostgreSQL says of an object that is in use.
    throw Object.assign(new Error(`Another process serves ${database}. Stop it, or give this one another file.`), {
      code: "55006",
    });
  }
  return { release: () => lock.close() };
}

const isLocked = (error: unknown): boolean => error instanceof Error && "errcode" in error && error.errcode === 5;
