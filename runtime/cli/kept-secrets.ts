import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Where secrets are kept between runs: a JSON file of its owner's alone (0600), and the entry in it. */
export interface SecretPlace {
  readonly file: string;
  readonly name: string;
}

/** What an earlier run kept there. Undefined: nothing. */
export function readKept<Entry>({ file, name }: SecretPlace): Entry | undefined {
  return readAll<Entry>(file)[name];
}

/** Null forgets it. */
export function keep<Entry>({ file, name }: SecretPlace, entry: Entry | null): void {
  const { [name]: _, ...others } = readAll<Entry>(file);
  mkdirSync(dirname(file), { recursive: true });
  const kept = entry === null ? others : { ...others, [name]: entry };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
}

function readAll<Entry>(file: string): Readonly<Record<string, Entry>> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Error(`${file}: expected the secrets that "hookwright listen" keeps; delete it for new ones.`, {
      cause: error,
    });
  }
}
