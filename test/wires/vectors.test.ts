/** The requests that every language tries, by the receivers in TypeScript that were generated for other people's wires. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateIn, receiverIn, temporaryFolder } from "../runtime/harbor/place.ts";
import { index, wiresCatalog } from "./catalog.ts";

interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
  readonly expect: { readonly code?: string };
}

const folder = temporaryFolder();
beforeAll(async () => void (await generateIn(folder.path, index)), 60_000);
afterAll(folder.dispose);

test.each(wiresCatalog().contracts.map(({ declaration }) => declaration.id))("%s", async (id) => {
  const file = readFileSync(`${folder.path}/test/vectors/${id}.json`, "utf8");
  const { vectors }: { vectors: readonly Vector[] } = JSON.parse(file);
  const { Webhook } = await receiverIn(folder.path, id);
  const outcomes = vectors.map(async ({ name, secrets, now, headers, bodyBase64 }) => {
    const webhook = new Webhook(secrets, { now: () => now });
    const code = await webhook.verify(new Uint8Array(Buffer.from(bodyBase64, "base64")), headers).then(
      () => undefined,
      (error: unknown) => Object(error).code,
    );
    return { name, code };
  });
  expect(await Promise.all(outcomes)).toEqual(
    vectors.map((vector) => ({ name: vector.name, code: vector.expect.code })),
  );
  expect(vectors.length).toBeGreaterThan(20);
});
