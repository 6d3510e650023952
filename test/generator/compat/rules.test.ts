import { describe, expect, test } from "vitest";
import { compareCatalogs } from "../../../generator/compat/compare-catalogs.ts";
import { groups } from "../../../generator/compat/rule.ts";
import { isRuleId, ruleOf, rules } from "../../../generator/compat/rules.ts";
import { modesCatalog } from "../mode-contracts.ts";
import { smallCatalog } from "../small-catalog.ts";
import type { Fixture } from "./fixture.ts";
import { deliveryFixtures } from "./fixtures/delivery-fixtures.ts";
import { eventFixtures } from "./fixtures/event-fixtures.ts";
import { typeFixtures } from "./fixtures/type-fixtures.ts";

const fixtures: Readonly<Record<string, Fixture>> = { ...eventFixtures, ...typeFixtures, ...deliveryFixtures };

describe("each rule finds its fixture's change, and nothing else does", () => {
  test.each(Object.entries(fixtures))("%s", (rule, { before, after, path }) => {
    const found = compareCatalogs(before, after).map((finding) => [finding.rule, finding.path]);
    expect(found).toEqual([[rule, path]]);
  });

  test("no rule lacks a fixture, and no fixture a rule", () => {
    expect(Object.keys(fixtures).sort()).toEqual(Object.keys(rules).sort());
  });
});

test("each finding has its rule's severity, group and remedy", () => {
  for (const { before, after } of Object.values(fixtures)) {
    for (const { rule, severity, group, remedy } of compareCatalogs(before, after))
      expect({ severity, group, remedy }).toEqual({
        severity: ruleOf(rule).severity,
        group: ruleOf(rule).group,
        remedy: ruleOf(rule).remedy,
      });
  }
});

test("all six groups have rules; an error has a remedy", () => {
  const all = Object.keys(rules).filter(isRuleId).map(ruleOf);
  expect(new Set(all.map(({ group }) => group))).toEqual(new Set(groups));
  expect(all.filter(({ severity, remedy }) => severity === "error" && remedy === "none is needed")).toEqual([]);
});

test("a catalog is compatible with itself, also when it comes from a file and in another order", () => {
  const catalog = { contracts: [...smallCatalog.contracts, ...modesCatalog.contracts] };
  const copy = JSON.parse(JSON.stringify(catalog));
  expect(compareCatalogs(catalog, copy)).toEqual([]);
  expect(compareCatalogs({ contracts: catalog.contracts.toReversed() }, copy)).toEqual([]);
});
