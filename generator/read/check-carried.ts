/** What headers carry of the envelope, against what a header can carry. */
import { textAt, valueAt } from "./evaluated.ts";
import type { EvaluatedObject } from "./evaluated.ts";
import type { Report } from "./report.ts";

/** Reports each field of the envelope whose header cannot carry it, or has something else to carry. */
export function checkCarried(declaration: EvaluatedObject, report: Report): void {
  const envelope = valueAt(declaration, "envelope");
  if (envelope?.kind !== "object") return;
  const taken = new Map(framing.map((name) => [name, "every request has it for something else"]));
  const headers = valueAt(declaration, "headers");
  const others = headers?.kind === "object" ? [...headers.entries.keys()] : [];
  for (const name of others) taken.set(name.toLowerCase(), "it is among the headers of the contract");
  for (const [key, { value }] of envelope.entries) {
    const at = valueAt(value, "header");
    const name = textAt(value, "header");
    if (at === undefined || name === undefined) continue;
    const problem =
      problemOf(name, textAt(value, "from"), textAt(declaration, "mode")) ?? taken.get(name.toLowerCase());
    const message = `the header ${JSON.stringify(name)} cannot carry ${key}: ${problem}`;
    if (problem !== undefined) report({ code: "HW078", at: at.node, message });
    taken.set(name.toLowerCase(), `it carries ${key}`);
  }
}

/** Set by the runtime, or by HTTP itself (RFC 9110 §6.4, §7). */
const framing = ["content-type", "content-length", "user-agent", "host", "connection", "transfer-encoding"];

function problemOf(name: string, from: string | undefined, mode: string | undefined): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return "it is no name of a header (RFC 9110 §5.6.2)";
  if (mode === "stream") return "a record of a batch has no headers of its own";
  const isText = from !== "data" && from !== "data.members" && from !== "meta";
  return isText ? undefined : "it is no single value";
}
