import { describe, expect, test } from "vitest";
import { changelogEntry, formatMarkdown } from "../../../generator/compat/changelog.ts";
import { compareCatalogs } from "../../../generator/compat/compare-catalogs.ts";
import { formatGithub } from "../../../generator/compat/format-github.ts";
import { formatFindings } from "../../../generator/compat/format-text.ts";
import { smallCatalog } from "../small-catalog.ts";
import { catalogOf, shops, withMember } from "./fixture.ts";
import { readShop, type Shop } from "../fixtures/shop-files.ts";

const compare = (before: Shop, after: Shop) => compareCatalogs(catalogOf(readShop(before)), catalogOf(readShop(after)));
const money = "interface Money { amount: Int; tax?: Tax }\ninterface Tax { rate: number }\n";
const shared: Shop = {
  types: money,
  events: `/** Placed. */ "order.placed": { orderId: Id; total?: Money };
  /** Paid. */ "order.paid": { orderId: Id; total?: Money; tip?: Money };
  /** Noted. */ "order.noted": { orderId: Id };`,
  examples: ["placed", "paid", "noted"].map((verb) => `"order.${verb}": { one: { orderId: "o" } }`).join(", "),
};

describe("a change of a shared shape", () => {
  const found = compare(shared, { ...shared, types: money.replace("rate: number", "rate: string") });

  test("is told once, by the way from the shape that is shared, with every event type that uses it", () => {
    expect(found.map(({ path, rule, events }) => ({ path, rule, events }))).toEqual([
      { path: "shop/Money.tax.rate", rule: "type-changed", events: ["order.placed", "order.paid"] },
    ]);
  });

  test("has the old and the new place", () => {
    expect(found[0]).toMatchObject({
      before: { file: "catalog/shop/order.ts", line: 3, column: 17 },
      after: { file: "catalog/shop/order.ts", line: 3, column: 17 },
    });
  });
});

test("a change of what only one event type has is told by the way from it", () => {
  const after = { ...shared, events: shared.events?.replace("orderId: Id }", "orderId: Id; note?: string }") ?? "" };
  expect(compare(shared, after).map(({ path }) => path)).toEqual(["shop/order.noted.data.note"]);
});

test.each([
  ["what stands between the signed parts", { joint: ":" }, "shop/signature.joint"],
  ["a text among the signed parts", { content: [{ text: "v0" }, "timestamp", "body"] }, "shop/signature.content"],
  ["a time that is not sent any more", { timestamp: null }, "shop/signature.timestamp"],
])("%s is a change of the signature", (_name, change, path) => {
  const [shop] = smallCatalog.contracts;
  if (shop === undefined) throw new Error("The small catalog has two contracts.");
  const signature = { ...shop.declaration.signature, ...change };
  const after = catalogOf(withMember(shop, ["declaration", "signature"], signature));
  expect(compareCatalogs(catalogOf(shop), after).map((found) => [found.rule, found.path])).toEqual([
    ["signature-changed", path],
  ]);
});

test("a change of the declaration has the place of its member", () => {
  const [finding] = compare({}, { contract: { timeout: "timeoutSeconds: 10" } });
  expect(finding).toMatchObject({
    rule: "timeout-reduced",
    path: "shop/timeoutSeconds",
    before: { file: "catalog/presets.ts" },
    after: { file: "catalog/shop/contract.ts" },
  });
});

test("the more severe findings come first, and then those of a lesser path", () => {
  const after = `/** Placed. */ "order.placed": { aNote?: string; orderId: Int };`;
  const found = compare(
    { events: `/** Placed. */ "order.placed": { orderId?: Id };`, examples: '"order.placed": { one: {} }' },
    { events: after, examples: '"order.placed": { one: { orderId: 1 } }' },
  );
  expect(found.map(({ severity }) => severity)).toEqual(["error", "warning", "info", "info"]);
});

