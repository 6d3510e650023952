/** What is generated for other people's wires, in every language: it compiles, is formatted, and takes its vectors. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitters } from "../../generator/emitters.ts";
import { typeErrors } from "../generator/type-errors.ts";
import { describeGo, runGo } from "../sdks/go-toolchain.ts";
import { runIn, testWith } from "../sdks/programs.ts";
import { writeSdks } from "../sdks/written-sdks.ts";
import { root, wiresCatalog } from "./catalog.ts";

const timeout = 180_000;
const catalog = wiresCatalog();
const ids = catalog.contracts.map(({ declaration }) => declaration.id);
const files = emitters.flatMap((emitter) => emitter.emit(catalog));
let place = "";

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "hookwright-wires-"));
  await writeSdks(place, files);
});

afterAll(() => rm(place, { recursive: true, force: true }));

test("compiles in TypeScript", { timeout }, () => {
  const sources = files.filter((file) => /^sdks\/typescript\/.*\.ts$/.test(file.path));
  expect(sources.length).toBeGreaterThan(ids.length);
  expect(typeErrors(new Map(sources.map((file) => [file.path, file.text] as const)))).toEqual([]);
});

describe.each(ids)("%s", (id) => {
  const folder = id.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

  testWith("python3", "takes its vectors in Python", () => {
    const program = path.join(root, "test/sdks/python/run_vectors.py");
    const given = [path.join(place, "sdks/python/src"), folder, path.join(place, `test/vectors/${id}.json`)] as const;
    expect(runIn(root, ["python3", "-W", "error", program, ...given])).toMatch(/^\d+ vectors\n$/);
  });
});

describeGo("in Go", () => {
  const contracts = () => path.join(place, "sdks/go/contracts");

  test("is formatted", { timeout }, async () => {
    expect(await runGo("gofmt", ["-l", "."], contracts())).toEqual({ code: 0, output: "" });
  });

  test("has nothing that vet finds", { timeout }, async () => {
    expect(await runGo("go", ["vet", "./..."], contracts())).toEqual({ code: 0, output: "" });
  });

  test("takes its vectors", { timeout }, async () => {
    expect(await runGo("go", ["test", "./..."], contracts())).toEqual({ code: 0, output: expect.anything() });
  });
});
