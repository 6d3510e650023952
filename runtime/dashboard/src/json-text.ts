/** Characters that turn the direction of text around, and would make a payload read as what it is not. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const visible = (text: string): string =>
  text.replace(turning, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * JSON with line breaks and indentation, token for token as it came: numbers keep all their digits, which JSON.parse would
 * round beyond 2 ** 53, and names keep their order. Text that does not begin as an object or an array stays as it is.
 */
export function indented(json: string): string {
  if (!/^\s*[{[]/.test(json)) return json;
  const out: string[] = [];
  let depth = 0;
  const line = () => out.push("\n", "  ".repeat(Math.min(depth, 50)));
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g)) {
    if (token === "{" || token === "[") {
      out.push(token);
      depth += 1;
      line();
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      // Nothing stands between the two.
      if (out.at(-2) === "\n" && (out.at(-3) === "{" || out.at(-3) === "[")) out.splice(-2);
      else line();
      out.push(token);
    } else if (token === ",") {
      out.push(token);
      line();
    } else out.push(token === ":" ? ": " : token);
  }
  return out.join("");
}
