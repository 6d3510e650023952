import { describe, expect, test } from "vitest";
import { diagnosticTable } from "../../generator/diagnostics.ts";
import { formatDiagnostics } from "../../generator/format-diagnostics.ts";
import type { Diagnostic } from "../../generator/diagnostics.ts";
import { read, shop } from "./fixtures/shop-files.ts";

const date: Diagnostic = {
  code: "HW021",
  severity: "error",
  message: "deployment.created.data.avatar: Date has no JSON form",
  remedy: "use Timestamp",
  span: { file: "catalog/stech/deployment.ts", line: 31, column: 13, length: 4 },
};

describe("a diagnostic is printed", () => {
  test("with the line and the part that is wrong", () => {
    const text = formatDiagnostics([date], () => "    avatar: Date;");
    expect(text)
      .toBe(`error[HW021] catalog/stech/deployment.ts:31:13  deployment.created.data.avatar: Date has no JSON form
   31 |     avatar: Date;
      |             ^^^^ use Timestamp`);
  });

  test("without its line when that is not there", () => {
    expect(formatDiagnostics([date], () => null)).toBe(
      "error[HW021] catalog/stech/deployment.ts:31:13  deployment.created.data.avatar: Date has no JSON form\n      | use Timestamp",
    );
  });

  test("with tabs where the line has tabs, so that the carets stand below the part", () => {
    const span = { ...date.span, column: 11 };
    expect(formatDiagnostics([{ ...date, span }], () => "\t\tavatar: Date;")).toContain(
      "   31 | \t\tavatar: Date;\n      | \t\t        ^^^^ use Timestamp",
    );
  });

  test("with the part of a long line around it, and no control characters", () => {
    const line = `${"x".repeat(500)}\x1b[31m Date${"y".repeat(500)}`;
    const span = { ...date.span, column: 507 };
    const [, shown = "", carets = ""] = formatDiagnostics([{ ...date, span }], () => line).split("\n");
    expect(shown.length).toBeLessThan(200);
    expect(shown).not.toContain("\x1b");
    expect(shown.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("Date");
  });

  test("in the order of files, lines and columns, with an empty line between two", () => {
    const at = (file: string, line: number, column: number) => ({ ...date, span: { file, line, column, length: 1 } });
    const all = [at("b.ts", 1, 1), at("a.ts", 10, 1), at("a.ts", 9, 7), at("a.ts", 9, 3)];
    const heads = formatDiagnostics(all, () => null)
      .split("\n\n")
      .map((text) => text.split("  ")[0]);
    expect(heads.map((head) => head?.slice(13))).toEqual(["a.ts:9:3", "a.ts:9:7", "a.ts:10:1", "b.ts:1:1"]);
  });
});

test("a whole catalog, as it is printed", () => {
  const { text } = read(
    shop({
      events: `  /** An order was placed. */
  "order.placed": {
    orderId: Id;
    placedAt: Date;
  };`,
      examples: `    "order.placed": {
      one: { orderId: null },
    },
    "order.payed": {},`,
    }),
  );
  expect(text).toBe(`error[HW052] catalog/shop/contract.ts:16:5  there is no event type order.payed
   16 |     "order.payed": {},
      |     ^^^^^^^^^^^^^ correct the name

error[HW021] catalog/shop/order.ts:7:15  order.placed.data.placedAt: Date has no JSON form
    7 |     placedAt: Date;
      |               ^^^^ use Timestamp`);
});

describe("the table", () => {
  test.each(Object.entries(diagnosticTable))("%s says what, why and what to do", (code, { title, meaning, remedy }) => {
    expect(code).toMatch(/^HW\d{3}$/);
    expect(meaning).toMatch(/^[A-Z`].*\.$/);
    expect(`${title}\n${remedy}`).not.toMatch(/[.\n]\n|\.$/);
  });
});
