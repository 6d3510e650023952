import { writeSync } from "node:fs";
import { errorTable, HookwrightError } from "../errors.ts";

/** What a person needs to go on; the stack is for whoever asks for it. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env["DEBUG"] !== undefined) return error.stack ?? error.message;
  const remedy = error instanceof HookwrightError ? `\n${errorTable[error.code].remedy}` : "";
  return `error: ${error.message}${remedy}`;
}

/**
 * Makes output that cannot be written an error: `console.log` passes over it, so that a command whose output went to a
 * full disk would end as if all were well. A reader that went away, `| head`, is no error.
 */
export function reportLostOutput(): void {
  let lost = false;
  const note = (error: (Error & { readonly code?: string }) | null): void => {
    if (error === null || error.code === "EPIPE" || lost) return;
    lost = true;
    writeSync(2, `error: the output could not be written: ${error.message}\n`);
  };
  process.stdout.on("error", note);
  // What a command sets as its status is set after its last line, and `--help` leaves before an error is told.
  process.on("exit", () => {
    note(process.stdout.errored);
    if (lost) process.exitCode = 1;
  });
}
