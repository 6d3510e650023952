/** Catalogs as authors write them, in every language: what is generated compiles, is formatted, and takes its vectors. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitters } from "../../generator/emitters.ts";
import type { OutputFile } from "../../generator/emitter.ts";
import type { CatalogModel } from "../../generator/model.ts";
import { receiverContract } from "../../generator/receiver-contract.ts";
import { WebhookError } from "../../sdks/typescript/src/core/errors.ts";
import { defineWebhook } from "../../sdks/typescript/src/core/webhook.ts";
import type { ReceiverContract } from "../../sdks/typescript/src/core/webhook.ts";
import { hostileContract } from "../generator/fixtures/hostile-contract.ts";
import { hostileDocs } from "../generator/fixtures/hostile-docs.ts";
import { hostileCatalog } from "../generator/fixtures/hostile-names.ts";
import { madeTypes } from "../generator/fixtures/made-types.ts";
import { typeErrors } from "../generator/type-errors.ts";
import { describeGo, runGo } from "./go-toolchain.ts";
import { runIn, testWith } from "./programs.ts";
import { writeSdks } from "./written-sdks.ts";

const root = path.resolve(import.meta.dirname, "../..");
const timeout = 180_000;

const catalogs: readonly (readonly [name: string, open: () => CatalogModel])[] = [
  ["hostile names", hostileCatalog],
  ["hostile documentation", hostileDocs],
  ["types made of others", madeTypes],
  ["a hostile contract", hostileContract],
];

describe.each(catalogs)("%s", (_name, open) => {
  const catalog = open();
  const files = emitters.flatMap((emitter) => emitter.emit(catalog));
  let place = "";

  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), "hookwright-catalog-"));
    await writeSdks(place, files);
  });

  afterAll(() => rm(place, { recursive: true, force: true }));

  test("compiles in TypeScript", { timeout }, () => {
    const compiled = /^(sdks\/typescript|runtime\/generated\/shop)\/.*\.ts$/;
    const sources = files.filter((file) => compiled.test(file.path)).map((file) => [file.path, file.text] as const);
    expect(sources.length).toBeGreaterThan(3);
    expect(typeErrors(new Map(sources))).toEqual([]);
  });

  test("takes its vectors in TypeScript", async () => {
    expect(await failedVectors(catalog, files)).toEqual([]);
  });

  testWith("python3", "takes its vectors in Python, and each of its names can be imported", () => {
    const program = path.join(root, "test/sdks/python/run_vectors.py");
    const given = [path.join(place, "sdks/python/src"), "shop", path.join(place, "test/vectors/shop.json")] as const;
    expect(runIn(root, ["python3", "-W", "error", program, ...given])).toMatch(/^\d+ vectors\n$/);
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
      expect(await runGo("go", ["test", "./shop/"], contracts())).toEqual({ code: 0, output: expect.anything() });
    });
  });
});

interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
  readonly expect: { readonly code?: string };
}

async function failedVectors({ contracts }: CatalogModel, files: readonly OutputFile[]): Promise<readonly unknown[]> {
  const [contract] = contracts;
  const file = files.find((each) => each.path === "test/vectors/shop.json");
  if (contract === undefined || file === undefined) throw new Error("There is a contract with vectors.");
  const { vectors }: { vectors: readonly Vector[] } = JSON.parse(file.text);
  // It is plain data, which TypeScript checks where it is written out.
  const Webhook = defineWebhook<Record<string, object>>(receiverContract(contract) as unknown as ReceiverContract);
  const outcomes = vectors.map(async (vector) => {
    const webhook = new Webhook(vector.secrets, { now: () => vector.now });
    const body = new Uint8Array(Buffer.from(vector.bodyBase64, "base64"));
    const code = await webhook.verify(body, vector.headers).then(
      () => undefined,
      (error: unknown) => (error instanceof WebhookError ? error.code : String(error)),
    );
    return code === vector.expect.code ? [] : [{ name: vector.name, expected: vector.expect.code, code }];
  });
  return (await Promise.all(outcomes)).flat();
}
