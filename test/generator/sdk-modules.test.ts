import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { typescript } from "../../generator/typescript/typescript.ts";
import { marker } from "../../generator/output.ts";
import { modesCatalog, tapeContract } from "./mode-contracts.ts";

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

test.each(["Entry", "Entries"])("an event with %s is as wide as the formatter lets it be", async (shape) => {
  const tape = tapeContract();
  const events = [34, 35, 36, 37, 38].flatMap((length) =>
    tape.events.map((event) => ({ ...event, name: "f".repeat(length), data: shape })),
  );
  const shapes = tape.shapes.map((each) => ({ ...each, name: shape }));
  for (const { path, text } of typescript.emit({ contracts: [{ ...tape, events, shapes }] }))
    expect(text).toBe(await format(text, { filepath: path, printWidth: 120 }));
});
