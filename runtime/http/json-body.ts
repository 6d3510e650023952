import { isDeeperThan } from "../contracts/json-depth.ts";
import { HookwrightError } from "../errors.ts";

/** Deeper than any payload of a catalog, and far from where recursion over a value ends the stack. */
const depthMax = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a JSON body. Undefined when it is empty: a POST without fields needs none. Throws `invalid_json`. */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  if (isDeeperThan(depthMax, text))
    throw new HookwrightError("invalid_json", `body: expected at most ${depthMax} levels of arrays and objects.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the body, which may hold what nobody should log.
    const at = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
    throw new HookwrightError("invalid_json", `body: expected JSON, got something else${at ? ` ${at}` : ""}.`);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new HookwrightError("invalid_json", "body: expected text in UTF-8, got other bytes.");
  }
}
