import { describe, expect, test } from "vitest";
import { typescript } from "../../generator/typescript/typescript.ts";
import { marker } from "../../generator/output.ts";
import { modesCatalog } from "./mode-contracts.ts";

/** The SDK's own tests receive streams and actions with these modules, so what is emitted is compiled and run. */
describe("the TypeScript module of each mode", () => {
  const modules = typescript.emit(modesCatalog).filter(({ path }) => !path.endsWith(".fixtures.ts"));

  test.each(modules)("$path is as it was", async ({ path, text }) => {
    const name = path.split("/").at(-1);
    const inTests = text
      .replace(`// ${marker}`, "/** What the generator emits for test/generator/mode-contracts.ts. */")
      .replaceAll('"../core/', '"../src/core/');
    await expect(inTests).toMatchFileSnapshot(`../../sdks/typescript/test/${name}`);
  });
});
