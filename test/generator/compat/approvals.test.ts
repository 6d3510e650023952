import { describe, expect, test } from "vitest";
import { approve, parseApprovals } from "../../../generator/compat/approvals.ts";
import { compareCatalogs } from "../../../generator/compat/compare-catalogs.ts";
import { typeFixtures } from "./fixtures/type-fixtures.ts";

const { before, after, path } = typeFixtures["field-made-nullable"];
const findings = compareCatalogs(before, after);
const approval = { rule: "field-made-nullable", path, reason: "Everybody was told.", until: "2026-05-08" };

describe("an approval", () => {
  test("silences its finding to the end of its day", () => {
    expect(approve(findings, [approval], "2026-05-08")).toEqual({
      findings: [],
      approved: [{ finding: findings[0], approval }],
      expired: [],
      unused: [],
    });
  });

  test("that has expired silences nothing, and is reported", () => {
    expect(approve(findings, [approval], "2026-05-09")).toEqual({
      findings,
      approved: [],
      expired: [approval],
      unused: [],
    });
  });

  test.each([
    ["of another rule", { ...approval, rule: "type-changed" }],
    ["of another place", { ...approval, path: "shop/order.placed.data.its" }],
  ])("%s silences nothing, and is reported as unused", (_, other) => {
    expect(approve(findings, [other], "2026-05-08")).toEqual({ findings, approved: [], expired: [], unused: [other] });
  });
});

describe("the file of approvals", () => {
  test("is a list of approvals", () => {
    expect(parseApprovals(JSON.stringify([approval]), "approvals.json")).toEqual([approval]);
  });

  test.each([
    ["no JSON", "[", "approvals.json is not JSON"],
    ["no list", "{}", "expected a list of { rule, path, reason, until }"],
    ["no object", "[1]", "[0] expected { rule, path, reason, until }"],
    ["no reason", JSON.stringify([{ ...approval, reason: " " }]), "[0] reason: expected text"],
    [
      "no such rule",
      JSON.stringify([{ ...approval, rule: "field-nulled" }]),
      '[0] rule: there is no rule "field-nulled"',
    ],
    ["no such member", JSON.stringify([{ ...approval, who: "me" }]), "[0] who: there is no such member"],
    ["no day", JSON.stringify([{ ...approval, until: "2026-02-30" }]), "[0] until: expected a day like 2026-12-31"],
    ["a time", JSON.stringify([{ ...approval, until: "2026-05-08T10:00:00Z" }]), "[0] until: expected a day"],
  ])("with %s is refused with the reason", (_, text, message) => {
    expect(() => parseApprovals(text, "approvals.json")).toThrow(message);
  });

  test("is refused with all that is wrong at once", () => {
    const text = JSON.stringify([
      { ...approval, rule: "no-rule" },
      { ...approval, until: "soon" },
    ]);
    expect(() => parseApprovals(text, "approvals.json")).toThrow(/\[0\] rule[\s\S]*\[1\] until/);
  });
});
