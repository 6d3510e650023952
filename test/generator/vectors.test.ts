import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { vectors } from "../../generator/vectors/vectors.ts";
import { modesCatalog } from "./mode-contracts.ts";

describe("vectors of each mode", () => {
  test.each(vectors.emit(modesCatalog))("$path is as it was, and formatted", async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(`../golden/vectors/${path}.txt`);
    expect(text).toBe(await format(text, { filepath: path, printWidth: 120 }));
  });

  test.each(vectors.emit(modesCatalog))("each vector of $path has a name of its own", ({ text }) => {
    const names = [...text.matchAll(/^      "name": "(.*)",$/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
  });
});
