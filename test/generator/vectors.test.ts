import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { vectors } from "../../generator/vectors/vectors.ts";
import type { CatalogModel, ContractModel } from "../../generator/model.ts";
import { standardWebhooksV1a } from "../../catalog/presets.ts";
import { gateContract, modesCatalog, tapeContract } from "./mode-contracts.ts";
import { doc, smallCatalog } from "./small-catalog.ts";

/** The house with the signatures of a key pair alone. */
function keyPair(): ContractModel {
  const house = smallCatalog.contracts.find(({ declaration }) => declaration.id === "house");
  if (house?.declaration.mode !== "push") throw new Error("The house is pushed.");
  return { ...house, declaration: { ...house.declaration, ...standardWebhooksV1a, id: "pair" } };
}

/** The tape with a JSON text in each line, the tape with its records in wrappers, and the gate whose first question says something beside its data. */
function variants(): readonly ContractModel[] {
  const tape = tapeContract();
  const gate = gateContract();
  if (tape.declaration.mode !== "stream") throw new Error("The tape is a stream.");
  const batch = { ...tape.declaration.batch, body: { kind: "lines" } } as const;
  const wrapped = { ...tape.declaration.batch, record: { id: "entry_id", member: "entry" } };
  const about = { about: { from: "meta", doc: "What it says beside." } } as const;
  const [first, ...others] = gate.events;
  if (first === undefined) throw new Error("The gate has questions.");
  const examples = first.examples.map((example) => ({ ...example, meta: { test: true } }));
  return [
    { ...tape, declaration: { ...tape.declaration, id: "lines", batch } },
    { ...tape, declaration: { ...tape.declaration, id: "wrapped", batch: wrapped } },
    {
      ...gate,
      declaration: { ...gate.declaration, id: "meta", envelope: { ...gate.declaration.envelope, ...about } },
      events: [{ ...first, doc: doc("It has a meta."), meta: "Hints", examples }, ...others],
    },
  ];
}

const catalog: CatalogModel = { contracts: [...modesCatalog.contracts, ...variants(), keyPair()] };

describe("vectors of each mode", () => {
  test.each(vectors.emit(catalog))("$path is as it was, and formatted", async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(`../golden/vectors/${path}.txt`);
    expect(text).toBe(await format(text, { filepath: path, printWidth: 120 }));
  });

  test.each(vectors.emit(catalog))("each vector of $path has a name of its own", ({ text }) => {
    const names = [...text.matchAll(/^      "name": "(.*)",$/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(30);
    expect(new Set(names).size).toBe(names.length);
  });
});
