const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = ['"', "\\", "[", "]", "{", "}"].map(
  (character) => character.charCodeAt(0),
);

/**
 * Whether arrays and objects nest deeper than so many levels in a JSON text. One pass over the text: a pattern for
 * strings could be made to look at the same text again and again.
 */
export function isDeeperThan(depthMax: number, text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) isInString = !isInString;
    else if (isInString) index += code === backslash ? 1 : 0;
    else if (code === openBracket || code === openBrace) depth += 1;
    else if (code === closeBracket || code === closeBrace) depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}
