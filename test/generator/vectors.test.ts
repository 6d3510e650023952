import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { vectors } from "../../generator/vectors/vectors.ts";
import type { CatalogModel, ContractModel } from "../../generator/model.ts";
import { gateContract, modesCatalog, tapeContract } from "./mode-contracts.ts";
import { doc } from "./small-catalog.ts";

/** The tape with a JSON text in each line, and the gate whose first question says something beside its data. */
function variants(): readonly ContractModel[] {
  const tape = tapeContract();
  const gate = gateContract();
  if (tape.declaration.mode !== "stream") throw new Error("The tape is a stream.");
  const batch = { ...tape.declaration.batch, body: { kind: "lines" } } as const;
  const about = { about: { from: "meta", doc: "What it says beside." } } as const;
  const [first, ...others] = gate.events;
  if (first === undefined) throw new Error("The gate has questions.");
  const examples = first.examples.map((example) => ({ ...example, meta: { test: true } }));
  return [
    { ...tape, declaration: { ...tape.declaration, id: "lines", batch } },
    {
      ...gate,
      declaration: { ...gate.declaration, id: "meta", envelope: { ...gate.declaration.envelope, ...about } },
      events: [{ ...first, doc: doc("It has a meta."), meta: "Hints", examples }, ...others],
    },
  ];
}

const catalog: CatalogModel = { contracts: [...modesCatalog.contracts, ...variants()] };

describe("vectors of each mode", () => {
  test.each(vectors.emit(catalog))("$path is as it was, and formatted", async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(`../golden/vectors/${path}.txt`);
    expect(text).toBe(await format(text, { filepath: path, printWidth: 120 }));
  });

  test.each(vectors.emit(catalog))("each vector of $path has a name of its own", ({ text }) => {
    const names = [...text.matchAll(/^      "name": "(.*)",$/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
  });
});
