import { diagnosticTable } from "./diagnostics.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { Emitter, OutputFile } from "./emitter.ts";
import { emitters as everyEmitter } from "./emitters.ts";
import type { CatalogModel } from "./model.ts";
import { keepContracts, nothingKept } from "./kept.ts";
import type { Kept } from "./kept.ts";
import { compareOutput, writeOutput } from "./output.ts";
import type { OutputChange } from "./output.ts";
import { importExtension, packageImports, takesRuntimeFromPackage } from "./package-imports.ts";

export interface GenerateOptions {
  /** The project's root, an absolute path. */
  readonly root: string;
  /** The catalog's index, relative to the root. */
  readonly index: string;
  /** `check` says what `write` would do and leaves every file as it is. */
  readonly mode: "write" | "check";
  /** Targets to write; left out, all of them. */
  readonly only?: readonly string[];
  /** What earlier runs in this process left. */
  readonly kept?: Kept;
}

export interface GenerateResult {
  /** What is wrong with the catalog. With an error among them nothing is compared or written. */
  readonly diagnostics: readonly Diagnostic[];
  /** What was changed, or in mode `check` would be. */
  readonly changes: readonly OutputChange[];
  /** Files that the targets consist of, changed or not. */
  readonly emittedCount: number;
  /** Milliseconds by step. */
  readonly timings: { readonly read: number; readonly emit: number; readonly write: number };
}

/**
 * Reads the catalog and brings the generated files up to date. All files are made before the first is written: with a
 * catalog that cannot be read, or of which a target cannot be made, every file stays as it was. Rejects when `only` names
 * no target.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  const { kept = nothingKept() } = options;
  const started = performance.now();
  // ts-morph takes half a second to load, so only what reads a catalog loads it.
  const { readCatalog } = await import("./read/read-catalog.ts");
  const { model, diagnostics } = readCatalog({ root: options.root, index: options.index, parsed: kept.parsed });
  const read = performance.now() - started;
  const isBroken = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  if (model === null && !isBroken) throw new Error("The catalog was not read, and no diagnostic says why.");
  if (model === null || isBroken) {
    return { diagnostics, changes: [], emittedCount: 0, timings: { read, emit: 0, write: 0 } };
  }
  const catalog = keepContracts(model, kept);
  try {
    const { timings, ...result } = await generateFrom(catalog, everyEmitter, options);
    return { ...result, diagnostics, timings: { read, ...timings } };
  } catch (error) {
    const faults = emitterFaults(catalog);
    if (faults.length === 0) throw error;
    return {
      diagnostics: [...diagnostics, ...faults],
      changes: [],
      emittedCount: 0,
      timings: { read, emit: 0, write: 0 },
    };
  }
}

/** Which contract a target cannot be made for, and why: a fault of the catalog that its reader did not know. */
function emitterFaults({ contracts }: CatalogModel): readonly Diagnostic[] {
  return contracts.flatMap((contract) => {
    const span = contract.spans?.["id"];
    if (span === undefined) return [];
    const found = everyEmitter.flatMap(({ target, emit }) => {
      const reason = reasonOf(() => emit({ contracts: [contract] }));
      return reason === null ? [] : [`${contract.declaration.id}: the target ${target} cannot be made: ${reason}`];
    });
    const { severity, remedy } = diagnosticTable.HW080;
    return found.map((message) => ({ code: "HW080", severity, message, remedy, span }) as const);
  });
}

function reasonOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The same for a catalog that was read. */
export async function generateFrom(
  catalog: CatalogModel,
  emitters: readonly Emitter[],
  { root, mode, only, kept }: Omit<GenerateOptions, "index">,
) {
  const started = performance.now();
  const selected = selectEmitters(emitters, only);
  const extension = importExtension(root);
  const placed = (emitted: readonly OutputFile[]) =>
    takesRuntimeFromPackage(root) ? packageImports(emitted, extension) : emitted;
  const needed = emitters.filter((emitter) => selected.some((each) => sharesFolder(each, emitter)));
  const files = needed.map((emitter) => ({ emitter, files: placed(emitFiles(emitter, catalog)) }));
  const emitted = performance.now();
  // What another target writes into a folder that both clean up is not stale.
  const all = { root, files: files.flatMap((each) => each.files), owns: needed.flatMap((emitter) => emitter.owns) };
  const chosen = files.filter(({ emitter }) => selected.includes(emitter)).flatMap((each) => each.files);
  const changes = (await compareOutput(all, kept?.seen)).filter((change) => isChosen(change, chosen, selected));
  if (mode === "write") await writeOutput(root, changes);
  const timings = { emit: emitted - started, write: performance.now() - emitted };
  return { changes, emittedCount: chosen.length, timings };
}

/** Whether what one of them writes could be taken for stale where the other cleans up. */
function sharesFolder(one: Emitter, other: Emitter): boolean {
  if (one === other) return true;
  const isWithin = (inner: string, outer: string) => `${inner}/`.startsWith(`${outer}/`);
  return one.owns.some((a) => other.owns.some((b) => isWithin(a, b) || isWithin(b, a)));
}

function emitFiles(emitter: Emitter, catalog: CatalogModel): readonly OutputFile[] {
  try {
    return emitter.emit(catalog);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`Nothing was written. The target "${emitter.target}" cannot be generated: ${message}`, {
      cause: error,
    });
  }
}

function selectEmitters(emitters: readonly Emitter[], only: readonly string[] | undefined): readonly Emitter[] {
  if (only === undefined) return emitters;
  const targets = emitters.map((emitter) => emitter.target);
  const unknown = only.find((target) => !targets.includes(target));
  if (unknown === undefined) return emitters.filter((emitter) => only.includes(emitter.target));
  throw new Error(`There is no target "${unknown}". Expected one of ${targets.join(", ")}.`);
}

function isChosen(change: OutputChange, files: readonly OutputFile[], selected: readonly Emitter[]): boolean {
  if (change.kind !== "delete") return files.some((file) => file.path === change.path);
  return selected.some((emitter) => emitter.owns.some((folder) => change.path.startsWith(`${folder}/`)));
}