describe("a payload is read, so what it may hold must not grow; a verdict is written, so it must not shrink", () => {
  test("a change there and back are never both safe", () => {
    for (const [one, other] of [
      ["string", "string | null"],
      ["Int", "number"],
      ['"a"', '"a" | "b"'],
      ["string", "string | number"],
    ] as const) {
      const { before, after } = shops(
        "",
        { events: `/** It. */ "order.placed": { it?: ${one} };` },
        { events: `/** It. */ "order.placed": { it?: ${other} };` },
        { examples: '"order.placed": { one: {} }' },
      );
      const [grown, shrunk] = [compareCatalogs(before, after), compareCatalogs(after, before)];
      expect(grown.map(({ severity }) => severity)).toEqual(["error"]);
      expect(shrunk.map(({ severity }) => severity)).not.toContain("error");
    }
  });
});

test("a field that went and one that came are a rename only with one type, one state and a name alike", () => {
  const renamed = (before: string, after: string) =>
    compare(
      { events: `/** It. */ "order.placed": { ${before} };`, examples: '"order.placed": { one: {} }' },
      { events: `/** It. */ "order.placed": { ${after} };`, examples: '"order.placed": { one: {} }' },
    ).some(({ rule }) => rule === "field-renamed");
  expect(renamed("agentName?: string", "agent_name?: string")).toBe(true);
  expect(renamed("agentName?: string", "agent_name?: number")).toBe(false);
  expect(renamed("agentName?: string", "agent_name?: string | null")).toBe(false);
  expect(renamed("agentName?: string", "reason?: string")).toBe(false);
});

describe("formats", () => {
  const events = (type: string) => `/** It. */ "order.placed": { it?: ${type} };`;
  const base = { examples: '"order.placed": { one: {} }' };
  const found = compare({ ...base, events: events("string") }, { ...base, events: events('"a%b|c"') });

  test("text has both places with their lines, and the remedy", () => {
    const removed = compare(
      { ...base, events: events("string") },
      { ...base, events: '/** It. */ "order.placed": {};' },
    );
    const readLines = { before: () => "  it?: string;", after: () => null };
    expect(formatFindings(removed, readLines)).toBe(
      [
        "error[optional-field-removed] catalog/shop/order.ts:4:30  shop/order.placed.data.it: it is not sent any more",
        "  before catalog/shop/order.ts:4:30 | it?: string;",
        "  remedy: keep sending it, and deprecate it",
      ].join("\n"),
    );
  });

  test("GitHub's commands cannot be ended from within", () => {
    const hostile = found.map((finding) => ({ ...finding, says: "a%b\n::error::c" }));
    expect(formatGithub(hostile)).toBe(
      "::notice file=catalog/shop/order.ts,line=4,col=30,title=type-narrowed::" +
        "shop/order.placed.data.it: a%25b%0A::error::c; remedy: none is needed",
    );
  });

  test("Markdown is a table with the counts above it", () => {
    const text = formatMarkdown(found.map((finding) => ({ ...finding, says: "a|b *c*" })));
    expect(text.split("\n")[0]).toBe("**Catalog: 0 error, 0 warning, 1 info**");
    expect(text).toContain(
      "| info | `type-narrowed` | `shop/order.placed.data.it` | `catalog/shop/order.ts:4:30` | a\\|b \\*c\\*;",
    );
    expect(formatMarkdown([])).toBe("The catalog is compatible: nothing changed.");
  });

  test("the changelog entry has what was added, changed, deprecated and removed, and marks what breaks", () => {
    const before = { events: events("string").replace(" };", "; old?: boolean; was?: Int };"), ...base };
    const after = {
      events: '/** It. */ "order.placed": { it?: Int; fresh?: Url; /** @deprecated Gone soon. */ was?: Int };',
      ...base,
    };
    expect(changelogEntry(compare(before, after))).toBe(
      [
        "### Added",
        "",
        "- `shop/order.placed.data.fresh`: it may be sent (field-added)",
        "",
        "### Changed",
        "",
        "- **Breaking:** `shop/order.placed.data.it`: string is integer now (type-changed)",
        "",
        "### Deprecated",
        "",
        "- `shop/order.placed.data.was`: it is deprecated: Gone soon. (field-deprecated)",
        "",
        "### Removed",
        "",
        "- **Breaking:** `shop/order.placed.data.old`: it is not sent any more (optional-field-removed)",
        "",
      ].join("\n"),
    );
    expect(changelogEntry([])).toBe("No changes.\n");
  });
});
