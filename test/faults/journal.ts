import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** A file of one JSON value a line that a process keeps of what it does, so that a kill leaves the truth behind. */
export interface Journal<Entry> {
  /** On disk when this returns: call it before the action it tells of. */
  readonly write: (entry: Entry) => void;
  readonly close: () => void;
}

export function openJournal<Entry>(path: string): Journal<Entry> {
  const file = openSync(path, "a");
  return {
    write: (entry) => {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** Without a last line that a kill cut short: what it told of was not begun. */
export function readJournal<Entry>(path: string): readonly Entry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}
