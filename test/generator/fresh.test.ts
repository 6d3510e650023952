import { expect, test } from "vitest";
import { generate } from "../../generator/generate.ts";
import { formatUnifiedDiff } from "../../generator/output.ts";

test("the generated files are those of the catalog as it is", { timeout: 30_000 }, async () => {
  const { changes, diagnostics, emittedCount } = await generate({
    root: process.cwd(),
    index: "catalog/index.ts",
    mode: "check",
  });
  expect(diagnostics).toEqual([]);
  expect(emittedCount).toBeGreaterThan(0);
  // When this fails: run `hookwright generate` and commit what it writes.
  expect(formatUnifiedDiff(changes)).toBe("");
  expect(changes).toEqual([]);
});

test("a catalog that cannot be read says why and changes nothing", { timeout: 30_000 }, async () => {
  const result = await generate({ root: process.cwd(), index: "catalog/gone.ts", mode: "write" });
  expect(result.diagnostics.map((diagnostic) => diagnostic.severity)).toContain("error");
  expect([result.changes, result.emittedCount]).toEqual([[], 0]);
});
