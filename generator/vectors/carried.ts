import { carriedFields } from "../envelope.ts";
import { headerValue } from "../example-events.ts";
import type { Declaration } from "../model.ts";

/** A request as it is sent: what headers carry stands there, and not in the body. */
export interface Split {
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Takes what headers carry out of the text of a whole event. Text and not a parsed value, because a case may be about
 * its text: equal keys, escapes, or what is no JSON.
 */
export function splitCarried(declaration: Declaration, whole: string | Uint8Array): Split {
  const fields = carriedFields(declaration);
  if (fields.length === 0) return { body: whole, headers: {} };
  // One character for each byte, so that what is not UTF-8 stays as it is.
  let text = Buffer.from(whole).toString("latin1");
  const headers: Record<string, string> = {};
  for (const { key, header } of fields) {
    const member = `${quoted(key)}:(${scalar})`;
    const found = new RegExp(`${member},|,${member}(?=})|${member}`).exec(text);
    if (found === null) continue;
    text = text.slice(0, found.index) + text.slice(found.index + found[0].length);
    const value = found.slice(1).find((each) => each !== undefined) ?? "";
    headers[header] = headerValue(String(JSON.parse(Buffer.from(value, "latin1").toString("utf8"))));
  }
  return { body: Buffer.from(text, "latin1"), headers };
}

const scalar = String.raw`"(?:[^"\\]|\\.)*"|-?[0-9.]+|true|false|null`;

function quoted(key: string): string {
  return Buffer.from(JSON.stringify(key))
    .toString("latin1")
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
