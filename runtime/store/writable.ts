import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { sql } from "kysely";
import type { Source } from "./schema.ts";

/** Less than that, and the next checkpoint of the log beside the file may not find room. */
const freeBytesMin = 1024 * 1024;

/** Rejects, with an error that `unavailability` knows, unless the database answers and can be written to; writes nothing. */
export async function checkWritable(
  { db, dialect }: Pick<Source, "db" | "dialect">,
  file: string | null,
): Promise<void> {
  await dialect.checkWritable(db);
  if (file === null) return;
  const { bavail, bsize } = await statfs(dirname(file));
  if (bavail * bsize >= freeBytesMin) return;
  throw Object.assign(new Error(`The disk of ${file} is full.`), { code: "ERR_SQLITE_ERROR", errcode: 13 });
}

/** As PostgreSQL itself would refuse the first write. */
export function readOnlyError(): Error {
  return Object.assign(new Error("The database is read-only."), { code: "25006" });
}

export const isReadOnly = sql<{ isReadOnly: boolean }>`select
  current_setting('transaction_read_only') = 'on' as ${sql.ref("isReadOnly")}`;
