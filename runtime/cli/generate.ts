import { dirname, resolve } from "node:path";
import { styleText } from "node:util";
import { formatDiagnostics } from "../../generator/format-diagnostics.ts";
import { generate, type GenerateResult } from "../../generator/generate.ts";
import { formatUnifiedDiff } from "../../generator/output.ts";
import { nothingKept } from "../../generator/kept.ts";
import type { Kept } from "../../generator/kept.ts";
import { lineReader } from "./line-reader.ts";
import { watchCatalog } from "./watch-catalog.ts";

export interface GenerateFlags {
  readonly check?: true;
  readonly watch?: true;
  readonly only?: string;
  readonly root: string;
  readonly index: string;
  readonly json?: true;
}

/** Prints what was done and returns the exit status: 0, or 1 when the catalog is wrong or a checked file is stale. */
export async function runGenerate(flags: GenerateFlags): Promise<0 | 1> {
  const kept = nothingKept();
  if (!flags.watch) return generateOnce(flags, kept);
  // Watched from before the first run, so that no edit falls between the two.
  await watchCatalog(resolve(flags.root, dirname(flags.index)), async () => {
    await generateOnce(flags, kept).catch((error: unknown) => console.error(messageOf(error)));
  });
  return 0;
}

function messageOf(error: unknown): string {
  return `error: ${error instanceof Error ? error.message : String(error)}`;
}

async function generateOnce(flags: GenerateFlags, kept: Kept): Promise<0 | 1> {
  const root = resolve(flags.root);
  const result = await generate({
    root,
    kept,
    index: flags.index,
    mode: flags.check ? "check" : "write",
    ...(flags.only === undefined ? {} : { only: flags.only.split(",") }),
  });
  const status = hasErrors(result) || (flags.check && result.changes.length > 0) ? 1 : 0;
  if (flags.json) printJson(result, status);
  else printText(result, flags, root);
  return status;
}

function hasErrors({ diagnostics }: GenerateResult): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function printJson({ diagnostics, changes, emittedCount, timings }: GenerateResult, status: 0 | 1): void {
  const changed = changes.map(({ kind, path }) => ({ kind, path }));
  console.log(JSON.stringify({ ok: status === 0, diagnostics, changes: changed, emittedCount, timings }, null, 2));
}

function printText(result: GenerateResult, flags: GenerateFlags, root: string): void {
  const { diagnostics, changes, emittedCount, timings } = result;
  if (diagnostics.length > 0) console.error(formatDiagnostics(diagnostics, lineReader(root)));
  if (hasErrors(result)) {
    console.error(`\nNothing was written: ${count(diagnostics.length, "problem")} in the catalog.`);
    return;
  }
  if (flags.check) {
    printCheck(result);
    return;
  }
  for (const { kind, path } of changes) console.log(`${styleText(colours[kind], kind)}  ${path}`);
  const ms = Math.round(timings.read + timings.emit + timings.write);
  console.log(`${count(emittedCount, "file")}, ${changes.length} changed, in ${ms} ms`);
}

function printCheck({ changes, emittedCount }: GenerateResult): void {
  if (changes.length === 0) {
    console.log(`${count(emittedCount, "file")}, all fresh`);
    return;
  }
  process.stdout.write(formatUnifiedDiff(changes));
  console.error(`\n${count(changes.length, "file")} not fresh. Run "hookwright generate" and commit what it changes.`);
}

const colours = { create: "green", update: "yellow", delete: "red" } as const;

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
