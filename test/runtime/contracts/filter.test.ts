import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFilter } from "../../../runtime/contracts/filter.ts";
import { HookwrightError } from "../../../runtime/errors.ts";

const body = {
  type: "deployment.promoted",
  data: { channelName: "stable", trafficWeight: 0.5, reason: null, tags: ["a", "b"], "odd name": 1, __proto__x: 1 },
};

test.each([
  ['data.channelName = "stable" and data.trafficWeight >= 0.5', true],
  ['data.channelName = "stable" and data.trafficWeight > 0.5', false],
  ['data.channelName != "stable" or type = "deployment.promoted"', true],
  ["data.trafficWeight < 1 and data.trafficWeight <= 0.5", true],
  ['data.channelName < "t" and data.channelName > "s"', true],
  ['data.channelName in ("canary", "stable", 3)', true],
  ["data.trafficWeight in (0.25, 1)", false],
  ["data.reason exists and data.reason = null", true],
  ["data.missing exists", false],
  ["not data.missing exists", true],
  ["data.missing != 1", true],
  ["data.missing < 1 or data.missing >= 1", false],
  ['data.trafficWeight >= "0"', false],
  ['data.tags.1 = "b"', true],
  ['data."odd name" = 1', true],
  ["data.constructor exists or data.toString exists or data.__proto__ exists", false],
  ["data.channelName.length exists", false],
  // `and` binds closer than `or`, and `not` closer than both.
  ["type exists or type exists and data.missing exists", true],
  ["(type exists or type exists) and data.missing exists", false],
  ["not data.missing exists or data.missing exists", true],
  ["not (data.missing exists or type exists)", false],
])("%s", (text, passes) => {
  expect(parseFilter(text)(body)).toBe(passes);
});

describe("what is no filter is refused with its column", () => {
  test.each([
    ["", "column 1: expected a path"],
    ["data.a =", "column 9: expected a value"],
    ["data.a = 01", "column 11: expected and, or, or the end, got 1"],
    ["data.a = 'x'", "column 10: expected a path, a value or an operator"],
    ["data.a = 1 extra", "column 12: expected and, or, or the end, got extra"],
    ["data.a == 1", "column 9: expected a value"],
    ["data..a = 1", "column 6: expected a name"],
    ["(data.a = 1", "column 12: expected )"],
    ["data.a in ()", "column 12: expected a value"],
    ["matches(data.a)", "column 8: expected exists, in"],
    ["and data.a = 1", "column 1: expected a path"],
    ['data.a = "\\x"', "column 10:"],
  ])("%s", (text, message) => {
    expect(() => parseFilter(text)).toThrow(message);
  });

  test("nesting and length have an end", () => {
    expect(() => parseFilter(`${"(".repeat(17)}a exists${")".repeat(17)}`)).toThrow("at most 16 levels");
    expect(() => parseFilter("not ".repeat(17) + "a exists")).toThrow("at most 16 levels");
    expect(parseFilter(`${"(".repeat(16)}type exists${")".repeat(16)}`)(body)).toBe(true);
    expect(() => parseFilter(`a = "${"x".repeat(1000)}"`)).toThrow("at most 1000 characters");
  });
});

test("any text is a filter or refused, and a filter takes any body", () => {
  const words = [
    "data",
    ".",
    "a",
    "=",
    "<",
    "in",
    "(",
    ")",
    ",",
    "not",
    "and",
    "or",
    "exists",
    '"x"',
    "1",
    "null",
    " ",
  ];
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words)).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(texts, fc.jsonValue(), (text, value) => {
      try {
        expect(typeof parseFilter(text)(value)).toBe("boolean");
      } catch (error) {
        expect(error).toBeInstanceOf(HookwrightError);
      }
    }),
  );
});
