import { resolve } from "node:path";
import { readCatalogFile } from "../../generator/read/catalog-files.ts";

/** Lines of files relative to the root, for excerpts; counted from 1. Null where there is none. */
export function lineReader(root: string): (file: string, line: number) => string | null {
  return linesFrom((file) => readCatalogFile(resolve(root), file));
}

/** The same of any texts; `read` throws when there is none. */
export function linesFrom(read: (file: string) => string): (file: string, line: number) => string | null {
  const files = new Map<string, readonly string[]>();
  return (file, line) => {
    const lines = files.get(file) ?? linesOf(read, file);
    files.set(file, lines);
    return lines[line - 1] ?? null;
  };
}

function linesOf(read: (file: string) => string, file: string): readonly string[] {
  try {
    return read(file).split("\n");
  } catch {
    return [];
  }
}
