import { randomBytes } from "node:crypto";
import { keyHash, newApiKey } from "./api-key.ts";
import { localFile } from "./local-file.ts";

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
