/**
 * Names of `known` that `name` may have been meant for, the nearest first: at most three, with at most a third of the
 * characters wrong, or two: letters that changed places are two.
 */
export function nearNames(name: string, known: readonly string[]): readonly string[] {
  const wrongMax = Math.max(2, Math.floor(name.length / 3));
  return known
    .map((candidate) => ({ candidate, wrong: editDistance(name, candidate, wrongMax) }))
    .filter(({ wrong }) => wrong <= wrongMax)
    .sort((a, b) => a.wrong - b.wrong)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** How many characters to insert, delete or replace (Levenshtein). Infinite when the lengths alone differ by more. */
function editDistance(from: string, to: string, max: number): number {
  if (Math.abs(from.length - to.length) > max) return Infinity;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
