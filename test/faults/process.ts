import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A process of a test that says on standard output, a line each, how far it is. */
export interface TestProcess {
  readonly child: ChildProcess;
  /** Every line it printed before it died. */
  readonly lines: readonly string[];
  /** Resolves when it says the line; rejects when it ends without. */
  readonly said: (line: string) => Promise<void>;
  /** With what it ended: its exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface ProcessOptions {
  /** A file beside this one. */
  readonly script: string;
  readonly args: readonly string[];
  /** Where its standard error goes, as a file descriptor. */
  readonly stderr?: number;
  /** Where compiled code is kept, so that the next start of the same script takes half as long. */
  readonly compileCache?: string;
}

/** Its standard input is a pipe that ends when this process does. */
export function startProcess({ script, args, stderr, compileCache }: ProcessOptions): TestProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ["pipe", "pipe", stderr ?? "inherit"],
    env: { ...process.env, ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }) },
  });
  const lines: string[] = [];
  const waiters = new Map<string, () => void>();
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      waiters.get(line)?.();
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once("close", (code, signal) => resolve(signal ?? code ?? 1)),
  );
  const said = (line: string) =>
    new Promise<void>((resolve, reject) => {
      if (lines.includes(line)) return resolve();
      waiters.set(line, resolve);
      void ended.then((how) => reject(new Error(`${script} ended with ${how} before it said "${line}".`)));
    });
  return { child, lines, said, ended };
}
