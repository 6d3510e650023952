import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
let root: string;
let child: ChildProcess;
let output: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hookwright-watch-"));
  for (const folder of ["catalog", "runtime/generated", "sdks/typescript/src/contracts"]) {
    cpSync(folder, join(root, folder), { recursive: true });
  }
  child = spawn(process.execPath, [command, "generate", "--watch", "--only", "typebox,emit", "--root", root]);
  output = "";
});
afterEach(() => {
  child.kill("SIGKILL");
  rmSync(root, { recursive: true });
});

/** Resolves once this stands in what was printed since the last time. */
async function printed(pattern: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    const found = pattern.exec(output);
    if (found === null) return;
    output = output.slice(found.index + found[0].length);
    resolve(found[0]);
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  child.once("close", () => reject(new Error(`It ended: ${output}`)));
  collect(Buffer.from(""));
  await promise.finally(() => {
    child.stdout?.off("data", collect);
    child.stderr?.off("data", collect);
  });
  return promise;
}

function edit(change: (text: string) => string): void {
  const file = join(root, "catalog/stech/deployment.ts");
  // As most editors save: the file is replaced by another one.
  writeFileSync(`${file}.new`, change(readFileSync(file, "utf8")));
  renameSync(`${file}.new`, file);
}

test("each edit is generated and told, also one that cannot be read, and SIGINT ends it with status 0", async () => {
  await printed(/Watching .*\n/);
  edit((text) => text.replace("reported a new live deploy", "reported a deploy"));
  await printed(/update {2}runtime\/generated\/stech\/emitter\.ts[\s\S]* changed, in \d+ ms\n/);
  const emitter = join(root, "runtime/generated/stech/emitter.ts");
  expect(readFileSync(emitter, "utf8")).toContain("reported a deploy");

  edit((text) => text.replace("agentName: string;", "agentName: Date;"));
  await printed(/error\[HW021\][\s\S]*Nothing was written: .*\n/);
  expect(readFileSync(emitter, "utf8")).toContain("reported a deploy");

  edit((text) => text.replace("agentName: Date;", "agentName: string;").replace("reported a deploy", "reported it"));
  await printed(/update {2}runtime\/generated\/stech\/emitter\.ts[\s\S]* changed, in \d+ ms\n/);
  expect(readFileSync(emitter, "utf8")).toContain("reported it");

  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});
