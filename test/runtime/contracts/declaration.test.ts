import { expect, test } from "vitest";
import { catalog } from "../../../catalog/index.ts";
import { declarationOf } from "../../../runtime/contracts/declaration.ts";

test("a contract is found by its id, and one that is gone says what to do", () => {
  const [, second] = catalog;
  expect(declarationOf(catalog, { id: second.id, mode: second.mode })).toBe(second);
  expect(() => declarationOf(catalog, { id: "gone", mode: "push" })).toThrow(
    /no contract "gone" in mode push; it has .*Run "hookwright generate"/,
  );
});
