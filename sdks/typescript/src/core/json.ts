import { WebhookError } from "./errors.ts";

/** The text of a body. Throws invalid_json when it is not UTF-8. */
export function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw invalidJson(error);
  }
}

/** Throws invalid_json. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidJson(error);
  }
}

function invalidJson(error: unknown): WebhookError {
  const reason = error instanceof Error ? error.message : String(error);
  return new WebhookError("invalid_json", `The body is not JSON in UTF-8: ${reason}`, { expected: "JSON in UTF-8" });
}
