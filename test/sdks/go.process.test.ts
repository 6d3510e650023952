import fc from "fast-check";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commentLines } from "../../generator/go/comment.ts";
import { go } from "../../generator/go/go.ts";
import { indented } from "../../generator/go/source.ts";
import type { CatalogModel } from "../../generator/model.ts";
import { vectors } from "../../generator/vectors/vectors.ts";
import { docLines } from "../generator/fixtures/hostile-docs.ts";
import { modesCatalog } from "../generator/mode-contracts.ts";
import { smallCatalog } from "../generator/small-catalog.ts";
import { describeGo, runGo } from "./go-toolchain.ts";

const root = path.resolve(import.meta.dirname, "../..");
const clean = { code: 0, output: "" };
// The first compilation of a machine takes as long as all others together.
const timeout = 180_000;

describeGo("the Go SDK", () => {
  const folder = path.join(root, "sdks/go");

  test("is formatted", { timeout }, async () => {
    const tests = ["go", "receivers"].map((name) => path.join(import.meta.dirname, name));
    expect(await runGo("gofmt", ["-l", ".", ...tests], folder)).toEqual(clean);
  });

  test("has nothing that vet finds", { timeout }, async () => {
    expect(await runGo("go", ["vet", "./..."], folder)).toEqual(clean);
  });

  test("passes its own tests, all vectors among them", { timeout }, async () => {
    const { code, output } = await runGo("go", ["test", "./..."], folder);
    expect([code, output]).toEqual([0, expect.stringContaining("contracts/stech")]);
  });
});

/** The SDK as it is for the catalogs of the emitters' tests, which have every kind of field and mode. */
describeGo("the Go SDK of the small catalogs", () => {
  let place = "";

  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), "hookwright-go-"));
    const core = path.join(root, "sdks/go");
    const isCopied = (file: string) =>
      !file.startsWith(path.join(core, "contracts")) && !/example_test\.go$/.test(file);
    await cp(core, path.join(place, "sdks/go"), { recursive: true, filter: isCopied });
    const catalogs: readonly CatalogModel[] = [smallCatalog, modesCatalog];
    for (const file of catalogs.flatMap((catalog) => [...go.emit(catalog), ...vectors.emit(catalog)])) {
      await mkdir(path.dirname(path.join(place, file.path)), { recursive: true });
      await writeFile(path.join(place, file.path), file.text);
    }
    const own = path.join(import.meta.dirname, "go");
    for (const name of await readdir(own)) {
      await cp(
        path.join(own, name),
        path.join(place, "sdks/go/contracts", name.replace(/\.go$/, ""), "behaviour_test.go"),
      );
    }
  });

  afterAll(() => rm(place, { recursive: true, force: true }));

  test("is formatted as it was emitted", { timeout }, async () => {
    expect(await runGo("gofmt", ["-l", "."], path.join(place, "sdks/go/contracts"))).toEqual(clean);
  });

  test("has nothing that vet finds", { timeout }, async () => {
    expect(await runGo("go", ["vet", "./contracts/..."], path.join(place, "sdks/go"))).toEqual(clean);
  });

  test("takes and refuses what its vectors say", { timeout }, async () => {
    const { code, output } = await runGo("go", ["test", "./contracts/..."], path.join(place, "sdks/go"));
    expect([code, output]).toEqual([0, expect.stringContaining("contracts/gate")]);
  });
});

describeGo("comments", () => {
  const line = fc.oneof(fc.constantFrom(...docLines), fc.string({ maxLength: 12 }));
  const doc = fc.record({ summary: line, details: fc.array(line, { maxLength: 7 }), deprecated: fc.option(line) });

  test("of any documentation are in gofmt's form", { timeout }, async () => {
    const docs = fc.sample(doc, { numRuns: 2000, seed: 13 });
    const types = docs.map((said, index) => {
      const lines = commentLines({ ...said, details: said.details.join("\n") });
      return [...lines, `type T${index} struct {`, ...indented(lines), "\tA string", "}"].join("\n");
    });
    const place = await mkdtemp(path.join(tmpdir(), "hookwright-comments-"));
    await writeFile(path.join(place, "x.go"), `package x\n\n${types.join("\n\n")}\n`);
    expect(await runGo("gofmt", ["-d", "."], place)).toEqual(clean);
    await rm(place, { recursive: true });
  });
});
