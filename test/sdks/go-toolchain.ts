import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { describe, test } from "vitest";

const run = promisify(execFile);

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs `go` or `gofmt` in a folder. A program that fails is an outcome; one that cannot be started is an error. */
export async function runGo(program: "go" | "gofmt", args: readonly string[], folder: string): Promise<Outcome> {
  try {
    const { stdout, stderr } = await run(program, args, { cwd: folder, env: { ...process.env, GOFLAGS: "-mod=mod" } });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    if (!isExit(error)) throw error;
    return { code: error.code, output: error.stdout + error.stderr };
  }
}

function isExit(error: unknown): error is { code: number; stdout: string; stderr: string } {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "stdout" in error;
}

function missingGo(): string | null {
  const { error, status } = spawnSync("go", ["version"]);
  return error === undefined && status === 0 ? null : "no go on this machine";
}

/** Tests that need Go: skipped with the reason where there is none, or failed where a skip is refused. */
export function describeGo(name: string, define: () => void): void {
  const missing = missingGo();
  if (missing === null) describe(name, define);
  else if (process.env.HOOKWRIGHT_TEST_SKIP === "refuse") {
    test(name, () => Promise.reject(new Error(`A skip is refused: ${missing}.`)));
  } else test.skip(`${name}: ${missing}`, () => {});
}
