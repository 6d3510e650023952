import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { approve, parseApprovals } from "../../../generator/compat/approvals.ts";
import { formatBaseline, parseBaseline } from "../../../generator/compat/baseline.ts";
import { compareCatalogs } from "../../../generator/compat/compare-catalogs.ts";
import { readCatalog } from "../../../generator/read/read-catalog.ts";
import { modesCatalog } from "../mode-contracts.ts";
import { smallCatalog } from "../small-catalog.ts";

test("our own catalog breaks nobody who relies on its baseline", () => {
  const baseline = parseBaseline(readFileSync("catalog/baseline.json", "utf8"), "catalog/baseline.json");
  const { model } = readCatalog({ root: process.cwd(), index: "catalog/index.ts" });
  if (model === null) throw new Error("The catalog cannot be read.");
  const approvals = existsSync("catalog/approvals.json")
    ? parseApprovals(readFileSync("catalog/approvals.json", "utf8"), "catalog/approvals.json")
    : [];
  const today = new Date().toISOString().slice(0, 10);
  const { findings, expired } = approve(compareCatalogs(baseline, model), approvals, today);
  // When this fails: make the change safe, or run `hookwright check` and approve what it finds in catalog/approvals.json.
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(expired).toEqual([]);
});

test("a baseline keeps all of a catalog", () => {
  const catalog = { contracts: [...smallCatalog.contracts, ...modesCatalog.contracts] };
  expect(parseBaseline(formatBaseline(catalog), "baseline.json")).toEqual(JSON.parse(JSON.stringify(catalog)));
});

test.each([
  ["no JSON", "{", "baseline.json is not JSON"],
  ["no object", "[]", "baseline.json: expected a baseline of format 1, got undefined"],
  ["another format", '{ "format": 2, "contracts": [] }', "expected a baseline of format 1, got 2"],
  ["no contracts", '{ "format": 1 }', "expected contracts with declaration, events and shapes"],
  ["a contract without shapes", '{ "format": 1, "contracts": [{}] }', "expected contracts with declaration"],
])("a file with %s is refused with the reason", (_, text, message) => {
  expect(() => parseBaseline(text, "baseline.json")).toThrow(message);
});
