/** How much two sets have in common, from 0 to 1 (Sørensen–Dice). Two empty sets have nothing. */
export function similarity(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((item) => other.has(item)).length;
  return one.size + other.size === 0 ? 0 : (2 * shared) / (one.size + other.size);
}

/** The pairs of neighbouring letters of a name, without regard to case and signs. */
export function letterPairs(name: string): ReadonlySet<string> {
  const letters = [...name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "")];
  return new Set(letters.slice(1).map((letter, index) => `${letters[index] ?? ""}${letter}`));
}

/** Each of `gone` with the one of `come` that it most probably became, both taken once; the most similar pairs first. */
export function mostSimilar<One, Other>(
  gone: readonly One[],
  come: readonly Other[],
  { score, least }: { readonly score: (one: One, other: Other) => number; readonly least: number },
): ReadonlyMap<One, Other> {
  const pairs = gone.flatMap((one) => come.map((other) => ({ one, other, score: score(one, other) })));
  const likely = pairs.filter((pair) => pair.score >= least).sort((a, b) => b.score - a.score);
  const found = new Map<One, Other>();
  const taken = new Set<Other>();
  for (const { one, other } of likely) {
    if (found.has(one) || taken.has(other)) continue;
    found.set(one, other);
    taken.add(other);
  }
  return found;
}
