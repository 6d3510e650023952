/** The SDKs of a catalog that is not the project's own, in a folder of their own. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { OutputFile } from "../../generator/emitter.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Writes what was generated, beside the hand-written parts of the SDKs in Python and Go. */
export async function writeSdks(place: string, files: readonly OutputFile[]): Promise<void> {
  await Promise.all(["sdks/python/src", "sdks/go"].map((folder) => copyCore(folder, place)));
  for (const file of files) await write(place, file);
}

async function copyCore(folder: string, place: string): Promise<void> {
  const isOfContract = /\/(contracts|__pycache__)(\/|$)|\/hookwright_webhooks\/(?!_core|adapters|__init__|py\.typed)\w/;
  const isCopied = (file: string) => !isOfContract.test(file) && !file.endsWith("example_test.go");
  await cp(path.join(root, folder), path.join(place, folder), { recursive: true, filter: isCopied });
}

async function write(place: string, { path: at, text }: OutputFile): Promise<void> {
  await mkdir(path.dirname(path.join(place, at)), { recursive: true });
  await writeFile(path.join(place, at), text);
}
