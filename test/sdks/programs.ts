import { execFileSync, spawnSync } from "node:child_process";
import { test } from "vitest";

/** Whether the program is on this machine and answers. */
function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}

/** A test that needs a program: skipped with the reason where there is none, or failed where a skip is refused. */
export function testWith(program: string, name: string, run: () => void | Promise<void>): void {
  if (isInstalled(program)) test(name, { timeout: 120_000 }, run);
  else if (process.env.HOOKWRIGHT_TEST_SKIP === "refuse") {
    test(name, () => Promise.reject(new Error(`A skip is refused: no ${program} on this machine.`)));
  } else test.skip(`${name}: no ${program} on this machine`, () => {});
}

/** Runs a program in a folder of the project. Throws with what it printed when it fails. */
export function runIn(folder: string, [program, ...args]: readonly [string, ...string[]]): string {
  try {
    const env = { ...process.env, PYTHONPATH: "src", PYTHONDONTWRITEBYTECODE: "1" };
    return execFileSync(program, args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const printed =
      error instanceof Error && "stdout" in error && "stderr" in error ? [error.stdout, error.stderr] : [];
    throw new Error(`${program} ${args.join(" ")} failed:\n${printed.join("\n")}`, { cause: error });
  }
}
