import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formats } from "../../generator/read/formats.ts";
import { isDateTime, isEmail, isUri, isUuid } from "../../runtime/contracts/formats.ts";

const pairs = [
  ["date-time", isDateTime],
  ["uuid", isUuid],
  ["email", isEmail],
  ["uri", isUri],
] as const;

const near = {
  "date-time": fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  uuid: fc.uuid(),
  email: fc.emailAddress(),
  uri: fc.webUrl({ withQueryParameters: true, withFragments: true }),
};

/** A valid text with one character replaced by any other. */
function spoilt(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.nat(), fc.string({ unit: "grapheme", maxLength: 2 })).map(([whole, at, other]) => {
    const index = at % (whole.length + 1);
    return whole.slice(0, index) + other + whole.slice(index + 1);
  });
}

describe.each(pairs)("%s", (format, isAtEmit) => {
  const { holds } = formats[format];

  test("what an example may say is what emit takes", () => {
    const any = fc.oneof(near[format], spoilt(near[format]), spoilt(spoilt(near[format])), fc.string());
    fc.assert(
      fc.property(any, (text) => !holds(text) || isAtEmit(text)),
      { numRuns: 2_000 },
    );
  });

  test("common values pass", () => {
    fc.assert(fc.property(near[format], (text) => holds(text) === isAtEmit(text)));
  });
});

test.each([
  ["email", "robin@köln.example", true],
  ["email", "a..b@acme.example", false],
  ["email", "robin@-acme.example", false],
  ["email", `${"a".repeat(65)}@acme.example`, false],
  ["uri", "mailto:robin@acme.example", true],
  ["uri", "https://acme.example/a b", false],
  ["uri", "https://acme.example/%zz", false],
  ["uri", "//acme.example", false],
  ["date-time", "2024-02-29T00:00:00.000Z", true],
  ["date-time", "2026-02-29T00:00:00.000Z", false],
  ["date-time", "2026-05-08T14:02:11.482+00:00", false],
  ["id", "", true],
] as const)("%s %s: %s", (format, text, expected) => {
  expect(formats[format].holds(text)).toBe(expected);
});
