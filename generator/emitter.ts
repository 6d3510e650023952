import type { CatalogModel } from "./model.ts";

/** A file to write, relative to the project's root. Its text ends in a line break. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/** Turns the model into the files of one target. Pure: the same model gives the same bytes. */
export interface Emitter {
  readonly target: string;
  /**
   * Folders, relative to the project's root, that hold nothing but this emitter's files; what else is found there is
   * stale and removed.
   */
  readonly owns: readonly string[];
  readonly emit: (catalog: CatalogModel) => readonly OutputFile[];
}
