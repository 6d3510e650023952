import { expect, test } from "vitest";
import { masked } from "../../../runtime/contracts/masking.ts";

const rule = { members: ["password", "client_secret"], as: "*****" };

test("R-AUTH0-15: a text with one of the names is masked, at any depth, in lists, and in any case", () => {
  const data = {
    details: { request: [{ body: { password: "p", Client_Secret: "s", scope: "openid" } }] },
    password: "q",
  };
  expect(masked(rule, data)).toEqual({
    details: { request: [{ body: { password: "*****", Client_Secret: "*****", scope: "openid" } }] },
    password: "*****",
  });
  expect(data.password).toBe("q");
});

test.each([
  ["an empty text", { password: "" }],
  ["what was masked with another number of asterisks", { password: "***" }],
  ["null, a truth and a number", { password: null, client_secret: true, details: { password: 5 } }],
  ["another name", { passwords: "p", description: "password" }],
])("stays as it is: %s", (_, data) => {
  expect(masked(rule, data)).toBe(data);
});

test("what stands in an object with such a name is looked at in its parts", () => {
  expect(masked(rule, { password: { old: "a", password: "b" } })).toEqual({
    password: { old: "a", password: "*****" },
  });
});

test("without a rule nothing is masked", () => {
  const data = { password: "p" };
  expect(masked(undefined, data)).toBe(data);
});
