import { errorTable, HookwrightError } from "../errors.ts";

/** What a person needs to go on; the stack is for whoever asks for it. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env["DEBUG"] !== undefined) return error.stack ?? error.message;
  const remedy = error instanceof HookwrightError ? `\n${errorTable[error.code].remedy}` : "";
  return `error: ${error.message}${remedy}`;
}
