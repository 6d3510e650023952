import { randomBytes } from "node:crypto";
import { parseKeyRing, type KeyRing } from "./key-ring.ts";
import { localFile } from "./local-file.ts";

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
