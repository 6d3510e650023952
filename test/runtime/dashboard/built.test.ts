import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { indented, visible } from "../../../runtime/dashboard/src/json-text.ts";

const root = join(import.meta.dirname, "../../../runtime/dashboard");

function filesIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

test("what is committed is what the sources give; `npm run dashboard` writes it", { timeout: 60_000 }, async () => {
  const outDir = mkdtempSync(join(tmpdir(), "hookwright-dashboard-"));
  onTestFinished(() => rmSync(outDir, { recursive: true }));
  // Under a test the environment says "test", and Preact's and Vite's files differ by it.
  const environment = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "silent", mode: "production", build: { outDir } });
  process.env["NODE_ENV"] = environment;
  expect(filesIn(outDir)).toEqual(filesIn(join(root, "built")));
});

test("numbers beyond 2 ** 53 keep their digits, and other text stays as it is", () => {
  const json = '{"a":12345678901234567890,"b":[1.50,"x, {y}: \\"z\\""],"c":{},"d":[]}';
  expect(indented(json)).toBe(
    '{\n  "a": 12345678901234567890,\n  "b": [\n    1.50,\n    "x, {y}: \\"z\\""\n  ],\n  "c": {},\n  "d": []\n}',
  );
  expect(indented("no such path, sorry")).toBe("no such path, sorry");
});

test("a payload that is not whole, deep, or of 10,000 names is indented all the same", () => {
  expect(indented('{"a":[1,"cut o')).toContain('"a": [\n    1,');
  expect(indented("[".repeat(5000)).length).toBeGreaterThan(5000);
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index])));
  expect(indented(many).split("\n")).toHaveLength(10_002);
});

test("characters that turn text around are shown as what they are", () => {
  expect(visible("a\u202egnp.exe\u2066")).toBe("a\\u202egnp.exe\\u2066");
});
